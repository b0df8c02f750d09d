import {
  type CallOptions,
  type Clock,
  type DepthEvent,
  type GapEvent,
  type Instrument,
  type MarketData,
  type Reference,
  SpeedError,
  type Subscription,
  systemClock,
} from '@speed-protocol/core';
import { type BookReader, type BookStatus, OrderBook, type Side, type TopView } from './order-book.js';

/** The part of a connector that a live book needs; every connector whose feeds contain `depth` is one. */
export interface BookConnector {
  readonly venue: string;
  readonly reference: Pick<Reference, 'instrument' | 'instruments'>;
  readonly market?: MarketData<'depth'> | undefined;
}

export interface WatchBookOptions extends CallOptions {
  /** Partial book of this many levels, where the venue has one; absent = the full book. */
  readonly levels?: number | undefined;
  /** {@link LiveBook.status} says `stale` when nothing arrived for this long, ms. Default: only a gap makes it stale. */
  readonly maxAgeMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Called once when the subscription ended without being asked to; the book is stale for good then. */
  readonly onEnd?: ((error?: unknown) => void) | undefined;
}

/** Called after every event, synchronously: `book` already contains it. */
export type BookListener = (book: LiveBook, event: DepthEvent | GapEvent) => void;

/** Changes off the tick grid make the book ask for the instrument again, at most this often. */
const TICK_CHECK_MS = 600_000;

/** A book that keeps itself: subscribed, sequence-checked, stale from a gap until the next snapshot. */
export class LiveBook implements BookReader, AsyncDisposable {
  private readonly book: OrderBook;
  private readonly clock: Clock;
  private readonly maxAgeMs: number;
  private subscription: Subscription | undefined;
  private waiting: (() => void)[] = [];
  private closed = false;
  private offGridSeen = 0;
  private tickCheckedAt = Number.NEGATIVE_INFINITY;

  /** Use {@link watchBook}. */
  constructor(
    readonly instrument: Instrument,
    private readonly connector: BookConnector,
    private readonly onChange: BookListener | undefined,
    options: WatchBookOptions,
  ) {
    this.clock = options.clock ?? systemClock;
    this.maxAgeMs = options.maxAgeMs ?? Number.POSITIVE_INFINITY;
    this.book = new OrderBook({ tickSize: instrument.tickSize, clock: this.clock });
  }

  get venue(): string {
    return this.instrument.venue;
  }

  get symbol(): string {
    return this.instrument.symbol;
  }

  /** Best bid price; `null` when there are no bids. Look at {@link status} before you act on it. */
  get bestBid(): number | null {
    return this.book.bestBid;
  }

  /** Best ask price; `null` when there are no asks. Look at {@link status} before you act on it. */
  get bestAsk(): number | null {
    return this.book.bestAsk;
  }

  get crossed(): boolean {
    return this.book.crossed;
  }

  /** The best `levels` levels of each side: a view that the next call and the next event overwrite. */
  top(levels: number): TopView {
    return this.book.top(levels);
  }

  /** Size at a price; 0 when there is no such level. */
  sizeAt(side: Side, price: number): number {
    return this.book.sizeAt(side, price);
  }

  forEachLevel(side: Side, visit: (price: number, size: number) => boolean | void): void {
    this.book.forEachLevel(side, visit);
  }

  /** `live` only while every change is in, the subscription stands, and the last event is younger than `maxAgeMs`. */
  status(): BookStatus {
    const status = this.book.status();
    const isOld = status.ageMs !== null && status.ageMs > this.maxAgeMs;
    return status.state === 'live' && (isOld || this.closed) ? { ...status, state: 'stale' } : status;
  }

  /**
   * Resolves when the book is live; at once when it is.
   * @throws SpeedError `connection` when the book is closed first, `aborted`
   */
  async whenLive(options: CallOptions = {}): Promise<void> {
    const { signal } = options;
    while (this.status().state !== 'live') {
      if (this.closed) throw new SpeedError('connection', `the book of ${this.venue} ${this.symbol} is closed; watch it again`);
      if (signal?.aborted) throw new SpeedError('aborted', `stopped waiting for the book of ${this.venue} ${this.symbol}`);
      await this.nextEvent(signal);
    }
  }

  /** Unsubscribes; the last levels stay readable, as stale. Twice is the same as once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await this.subscription?.[Symbol.asyncDispose]();
  }

  /** Subscribes; {@link watchBook} calls it once. */
  async start(market: MarketData<'depth'>, options: WatchBookOptions): Promise<void> {
    const { levels, signal } = options;
    this.subscription = await market.subscribe('depth', this.symbol, (event) => this.take(event), { levels, signal });
    const end = (error?: unknown) => {
      if (this.closed) return;
      this.end();
      options.onEnd?.(error);
    };
    this.subscription.closed.then(() => end(), end);
  }

  private take(event: DepthEvent | GapEvent): void {
    if (this.closed) return;
    if (event.type === 'gap') this.book.onGap(event);
    else this.book.applyDepth(event);
    if (this.book.offGrid !== this.offGridSeen) this.checkTickSize();
    if (this.waiting.length > 0) this.wake();
    this.onChange?.(this, event);
  }

  private end(): void {
    this.closed = true;
    this.book.onGap();
    this.wake();
  }

  private nextEvent(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        signal?.removeEventListener('abort', go);
        resolve();
      };
      this.waiting.push(go);
      signal?.addEventListener('abort', go);
    });
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Prices off the grid are kept, but cost more: perhaps the venue changed the tick size. Failing is harmless. */
  private checkTickSize(): void {
    this.offGridSeen = this.book.offGrid;
    if (this.clock.now() - this.tickCheckedAt < TICK_CHECK_MS) return;
    this.tickCheckedAt = this.clock.now();
    const adopt = (instruments: readonly Instrument[]) => {
      const now = instruments.find((instrument) => instrument.symbol === this.symbol);
      if (now && !this.closed) this.book.setTickSize(now.tickSize);
    };
    this.connector.reference.instruments({ refresh: true }).then(adopt, () => undefined);
  }
}

/**
 * Watches the book of one symbol. Resolves when the venue has acknowledged the subscription; the book may then still be
 * `syncing`, see {@link LiveBook.whenLive}.
 * @throws SpeedError `unsupported` (no depth feed), `not-found` (symbol), `connection`, `aborted`
 */
export async function watchBook(
  connector: BookConnector,
  symbol: string,
  onChange?: BookListener,
  options: WatchBookOptions = {},
): Promise<LiveBook> {
  const { market, venue } = connector;
  if (!market) throw new SpeedError('unsupported', `${venue} has no market data; choose a venue with a depth feed`, { venue });
  const instrument = await connector.reference.instrument(symbol, { signal: options.signal });
  const book = new LiveBook(instrument, connector, onChange, options);
  await book.start(market, options);
  return book;
}
