import type { Levels } from '@speed-protocol/core';

/** Best prices at a moment: ms, bid, ask. */
export type Touch = readonly [time: number, bid: number, ask: number];

/** Numbers per touch. */
const WIDTH = 3;

/** The last best prices of a book, in a ring that never grows. */
export class Touches {
  readonly #ring: Float64Array;
  readonly #capacity: number;
  #count = 0;

  constructor(capacity = 900) {
    this.#capacity = capacity;
    this.#ring = new Float64Array(WIDTH * capacity);
  }

  put(time: number, bids: Levels, asks: Levels): void {
    if (bids.count === 0 || asks.count === 0) return;
    const at = (this.#count++ % this.#capacity) * WIDTH;
    this.#ring[at] = time;
    this.#ring[at + 1] = bids.values[bids.start]!;
    this.#ring[at + 2] = asks.values[asks.start]!;
  }

  /** Oldest first. */
  *all(): Generator<Touch> {
    for (let n = Math.max(0, this.#count - this.#capacity); n < this.#count; n++) {
      const at = (n % this.#capacity) * WIDTH;
      yield [this.#ring[at]!, this.#ring[at + 1]!, this.#ring[at + 2]!];
    }
  }
}

/** Keeps the last touch of every `bucketMs`: what a plot of that many points can show. Input in order of time. */
export class Thinner {
  readonly #bucketMs: number;
  readonly points: Touch[] = [];
  #bucket = Number.NaN;

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  put(touch: Touch): void {
    const bucket = Math.floor(touch[0] / this.#bucketMs);
    if (bucket === this.#bucket) this.points.pop();
    this.#bucket = bucket;
    this.points.push(touch);
  }
}
