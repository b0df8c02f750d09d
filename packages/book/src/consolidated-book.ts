import type { Instrument } from '@speed-protocol/core';
import type { BookReader, BookStatus, Side } from './order-book.js';

/** One book of a consolidated one; a {@link LiveBook} is one. */
export interface BookSource extends BookReader {
  readonly instrument: Instrument;
}

/** A level with its origin; `size` is in base units whatever the venue counts in. */
export interface ConsolidatedLevel {
  readonly venue: string;
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
}

export interface ConsolidatedTop {
  readonly bids: readonly ConsolidatedLevel[];
  readonly asks: readonly ConsolidatedLevel[];
}

/** A source and whether its levels take part now. */
export interface SourceStatus {
  readonly venue: string;
  readonly symbol: string;
  readonly used: boolean;
  readonly status: BookStatus;
}

export interface ConsolidatedOptions {
  /** Books whose last event is older than this are left out, ms. Default: only the state counts. */
  readonly maxAgeMs?: number | undefined;
}

/**
 * Several books of the same thing seen as one. It copies nothing until asked, and a book that is not live, or too old,
 * takes no part: a missing venue shows as missing, never as an old price.
 */
export class ConsolidatedBook {
  private readonly maxAgeMs: number;

  constructor(
    private readonly books: readonly BookSource[],
    options: ConsolidatedOptions = {},
  ) {
    this.maxAgeMs = options.maxAgeMs ?? Number.POSITIVE_INFINITY;
  }

  sources(): SourceStatus[] {
    return this.books.map((book) => {
      const status = book.status();
      const { venue, symbol } = book.instrument;
      return { venue, symbol, status, used: this.isUsable(status) };
    });
  }

  /** The best `levels` levels of each side over all usable books. Equal prices stay apart, in the order of the books. */
  top(levels: number): ConsolidatedTop {
    return { bids: this.side('bid', levels), asks: this.side('ask', levels) };
  }

  private side(side: Side, limit: number): ConsolidatedLevel[] {
    const all: ConsolidatedLevel[] = [];
    for (const book of this.books) if (this.isUsable(book.status())) take(book, side, limit, all);
    all.sort(side === 'bid' ? (a, b) => b.price - a.price : (a, b) => a.price - b.price);
    return all.slice(0, limit);
  }

  private isUsable(status: BookStatus): boolean {
    return status.state === 'live' && status.ageMs !== null && status.ageMs <= this.maxAgeMs;
  }
}

function take(book: BookSource, side: Side, limit: number, into: ConsolidatedLevel[]): void {
  const { venue, symbol, contractSize, inverse } = book.instrument;
  const unit = Number(contractSize);
  let left = limit;
  if (left <= 0) return;
  book.forEachLevel(side, (price, size) => {
    into.push({ venue, symbol, price, size: inverse ? (size * unit) / price : size * unit });
    return --left > 0;
  });
}
