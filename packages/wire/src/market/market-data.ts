import {
  type CallOptions,
  type Clock,
  type ConnectionStatus,
  type DepthEvent,
  type FeedListener,
  type FeedName,
  type FeedOptions,
  type Instrument,
  type Logger,
  type MarketData,
  type MarketDeclaration,
  nearest,
  SpeedError,
  type Subscription,
} from '@speed-protocol/core';
import { openSession, type Session, type SessionTimings, type SocketSpec } from '../session/index.js';
import { type AnyListener, Listeners } from './listeners.js';
import { Merged } from './merged.js';
import { Polled } from './polled.js';
import type { PollRow, TopicRow } from './rows.js';
import { SharedTopics } from './shared-topic.js';
import { abortedError, type Source } from './source.js';
import { ListenerSubscription } from './subscription.js';
import { topicOfPart, Upstream } from './upstream.js';

export interface MarketDataSpec {
  readonly venue: string;
  readonly declared: MarketDeclaration;
  /** Streamed feeds; the first row that serves a subscription is taken. */
  readonly rows: readonly TopicRow[];
  /** Feeds that only REST has. */
  readonly polls?: readonly PollRow[] | undefined;
  /** Sources that the plugin makes itself, where it is not our sockets that bring a feed; `undefined` leaves it to the tables. */
  readonly source?: ((feed: FeedName, instrument: Instrument, options: FeedOptions) => Source | undefined) | undefined;
  /** By the names that the rows use. */
  readonly sockets: Readonly<Record<string, SocketSpec>>;
  /** @throws SpeedError `not-found` naming the nearest symbol */
  instrument(symbol: string, options: CallOptions): Promise<Instrument>;
  /** A depth snapshot by REST; `limit` absent = as many levels as the venue gives for a full book. */
  depthSnapshot(instrument: Instrument, options: CallOptions & { readonly limit?: number }): Promise<DepthEvent>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** In [0, 1), for jitter; default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly timings?: Partial<SessionTimings> | undefined;
  /** Longest wait of `subscribe()` for the venue's acknowledgement; default 30 s. */
  readonly subscribeTimeoutMs?: number | undefined;
}

/** Market data that owns its connections. */
export interface MarketDataRoom<F extends FeedName = FeedName> extends MarketData<F>, AsyncDisposable {
  connections(): readonly ConnectionStatus[];
}

/** Makes the market-data room of a connector from its tables. Opens nothing: the first subscription does. */
export function createMarketData<F extends FeedName = FeedName>(spec: MarketDataSpec): MarketDataRoom<F> {
  return new TableMarketData(spec);
}

const SUBSCRIBE_TIMEOUT_MS = 30_000;

class TableMarketData implements MarketDataRoom {
  private readonly sessions = new Map<string, Session>();
  private readonly shared = new Map<string, SharedTopics>();
  private readonly sources = new Map<string, Source>();
  private readonly random: () => number;
  private closing: Promise<void> | undefined;

