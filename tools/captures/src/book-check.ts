import type { DepthEvent, QuoteEvent } from '@speed-protocol/core';
import { bookChecksum, CHECKSUM_LEVELS } from './checksum.js';
import { DepthSync } from './depth-sync.js';

type Level = readonly [price: number, size: number];

/** What one symbol's book came to. */
export interface BookReport {
  readonly symbol: string | null;
  readonly venueSymbol: string;
  readonly snapshots: number;
  readonly deltas: number;
  /** Deltas that the snapshot already contained. */
  readonly stale: number;
  /** Those among them that end exactly at the snapshot's sequence; some readers apply such a delta, which changes nothing. */
  readonly staleAtSnapshot: number;
  readonly applied: number;
  readonly gaps: number;
  /** Events after which the best bid was not below the best ask. */
  readonly crossed: number;
  /** Quotes of the venue at exactly the book's sequence. */
  readonly compared: number;
  readonly agree: number;
  /** Those that agree with the snapshot itself, before any delta. */
  readonly agreeAtSnapshot: number;
  /** Events that carried the venue's checksum of the book after them, and those of them that agree with ours. */
  readonly checksums: number;
  readonly checksumsAgree: number;
  readonly sequence: number | null;
  readonly bestBid: Level | null;
  readonly bestAsk: Level | null;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** `null`: deltas were applied and the book was live at the end. Else why not. */
  readonly problem: string | null;
}

/** One symbol: its book, and the venue's own best bid and ask held against it wherever both have the same sequence. */
export class BookCheck {
  private readonly sync: DepthSync;
  private pending: QuoteEvent[] = [];
  private crossed = 0;
  private compared = 0;
  private agree = 0;
  private agreeAtSnapshot = 0;
  private checksums = 0;
  private checksumsAgree = 0;
  /** No event has come since the book began with the stream's own snapshot. */
  private isFirst = false;
  /** The book began with a few levels of a snapshot that held more: the venue's checksums are not about it. */
  private isExcerpt = false;

  constructor(
    private readonly venueSymbol: string,
    private readonly symbol: string | null,
    tickSize: string | undefined,
  ) {
    this.sync = new DepthSync(tickSize);
  }

  depth(event: DepthEvent): void {
    this.sync.take(event, () => this.changed());
  }

  /** A whole book that the stream begins with. */
  restart(event: DepthEvent): void {
    this.sync.restart(event, () => this.changed());
    this.isFirst = true;
    this.isExcerpt = false;
  }

  /** The venue's checksum of the book as it is now. */
  checksum(sent: number): void {
    const { book, isLive } = this.sync;
    if (!isLive) return;
    const agrees = bookChecksum(book) === sent;
    // Samples in documents and tests are cut short; a snapshot of a stream has all levels that the checksum covers.
    const isShort = book.bidCount < CHECKSUM_LEVELS && book.askCount < CHECKSUM_LEVELS;
    if (this.isFirst && isShort && !agrees) this.isExcerpt = true;
    this.isFirst = false;
    if (this.isExcerpt) return;
    this.checksums++;
    if (agrees) this.checksumsAgree++;
  }

  /** Quotes come before the delta that brings the book to their sequence, or after it. */
  quote(quote: QuoteEvent): void {
    if (quote.sequence === null) return;
    const reached = this.sync.isLive ? this.sync.book.status().sequence : null;
    if (quote.sequence === reached) this.compare(quote);
    else if (reached === null || quote.sequence > reached) this.pending.push(quote);
  }

  report(): BookReport {
    const { sync, symbol, venueSymbol, crossed, compared, agree, agreeAtSnapshot, checksums, checksumsAgree } = this;
    const { snapshots, deltas, stale, staleAtSnapshot, applied, book } = sync;
    const { sequence, gaps } = book.status();
    const [bestBid, bestAsk] = this.best();
    return {
      ...{ symbol, venueSymbol, snapshots, deltas, stale, staleAtSnapshot, applied, gaps, crossed },
      ...{ compared, agree, agreeAtSnapshot, checksums, checksumsAgree, sequence, bestBid, bestAsk },
      bidLevels: book.bidCount,
      askLevels: book.askCount,
      problem: this.problem(),
    };
  }

  private problem(): string | null {
    if (this.sync.isLive) return this.sync.applied > 0 ? null : 'a snapshot, and no deltas after it';
    if (this.sync.snapshots === 0) return `no snapshot in the capture: ${this.sync.deltas} deltas normalised, none applied`;
    return 'no snapshot of the capture joins its deltas';
  }

  private changed(): void {
    const { book } = this.sync;
    if (book.crossed) this.crossed++;
    const reached = book.status().sequence as number;
    const due = this.pending.findIndex((quote) => (quote.sequence as number) > reached);
    const passed = this.pending.splice(0, due < 0 ? this.pending.length : due);
    for (const quote of passed) if (quote.sequence === reached) this.compare(quote);
  }

  private compare(quote: QuoteEvent): void {
    const [bid, ask] = this.best();
    this.compared++;
    const same = (level: Level | null, price: number | null, size: number | null) =>
      level === null ? price === null : level[0] === price && level[1] === size;
    if (!same(bid, quote.bid, quote.bidSize) || !same(ask, quote.ask, quote.askSize)) return;
    this.agree++;
    if (this.sync.applied === 0) this.agreeAtSnapshot++;
  }

  private best(): [bid: Level | null, ask: Level | null] {
    const { bids, asks } = this.sync.book.top(1);
    const first = ({ values, count }: typeof bids): Level | null =>
      count > 0 ? [values[0] as number, values[1] as number] : null;
    return [first(bids), first(asks)];
  }
}
