import type { DepthEvent, Levels } from '@speed-protocol/core';
import { levelTexts } from './recorded-text.js';

/** The book of a recorded market at the point that the replay has reached. */
export class RecordedBook {
  readonly #bids = new Map<number, number>();
  readonly #asks = new Map<number, number>();
  sequence = -1;
  /** ms; `null` where the venue says none. */
  time: number | null = null;

  /** Older than what is there changes nothing: the snapshot held it already. */
  apply(event: DepthEvent): void {
    const sequence = event.sequence ?? 0;
    if (event.kind === 'delta' && sequence <= this.sequence) return;
    if (event.kind === 'snapshot') {
      this.#bids.clear();
      this.#asks.clear();
    }
    set(this.#bids, event.bids);
    set(this.#asks, event.asks);
    this.sequence = sequence;
    this.time = event.venueTime;
  }

  /** The best levels of both sides, best first, as the venue prints them. */
  top(limit: number): { readonly bids: [string, string][]; readonly asks: [string, string][] } {
    const best = (side: Map<number, number>, order: 1 | -1) =>
      [...side]
        .sort((a, b) => order * (a[0] - b[0]))
        .slice(0, limit)
        .map(([price, size]) => levelTexts(price, size));
    return { bids: best(this.#bids, -1), asks: best(this.#asks, 1) };
  }
}

function set(side: Map<number, number>, { values, start, count }: Levels): void {
  for (let i = 0, at = start; i < count; i++, at += 2) {
    if (values[at + 1] === 0) side.delete(values[at]!);
    else side.set(values[at]!, values[at + 1]!);
  }
}