  constructor(private readonly spec: MarketDataSpec) {
    this.random = spec.random ?? Math.random;
    spec.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  async subscribe<K extends FeedName>(
    feed: K,
    symbol: string,
    on: FeedListener<K>,
    options: FeedOptions & CallOptions = {},
  ): Promise<Subscription> {
    const { signal, ...feedOptions } = options;
    const what = `${feed} of ${symbol} on ${this.spec.venue}`;
    this.check(feed, feedOptions);
    this.assertOpen(signal, what);
    const instrument = await this.spec.instrument(symbol, { signal });
    this.assertOpen(signal, what);
    const source = this.sourceOf(feed, instrument, feedOptions);
    const listener = { on: on as AnyListener, primed: false };
    source.join(listener);
    const subscription = new ListenerSubscription(feed, symbol, source, () => this.leave(source, () => source.leave(listener)));
    try {
      const timeoutMs = this.spec.subscribeTimeoutMs ?? SUBSCRIBE_TIMEOUT_MS;
      await source.lifetime.whenReady(this.spec.clock, timeoutMs, signal, what);
    } catch (error) {
      await subscription[Symbol.asyncDispose]();
      throw error;
    }
    return subscription;
  }

  async depthSnapshot(symbol: string, options: CallOptions & { readonly limit?: number } = {}): Promise<DepthEvent> {
    const instrument = await this.spec.instrument(symbol, options);
    return this.spec.depthSnapshot(instrument, options);
  }

  connections(): readonly ConnectionStatus[] {
    return [...this.sessions.values()].flatMap((session) => session.connections());
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  private readonly onAbort = () => void this[Symbol.asyncDispose]();

  private async close(): Promise<void> {
    this.spec.signal.removeEventListener('abort', this.onAbort);
    for (const source of this.sources.values()) source.stop();
    this.sources.clear();
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
  }

  private leave(source: Source, forget: () => void): void {
    forget();
    if (!source.isUnused || this.sources.get(source.key) !== source) return;
    this.sources.delete(source.key);
    source.stop();
  }

  private sourceOf(feed: FeedName, instrument: Instrument, options: FeedOptions): Source {
    const made = this.createSource(feed, instrument, options);
    const known = this.sources.get(made.key);
    if (known && known.state !== 'closed') return known;
    this.sources.set(made.key, made);
    made.start();
    return made;
  }

  private createSource(feed: FeedName, instrument: Instrument, feedOptions: FeedOptions): Source {
    const { venue, clock, logger, polls } = this.spec;
    const own = this.spec.source?.(feed, instrument, feedOptions);
    if (own) return own;
    const rows = this.rowsOf(feed, instrument, feedOptions);
    const [row] = rows;
    const open = (each: TopicRow) => this.createUpstream(each, instrument, feedOptions);
    if (row?.part) {
      const listeners = new Listeners(logger, { venue, feed, symbol: instrument.symbol });
      return new Merged(`${feed} of ${instrument.venueSymbol}`, rows.map(open), listeners);
    }
    if (row) return open(row);
    const poll = polls?.find((candidate) => candidate.feed === feed);
    if (poll) return new Polled({ venue, clock, logger, instrument, feedOptions, row: poll });
    throw new SpeedError('unsupported', `${venue} has no ${feed} of ${instrument.symbol} with these options`, { venue });
  }

  /** The first row that serves the subscription, or all the parts that do. */
  private rowsOf(feed: FeedName, instrument: Instrument, options: FeedOptions): readonly TopicRow[] {
    const serving = this.spec.rows.filter((row) => row.feed === feed && (row.when?.(options, instrument) ?? true));
    return serving[0]?.part ? serving.filter((row) => row.part) : serving.slice(0, 1);
  }

  private createUpstream(row: TopicRow, instrument: Instrument, feedOptions: FeedOptions): Upstream {
    const { venue, clock, logger } = this.spec;
    const fetchDepth = (of: Instrument, signal: AbortSignal) => this.spec.depthSnapshot(of, { signal });
    const session = row.shared ? this.sharedTopics(row.socket) : this.session(row.socket);
    return new Upstream({ venue, clock, logger, instrument, feedOptions, row, session, random: this.random, fetchDepth });
  }

  private sharedTopics(socket: string): SharedTopics {
    const known = this.shared.get(socket);
    if (known) return known;
    const made = new SharedTopics(this.session(socket), topicOfPart);
    this.shared.set(socket, made);
    return made;
  }

  private session(name: string): Session {
    const known = this.sessions.get(name);
    if (known) return known;
    const { sockets, clock, logger, timings } = this.spec;
    const spec = sockets[name];
    if (!spec) throw new SpeedError('config', `topic row names the socket "${name}", which ${this.spec.venue} does not have`);
    const session = openSession({ spec, clock, logger, random: this.random, timings: timings ?? {} });
    this.sessions.set(name, session);
    return session;
  }

  private assertOpen(signal: AbortSignal | undefined, what: string): void {
    if (this.closing || this.spec.signal.aborted) {
      throw new SpeedError('aborted', `subscription to ${what}: the connector is closed`, { outcomeKnown: true });
    }
    if (signal?.aborted) throw abortedError(what);
  }

  /** @throws SpeedError `unsupported`, naming what there is */
  private check(feed: FeedName, options: FeedOptions): void {
    const { declared, venue } = this.spec;
    if (!declared.feeds.includes(feed)) throw unknownFeed(venue, feed, declared.feeds);
    if (feed === 'depth') assertOneOf(venue, 'depth levels', options.levels, declared.partialDepths);
    if (feed === 'candle') assertOneOf(venue, 'candle interval', options.interval, declared.candleIntervals);
    if (options.pollMs !== undefined && !(options.pollMs >= 100)) {
      throw new SpeedError('invalid-request', `pollMs is ${options.pollMs}; give at least 100 ms`, { venue });
    }
  }
}

function unknownFeed(venue: string, feed: string, feeds: readonly FeedName[]): SpeedError {
  const near = nearest(feed, feeds);
  const hint = near ? `did you mean "${near}"?` : `it has ${feeds.join(', ')}`;
  return new SpeedError('unsupported', `${venue} has no feed "${feed}"; ${hint}`, { venue });
}

function assertOneOf<T extends string | number>(
  venue: string,
  what: string,
  value: T | undefined,
  allowed: readonly T[] = [],
): void {
  if (value === undefined || allowed.includes(value)) return;
  const near = typeof value === 'string' ? nearest(value, allowed as readonly string[]) : undefined;
  const hint = near ? `did you mean "${near}"?` : allowed.length > 0 ? `it has ${allowed.join(', ')}` : 'it has none';
  throw new SpeedError('unsupported', `${venue} has no ${what} ${JSON.stringify(value)}; ${hint}`, { venue });
}
