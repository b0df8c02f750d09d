import type {
  Clock,
  ErrorKind,
  FeedOptions,
  GapReason,
  Instrument,
  Logger,
  MarketEvent,
  SpeedError,
  SubscriptionState,
} from '@speed-protocol/core';
import { Lifetime, type Listener, Listeners, type Source, sleep } from '@speed-protocol/wire';
import { has } from '../capabilities.js';
import { type Clients, SETTLED_MS } from '../clients.js';
import { gapReason } from '../errors.js';
import type { CcxtBridge } from '../exchange.js';
import type { Place } from '../formats.js';
import type { CcxtOrderBook, Method } from '../types.js';
import { BookChanges } from './book.js';
import type { FeedRow } from './topics.js';

/** What does not get better by trying again. */
const HOPELESS: ReadonlySet<ErrorKind> = new Set(['unauthorized', 'config', 'unsupported', 'invalid-request', 'not-found']);
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

export interface CcxtFeedOptions {
  readonly row: FeedRow;
  readonly instrument: Instrument;
  readonly options: FeedOptions;
  readonly bridge: CcxtBridge;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One feed of one instrument: ccxt's `watch` or `fetch` method, called again and again while somebody listens. */
export class CcxtFeed implements Source {
  readonly key: string;
  readonly lifetime = new Lifetime();
  state: SubscriptionState = 'subscribing';
  readonly #listeners: Listeners;
  readonly #aborter = new AbortController();
  readonly #interval: string;
  readonly #isStreamed: boolean;
  readonly #everyMs: number;
  readonly #book = new BookChanges();
  /** Polled answers overlap: what has been told is not told again. */
  #told = new Set<string>();
  #cancelSettling: () => void = () => {};

  constructor(private readonly spec: CcxtFeedOptions) {
    const { row, instrument, options, logger, clients } = spec;
    this.#interval = options.interval ?? '1m';
    this.#isStreamed = has(clients.data, row.watch);
    this.#everyMs = options.pollMs ?? row.everyMs;
    const pace = this.#isStreamed ? '' : `:${this.#everyMs}`;
    this.key = `${row.feed}:${instrument.symbol}:${row.feed === 'candle' ? this.#interval : ''}${pace}`;
    this.#listeners = new Listeners(logger, { venue: instrument.venue, feed: row.feed, symbol: instrument.symbol });
  }

  get isUnused(): boolean {
    return this.#listeners.size === 0;
  }

  join(listener: Listener): void {
    this.#listeners.add(listener);
    const snapshot = this.state === 'live' ? this.#book.snapshot(this.#place()) : undefined;
    if (snapshot) this.#listeners.tell(listener, snapshot);
  }

  leave(listener: Listener): void {
    this.#listeners.remove(listener);
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#end();
    void this.#unwatch();
  }

  #end(error?: SpeedError): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.#cancelSettling();
    this.#aborter.abort();
    this.lifetime.end(error);
  }

  async #run(): Promise<void> {
    const { signal } = this.#aborter;
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.#settle();
        const told = await this.#next();
        if (signal.aborted) return;
        failures = 0;
        this.#take(told);
        if (!this.#isStreamed) await this.#wait(this.#everyMs);
      } catch (error) {
        if (signal.aborted) return;
        await this.#fail(error);
        await this.#wait(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++));
      }
    }
  }

  #next(): Promise<unknown> {
    const { row, instrument, clients } = this.spec;
    const name = this.#isStreamed ? row.watch : row.fetch;
    const args = row.args?.(instrument.symbol, this.#interval) ?? [instrument.symbol];
    return (clients.data as unknown as Readonly<Record<string, Method>>)[name]!(...args);
  }

  #take(told: unknown): void {
    const { row } = this.spec;
    const place = this.#place();
    const news = row.read?.(told, place, this.#interval) ?? this.#book.take(told as CcxtOrderBook, place);
    this.#live();
    for (const each of news) {
      if ('gap' in each) this.#gap(each.gap);
      else if (this.#isNew(each)) this.#emit(each);
    }
  }

  #emit(event: MarketEvent): void {
    this.state = 'live';
    this.#listeners.emit(event);
  }

  #live(): void {
    if (this.state === 'closed') return;
    this.#cancelSettling();
    this.state = 'live';
    this.lifetime.ready();
  }

  /** Streams may be silent: a feed is taken for live when its connection is. A book is when it is there. */
  #settle(): void {
    if (this.state === 'live' || this.spec.row.feed === 'depth') return;
    const { clock, clients } = this.spec;
    this.#cancelSettling();
    this.#cancelSettling = clock.schedule(SETTLED_MS, () => {
      if (clients.isSettled(clients.data)) this.#live();
      else if (this.state !== 'closed') this.#settle();
    });
  }

  #isNew(event: MarketEvent): boolean {
    if (this.#isStreamed || event.type !== 'trade' || event.id === '') return true;
    if (this.#told.has(event.id)) return false;
    if (this.#told.size >= 10_000) this.#told = new Set([...this.#told].slice(-5_000));
    this.#told.add(event.id);
    return true;
  }

  async #fail(error: unknown): Promise<void> {
    const { bridge, row, instrument, logger } = this.spec;
    const problem = bridge.explained(error, `${row.feed} of ${instrument.symbol}`);
    this.#cancelSettling();
    if (HOPELESS.has(problem.kind)) return this.#end(problem);
    logger.warn({ venue: instrument.venue, topic: this.key, kind: problem.kind, error: problem.message }, 'a stream broke');
    this.lifetime.problem = problem;
    this.#book.close();
    const reason = gapReason(problem);
    this.#gap(reason);
    // The connection is still there, and a second subscription of what is subscribed brings no snapshot.
    if (reason !== 'disconnect') await this.#unwatch();
  }

  #gap(reason: GapReason): void {
    if (this.state !== 'live') return;
    this.state = 'stale';
    const at = { ...this.#place(), venueTime: null, receivedAt: this.spec.clock.now() };
    this.#listeners.emitGap({ type: 'gap', ...at, feed: this.spec.row.feed, reason });
  }

  #place(): Place {
    const { instrument, clients, clock } = this.spec;
    const { venue, symbol, venueSymbol } = instrument;
    const receivedAt = this.#isStreamed ? clients.receivedAt(clients.data) : clock.now();
    return { venue, symbol, venueSymbol, receivedAt };
  }

  async #wait(ms: number): Promise<void> {
    await sleep(this.spec.clock, ms, this.#aborter.signal).catch(() => undefined);
  }

  /** Where ccxt cannot end a stream it goes on unheard until the connector is closed. */
  async #unwatch(): Promise<void> {
    const { row, instrument, clients, logger } = this.spec;
    if (!this.#isStreamed || !has(clients.data, row.unwatch) || clients.signal.aborted) return;
    const args = row.args?.(instrument.symbol, this.#interval) ?? [instrument.symbol];
    try {
      await (clients.data as unknown as Readonly<Record<string, Method>>)[row.unwatch]!(...args);
    } catch (error) {
      logger.debug({ venue: instrument.venue, topic: this.key, error }, 'ending a stream failed');
    }
  }
}
