import type { StreamSource } from './source.js';

/**
 * `event`: by the venues' time over all streams, within a stream as the rows came. `arrival`: exactly as the recorder
 * took them.
 */
export type ReplayOrder = 'event' | 'arrival';

type Before = (a: StreamSource, b: StreamSource) => boolean;

const ORDERS: Readonly<Record<ReplayOrder, Before>> = {
  event: (a, b) => a.time < b.time || (a.time === b.time && a.seq < b.seq),
  arrival: (a, b) => a.seq < b.seq,
};

/** A binary heap of streams: the one with the next event on top. */
export class Merge {
  readonly #heap: StreamSource[] = [];
  readonly #before: Before;

  constructor(order: ReplayOrder) {
    this.#before = ORDERS[order];
  }

  get top(): StreamSource | undefined {
    return this.#heap[0];
  }

  add(source: StreamSource): void {
    this.#heap.push(source);
    this.#up(this.#heap.length - 1);
  }

  /** Steps the top stream on and puts it where it belongs now. */
  async advance(): Promise<void> {
    const more = this.#heap[0]!.advance();
    this.settle(typeof more === 'boolean' ? more : await more);
  }

  /** The top stream has stepped: true when it has another event. */
  settle(more: boolean): void {
    if (!more) {
      const last = this.#heap.pop()!;
      if (this.#heap.length === 0) return;
      this.#heap[0] = last;
    }
    this.#down(0);
  }

  #up(from: number): void {
    const heap = this.#heap;
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(heap[i]!, heap[parent]!)) return;
      [heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
      i = parent;
    }
  }

  #down(from: number): void {
    const heap = this.#heap;
    for (let i = from; ; ) {
      let first = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && this.#before(heap[child]!, heap[first]!)) first = child;
      }
      if (first === i) return;
      [heap[i], heap[first]] = [heap[first]!, heap[i]!];
      i = first;
    }
  }
}
