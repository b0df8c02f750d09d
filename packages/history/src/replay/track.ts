import { OrderBook } from '@speed-protocol/book';
import type { DepthEvent, SpeedEvent } from '@speed-protocol/core';
import { applyTo } from './recording.js';
import type { StreamSource } from './source.js';

export type Listener = (event: SpeedEvent) => void;

interface Listening {
  readonly on: Listener;
  readonly onEnd: () => void;
  /** Depth: nothing until the listener has had a snapshot. */
  waitsForSnapshot: boolean;
}

const tracks = new WeakMap<StreamSource, Track>();

/** One stream of a replay and who listens to it. Depth keeps a book, so that a listener can join anywhere. */
export class Track {
  readonly source: StreamSource;
  readonly #listeners = new Set<Listening>();
  readonly #book: OrderBook | undefined;
  #last: DepthEvent | undefined;

  constructor(source: StreamSource) {
    this.source = source;
    this.#book = source.stream.dataset === 'depth' ? new OrderBook() : undefined;
    tracks.set(source, this);
  }

  static of(source: StreamSource): Track {
    return tracks.get(source)!;
  }

  get book(): OrderBook | undefined {
    return this.#book;
  }

  /** Steps to the first event at or behind `from`; on the way a depth stream builds its book. False when there is none. */
  async seek(from: number): Promise<boolean> {
    let more = await this.source.open();
    while (more && this.source.time < from) {
      this.#note(this.source.event());
      const next = this.source.advance();
      more = typeof next === 'boolean' ? next : await next;
    }
    return more;
  }

  add(on: Listener, onEnd: () => void): () => void {
    const listening: Listening = { on, onEnd, waitsForSnapshot: this.#book !== undefined };
    this.#listeners.add(listening);
    return () => {
      if (this.#listeners.delete(listening)) onEnd();
    };
  }

  /** Hands the current event to everybody; returns 1 when anybody got it. */
  deliver(): number {
    const event = this.source.event();
    if (event === undefined) return 0;
    let delivered = 0;
    for (const listening of [...this.#listeners]) delivered |= this.#hand(listening, event);
    this.#note(event);
    return delivered;
  }

  end(): void {
    for (const { onEnd } of this.#listeners) onEnd();
    this.#listeners.clear();
  }

  /** The book now, as a snapshot event; `undefined` while it is not live. */
  snapshot(): DepthEvent | undefined {
    const book = this.#book;
    if (book === undefined || this.#last === undefined || book.status().state !== 'live') return undefined;
    const { bids, asks } = book.top(Math.max(book.bidCount, book.askCount));
    return { ...this.#last, kind: 'snapshot', prevSequence: null, bids, asks };
  }

  #hand(listening: Listening, event: SpeedEvent): 0 | 1 {
    if (listening.waitsForSnapshot) {
      const isSnapshot = event.type === 'depth' && event.kind === 'snapshot';
      const joined = isSnapshot ? undefined : this.snapshot();
      if (!isSnapshot && joined === undefined) return 0;
      listening.waitsForSnapshot = false;
      if (joined !== undefined) listening.on(joined);
    }
    listening.on(event);
    return 1;
  }

  #note(event: SpeedEvent | undefined): void {
    if (this.#book === undefined || event === undefined) return;
    applyTo(this.#book, event);
    if (event.type === 'depth') this.#last = event;
  }
}
