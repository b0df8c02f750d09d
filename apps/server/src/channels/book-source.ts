import type { LiveBook } from '@speed-protocol/book';
import { type Clock, levelsToJson, SpeedError } from '@speed-protocol/core';
import { DEFAULT_BOOK_LEVELS } from '@speed-protocol/protocol';
import type { BookLease, Books, BookWatcher } from './books.js';
import type { Sink, Source } from './channel.js';

/**
 * The members of a book's state as JSON text, without the braces: price levels are written straight from the book's
 * arrays.
 */
export function bookMembers({ book, times }: BookLease, levels: number): string {
  const { state, sequence, ageMs, gaps, resyncs } = book.status();
  const { bids, asks } = book.top(levels);
  const head = { venue: book.venue, symbol: book.symbol, state, sequence, ageMs, gaps, resyncs, ...times };
  return `${JSON.stringify(head).slice(1, -1)},"bids":${levelsToJson(bids)},"asks":${levelsToJson(asks)}`;
}

/** The conflated top of a book: its state now, at most once per interval, and at once when it becomes stale. */
export async function openBook(books: Books, clock: Clock, intervalMs: number, sink: Sink, signal: AbortSignal): Promise<Source> {
  const { venue, symbol, levels = DEFAULT_BOOK_LEVELS } = sink.spec;
  const source = new BookSource(clock, intervalMs, books.maxAgeMs, levels, sink, venue);
  source.start(await books.lease(venue, symbol, signal, source));
  return source;
}

class BookSource implements Source, BookWatcher {
  #lease: BookLease | undefined;
  #cancel: (() => void) | undefined;
  #cancelAging: () => void = () => {};
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly maxAgeMs: number,
    private readonly levels: number,
    private readonly sink: Sink,
    private readonly venue: string,
  ) {}

  start(lease: BookLease): void {
    this.#lease = lease;
    if (lease.book.status().state !== 'syncing') this.changed();
  }

  get state(): string {
    return this.#lease?.book.status().state ?? 'syncing';
  }

  first(): string | undefined {
    return this.#lease && this.#text(this.#lease);
  }

  changed(): void {
    if (this.#cancel || !this.#lease) return;
    const wait = this.#sentAt + this.intervalMs - this.clock.now();
    if (wait <= 0) this.#send();
    else this.#cancel = this.clock.schedule(wait, () => this.#send());
  }

  lost(): void {
    if (this.#lease) this.#send();
  }

  ended(error?: unknown): void {
    const { venue } = this;
    this.sink.end(
      SpeedError.is(error) ? error : new SpeedError('connection', `${venue} ended the book`, { venue, cause: error }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancel?.();
    this.#cancelAging();
    this.#lease?.release();
    this.#lease = undefined;
  }

  #send(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (!this.#lease) return;
    this.#sentAt = this.clock.now();
    const { book, times } = this.#lease;
    // Being late is what a stale book is about; it says nothing about how fast we are.
    const receivedAt = book.status().state === 'live' ? times.receivedAt : null;
    this.sink.emit(this.#text(this.#lease), true, receivedAt ?? this.#sentAt);
    this.#watchAge(book);
  }

  /** A feed that is half open says nothing, also not that it is: the age of the book does. */
  #watchAge(book: LiveBook): void {
    this.#cancelAging();
    const { state, ageMs } = book.status();
    if (state !== 'live' || ageMs === null) return;
    this.#cancelAging = this.clock.schedule(this.maxAgeMs - ageMs + 1, () => {
      if (book.status().state === 'live') this.#watchAge(book);
      else this.#send();
    });
  }

  #text(lease: BookLease): string {
    return `{"type":"book",${bookMembers(lease, this.levels)}${this.sink.tail}}`;
  }
}
