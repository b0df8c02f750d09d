import { type DepthEvent, type Levels, levelsFromPairs, levelsToPairs } from '@speed-protocol/core';

type Side = Map<number, number>;

/**
 * The book that the listeners of a topic have been given, for those who come later: a venue that sends its snapshot on
 * subscribing sends it once, and REST may not number it.
 */
export class BookMirror {
  private readonly bids: Side = new Map();
  private readonly asks: Side = new Map();
  private last: DepthEvent | undefined;

  /** @param levels a side that are kept; the rest is taken out, worst first */
  constructor(private readonly levels = Number.POSITIVE_INFINITY) {}

  /** Takes events in order, a snapshot first. @returns the event, which also removes what has fallen out of the book by it */
  apply(event: DepthEvent): DepthEvent {
    if (event.kind === 'snapshot') {
      this.bids.clear();
      this.asks.clear();
    }
    change(this.bids, event.bids);
    change(this.asks, event.asks);
    this.last = event;
    const [bids, asks] = [trim(this.bids, this.levels, -1), trim(this.asks, this.levels, 1)];
    if (bids.length + asks.length === 0) return event;
    return { ...event, bids: without(event, 'bids', bids), asks: without(event, 'asks', asks) };
  }

  /** The whole book where it stands, best levels first; `undefined` before the first snapshot. */
  snapshot(): DepthEvent | undefined {
    if (!this.last) return undefined;
    const bids = levelsFromPairs([...this.bids].sort((a, b) => b[0] - a[0]));
    const asks = levelsFromPairs([...this.asks].sort((a, b) => a[0] - b[0]));
    return { ...this.last, kind: 'snapshot', prevSequence: null, bids, asks };
  }
}

function change(side: Side, { values, start, count }: Levels): void {
  for (let i = 0, at = start; i < count; i++, at += 2) {
    const size = values[at + 1] as number;
    if (size === 0) side.delete(values[at] as number);
    else side.set(values[at] as number, size);
  }
}

/** Takes what is beyond the best levels out. @param sign 1 where low prices are best, else -1 @returns the prices */
function trim(side: Side, levels: number, sign: 1 | -1): readonly number[] {
  if (side.size <= levels) return [];
  const worst = [...side.keys()].sort((a, b) => sign * (a - b)).slice(levels);
  for (const price of worst) side.delete(price);
  return worst;
}

/** The levels of an event without these prices: left out of a snapshot, removed by a delta. */
function without(event: DepthEvent, name: 'bids' | 'asks', prices: readonly number[]): Levels {
  const gone = new Set(prices);
  const kept = levelsToPairs(event[name]).filter(([price]) => !gone.has(price));
  return levelsFromPairs(event.kind === 'snapshot' ? kept : [...kept, ...prices.map((price) => [price, 0] as const)]);
}
