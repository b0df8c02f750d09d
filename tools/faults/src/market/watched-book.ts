import type { LiveBook } from '@speed-protocol/book';
import type { DepthEvent, GapEvent, Levels } from '@speed-protocol/core';
import type { Market } from '@speed-protocol/simulator';

/** Every n-th delta is compared level for level with the oracle, and every snapshot. */
const COMPARE_EVERY = 8;
/** What the venue changed this long ago must be in a book that says it is live, */
const LATEST_MS = 1_000;
/** unless the book says otherwise within this long. */
const GRACE_MS = 500;

/** Books without news for this long call themselves stale; markets here move several times per second. */
export const MAX_AGE_MS = 1_000;

type Pairs = readonly (readonly [price: number, size: number])[];

/** The part of a live book that is looked at. */
export type Watchable = Pick<LiveBook, 'venue' | 'symbol' | 'status' | 'top'>;

/** The part of the simulator's oracle that is asked. */
export interface Truth {
  book(venue: string, symbol: string, sequence: number): { readonly bids: Pairs; readonly asks: Pairs };
  market(venue: string, symbol: string): { readonly book: Pick<Market['book'], 'lastId' | 'idOf'> };
}

/** One live book and what the simulation knows about it. */
export class WatchedBook {
  compared = 0;
  /** Descriptions of moments in which the book differed from the oracle at the same sequence. */
  readonly wrong: string[] = [];
  /** Times in which it called itself live while the venue had long moved on. */
  readonly shownStale: string[] = [];
  /** From each gap to the snapshot after it, virtual ms. */
  readonly healMs: number[] = [];
  /** From each moment in which its status left `live` to the next in which it was, virtual ms. */
  readonly outageMs: number[] = [];
  events = 0;
  private gapAt = Number.NaN;
  /** The book's gap count at the last snapshot; -1 before the first. */
  private gapsSeen: number;
  private outAt = Number.NaN;
  private behindSince = Number.NaN;
  private readonly published: { readonly time: number; readonly lastId: number }[] = [];

  constructor(
    readonly book: Watchable,
    private readonly oracle: Truth,
  ) {
    const { state, gaps } = book.status();
    this.gapsSeen = state === 'syncing' ? -1 : gaps;
  }

  get name(): string {
    return `${this.book.venue} ${this.book.symbol}`;
  }

  /** Takes an event that the book has taken. */
  event(event: DepthEvent | GapEvent, now: number): void {
    this.events++;
    if (event.type === 'gap') {
      this.gapAt = now;
      return;
    }
    if (event.kind === 'snapshot') this.healed(now);
    if (event.kind === 'snapshot' || this.events % COMPARE_EVERY === 0) this.compare(now);
  }

  /** A snapshot: the book must have called itself stale before, or what it showed until now was old and said to be live. */
  private healed(now: number): void {
    const { gaps } = this.book.status();
    if (gaps <= this.gapsSeen)
      this.shownStale.push(`${this.name} at ${now}: a snapshot came, and the book had been live until then`);
    this.gapsSeen = gaps;
    if (!Number.isNaN(this.gapAt)) this.healMs.push(now - this.gapAt);
    this.gapAt = Number.NaN;
  }

  /** Looks at the book between events. */
  step(now: number): void {
    const { state, sequence } = this.book.status();
    const isLive = state === 'live';
    this.trackOutage(isLive, now);
    const due = this.dueAt(now);
    const isBehind = isLive && this.idOf(sequence) < due;
    if (!isBehind) this.behindSince = Number.NaN;
    else if (Number.isNaN(this.behindSince)) this.behindSince = now;
    else if (now - this.behindSince > GRACE_MS) {
      this.shownStale.push(`${this.name} at ${now}: live at ${sequence}, the venue was at ${due} ${LATEST_MS} ms before`);
      this.behindSince = Number.NaN;
    }
  }

  /** Compares now, if the book is live. */
  compare(now: number): void {
    const { state, sequence } = this.book.status();
    if (state !== 'live' || sequence === null) return;
    this.compared++;
    const truth = this.oracle.book(this.book.venue, this.book.symbol, sequence);
    const { bids, asks } = this.book.top(Number.POSITIVE_INFINITY);
    const difference = differenceOf('bid', bids, truth.bids) ?? differenceOf('ask', asks, truth.asks);
    if (difference !== undefined) this.wrong.push(`${this.name} at ${now}, sequence ${sequence}: ${difference}`);
  }

  /** Sequences may count messages; only the ids of changes tell how far a book has come. */
  private idOf(sequence: number | null): number {
    return sequence === null ? 0 : this.oracle.market(this.book.venue, this.book.symbol).book.idOf(sequence);
  }

  /** The id of the venue's last change {@link LATEST_MS} ago. */
  private dueAt(now: number): number {
    const { published } = this;
    const { lastId } = this.oracle.market(this.book.venue, this.book.symbol).book;
    if (published.at(-1)?.lastId !== lastId) published.push({ time: now, lastId });
    while (published[1] && published[1].time <= now - LATEST_MS) published.shift();
    const oldest = published[0];
    return oldest && oldest.time <= now - LATEST_MS ? oldest.lastId : 0;
  }

  private trackOutage(isLive: boolean, now: number): void {
    if (!isLive && Number.isNaN(this.outAt)) this.outAt = now;
    if (!isLive || Number.isNaN(this.outAt)) return;
    this.outageMs.push(now - this.outAt);
    this.outAt = Number.NaN;
  }
}

/** The first level that differs, in words; `undefined` when all are equal. */
export function differenceOf(side: string, levels: Levels, truth: Pairs): string | undefined {
  for (let i = 0; i < Math.max(levels.count, truth.length); i++) {
    const [price, size] = truth[i] ?? [undefined, undefined];
    const at = levels.start + 2 * i;
    const held = i < levels.count ? [levels.values[at], levels.values[at + 1]] : [];
    if (held[0] !== price || held[1] !== size)
      return `${side} ${i} is ${held.join(' x ') || 'missing'}, should be ${price} x ${size}`;
  }
  return undefined;
}
