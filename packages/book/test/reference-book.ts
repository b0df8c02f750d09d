import type { DepthEvent, Levels } from '@speed-protocol/core';

type Pair = [price: number, size: number];

/** The oracle: one plain sorted array per side, nothing clever. */
export class ReferenceBook {
  bids: Pair[] = [];
  asks: Pair[] = [];

  apply(event: DepthEvent): void {
    const isNew = event.kind === 'snapshot';
    this.bids = changed(isNew ? [] : this.bids, event.bids).sort((a, b) => b[0] - a[0]);
    this.asks = changed(isNew ? [] : this.asks, event.asks).sort((a, b) => a[0] - b[0]);
  }
}

function changed(side: readonly Pair[], levels: Levels): Pair[] {
  const sizes = new Map(side);
  for (let i = 0; i < levels.count; i++) {
    sizes.set(levels.values[levels.start + 2 * i] as number, levels.values[levels.start + 2 * i + 1] as number);
  }
  return [...sizes].filter(([, size]) => size !== 0);
}
