import type {
  AccountDeclaration,
  CapabilityDeclaration,
  FundingDeclaration,
  MarketDeclaration,
  TradingDeclaration,
} from './capabilities.js';
import type { DepthEvent, FeedEvents, FeedName, FundingEvent, GapEvent } from './events.js';
import type { Instrument } from './instrument.js';
import type { Account, AnyAccount, AnyTrading, Trading } from './trading.js';

/** Everything that waits takes a signal. Aborting rejects with a SpeedError of kind `aborted`. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Reference {
  /** All instruments of the venue; cached after the first call unless `refresh`. */
  instruments(options?: CallOptions & { readonly refresh?: boolean }): Promise<readonly Instrument[]>;
  /**
   * One instrument by unified symbol.
   * @throws SpeedError `not-found` naming the symbol and the nearest one that exists
   */
  instrument(symbol: string, options?: CallOptions): Promise<Instrument>;
  /** The venue's clock, ms since epoch. */
  serverTime(options?: CallOptions): Promise<number>;
}

/** Per-feed settings of a subscription. */
export interface FeedOptions {
  /** `depth`: partial book of this many levels (one of the declared `partialDepths`); absent = full book with deltas. */
  readonly levels?: number | undefined;
  /** `candle`: one of the declared `candleIntervals`; default `1m`. */
  readonly interval?: string | undefined;
  /** Polled feeds: ms between polls. */
  readonly pollMs?: number | undefined;
}

export type SubscriptionState = 'subscribing' | 'live' | 'stale' | 'closed';

/** A live subscription. Disposing it twice is the same as once. */
export interface Subscription extends AsyncDisposable {
  readonly feed: FeedName;
  readonly symbol: string;
  readonly state: SubscriptionState;
  /** Settles when the subscription has ended; rejects only if it ended because of an error that cannot heal. */
  readonly closed: Promise<void>;
}

export type FeedListener<K extends FeedName> = (event: FeedEvents[K] | GapEvent) => void;

export interface MarketData<F extends FeedName = FeedName> {
  /**
   * Calls `on` for every event, synchronously, in order. Resolves when the venue has acknowledged the subscription.
   * For `depth` the first event is a snapshot; a `gap` is always followed by a new snapshot.
   * @throws SpeedError `unsupported` (feed or option not declared), `not-found` (symbol), `connection`, `aborted`
   */
  subscribe<K extends F>(
    feed: K,
    symbol: string,
    on: FeedListener<K>,
    options?: FeedOptions & CallOptions,
  ): Promise<Subscription>;
  /** A depth snapshot by REST, outside any stream; kept by the caller. */
  depthSnapshot(symbol: string, options?: CallOptions & { readonly limit?: number }): Promise<DepthEvent>;
}

export interface FundingRate extends Omit<FundingEvent, 'type' | 'receivedAt'> {
  /** rate x 8760 / intervalHours, as a fraction; `null` when the interval or the rate is unknown. */
  readonly apr: number | null;
}

/** One settled funding payment. */
export interface FundingRecord {
  readonly venue: string;
  readonly symbol: string;
  readonly rate: number;
  /** Settlement time, ms. */
  readonly time: number;
  readonly markPrice: number | null;
}

export interface Funding {
  current(symbol: string, options?: CallOptions): Promise<FundingRate>;
  /** Settled rates, oldest first. `since` and `until` in ms; at most `limit` rows (venue default when absent). */
  history(
    symbol: string,
    options?: CallOptions & { since?: number; until?: number; limit?: number },
  ): Promise<readonly FundingRecord[]>;
}

/** Health of the connector's sockets, for dashboards and metrics. */
export interface ConnectionStatus {
  readonly name: string;
  readonly state: 'connecting' | 'open' | 'closing' | 'closed' | 'waiting';
  readonly topics: number;
  readonly reconnects: number;
  /** ms since epoch of the last frame, or `null`. */
  readonly lastFrameAt: number | null;
}

/** A connector as its plugin declares it: rooms that the capabilities lack do not exist in the type. */
export type ConnectorOf<D extends CapabilityDeclaration> = ConnectorBase<D> &
  (D extends { readonly market: { readonly feeds: readonly (infer F extends FeedName)[] } }
    ? { readonly market: MarketData<F> }
    : { readonly market?: undefined }) &
  (D extends { readonly funding: FundingDeclaration } ? { readonly funding: Funding } : { readonly funding?: undefined }) &
  (D extends { readonly trading: infer T extends TradingDeclaration }
    ? { readonly trading: Trading<T> }
    : { readonly trading?: undefined }) &
  (D extends { readonly account: infer A extends AccountDeclaration }
    ? { readonly account: Account<A> }
    : { readonly account?: undefined });

export interface ConnectorBase<D extends CapabilityDeclaration = CapabilityDeclaration> extends AsyncDisposable {
  readonly venue: string;
  readonly capabilities: D;
  readonly reference: Reference;
  connections(): readonly ConnectionStatus[];
}

/** A connector as a host sees it after discovery: ask before you use. */
export interface Connector extends ConnectorBase {
  readonly market?: MarketData | undefined;
  readonly funding?: Funding | undefined;
  /** Calls without credentials throw SpeedError `unauthorized` and say where to put them. */
  readonly trading?: AnyTrading | undefined;
  readonly account?: AnyAccount | undefined;
}

export type { MarketDeclaration };
