import type {
  BookMessage,
  FundingMessage,
  OpenInterestMessage,
  PushedEvent,
  QuoteMessage,
  ServerFeed,
  TickerMessage,
  TradeMessage,
} from '@speed-protocol/protocol';
import type { Cell } from './cell.js';
import type { MarketRef } from './choice.js';
import { Histogram } from './histogram.js';

const TAPE_LENGTH = 100;

/** Everything the page knows of one instrument, written in place as messages come; `cell` tells who shows it. */
export class LiveMarket {
  readonly ref: MarketRef;
  readonly cell: Cell;
  book: BookMessage | null = null;
  /** The book shown before, to mark what changed. */
  bookBefore: BookMessage | null = null;
  /** When `book` arrived on this page, ms. */
  bookArrivedAt = 0;
  quote: QuoteMessage | null = null;
  ticker: TickerMessage | null = null;
  funding: FundingMessage | null = null;
  openInterest: OpenInterestMessage | null = null;
  /** Newest first. */
  trades: readonly TradeMessage[] = [];
  /** Holes in the trade tape that the server reported. */
  tapeGaps = 0;
  /** Venue's time to the server's receive time, ms, over trades, quotes and books. */
  readonly venueLatency = new Histogram();
  /** Server's receive time to this page, ms. */
  readonly pageLatency = new Histogram();
  /** Feeds with a hole and nothing after it yet: what they said last is not current. */
  readonly old = new Set<ServerFeed>();
  /** Why a feed is not running, by feed. */
  readonly problems = new Map<ServerFeed, string>();

  constructor(ref: MarketRef, cell: Cell) {
    this.ref = ref;
    this.cell = cell;
  }

  /** @param now when the message arrived on this page, ms since epoch */
  apply(feed: ServerFeed, message: PushedEvent, now: number): void {
    this.#measure(message, now);
    this.problems.delete(feed);
    this.old.delete(feed);
    if (message.type === 'book') this.#showBook(message, now);
    else if (message.type === 'trade') this.trades = [message, ...this.trades.slice(0, TAPE_LENGTH - 1)];
    else if (message.type === 'gap') this.#noteGap(feed);
    else if (message.type === 'end') this.problems.set(feed, message.error.message);
    else this.#remember(message);
    this.cell.touch();
  }

  fail(feed: ServerFeed, reason: string): void {
    this.problems.set(feed, reason);
    this.old.add(feed);
    this.cell.touch();
  }

  /** A feed was closed: what it showed must not be taken for current when it is opened again. */
  forget(feed: ServerFeed): void {
    if (feed === 'book') this.book = this.bookBefore = null;
    if (feed === 'trade') this.trades = [];
    if (feed === 'quote' || feed === 'ticker' || feed === 'funding' || feed === 'openInterest') this[feed] = null;
    this.problems.delete(feed);
    this.old.delete(feed);
  }

  #noteGap(feed: ServerFeed): void {
    this.old.add(feed);
    if (feed === 'trade') this.tapeGaps++;
  }

  #showBook(message: BookMessage, now: number): void {
    this.bookBefore = this.book;
    this.book = message;
    this.bookArrivedAt = now;
  }

  #remember(message: PushedEvent): void {
    if (message.type === 'quote') this.quote = message;
    if (message.type === 'ticker') this.ticker = message;
    if (message.type === 'funding') this.funding = message;
    if (message.type === 'openInterest') this.openInterest = message;
  }

  #measure(message: PushedEvent, now: number): void {
    if (message.type !== 'trade' && message.type !== 'quote' && message.type !== 'book') return;
    if (message.receivedAt === null || message.receivedAt === this.book?.receivedAt) return;
    if (message.venueTime !== null) this.venueLatency.add(message.receivedAt - message.venueTime);
    this.pageLatency.add(now - message.receivedAt);
  }
}
