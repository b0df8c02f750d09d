import { OrderBook } from '@speed-protocol/book';
import type { DepthEvent, Instrument, SpeedEvent } from '@speed-protocol/core';
import { encodeEvent } from '@speed-protocol/protocol';
import type { Memory } from './feed-source.js';

/**
 * The book that a depth feed has built so far. A client that joins an open feed begins with a snapshot of it, at
 * exactly the sequence number that the next delta follows.
 */
export class DepthMemory implements Memory {
  readonly #book: OrderBook;
  #last: DepthEvent | undefined;

  constructor(instrument: Instrument) {
    this.#book = new OrderBook({ tickSize: instrument.tickSize });
  }

  note(event: SpeedEvent): void {
    if (event.type === 'gap') this.#book.onGap(event);
    if (event.type !== 'depth') return;
    this.#book.applyDepth(event);
    this.#last = event;
  }

  /** `undefined` while the book is not live: a snapshot is then on its way to everybody. */
  first(tail: string): string | undefined {
    const { state, sequence } = this.#book.status();
    if (state !== 'live' || !this.#last) return undefined;
    const { bids, asks } = this.#book.top(Math.max(this.#book.bidCount, this.#book.askCount));
    return encodeEvent({ ...this.#last, kind: 'snapshot', sequence, prevSequence: null, bids, asks }, tail);
  }
}
