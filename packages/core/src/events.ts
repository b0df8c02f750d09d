/**
 * Normalised events. Prices and sizes of market data are float64, exactly `Number(text)` of what the venue sent;
 * ids are strings; times are ms since epoch. What a venue does not say is `null`, never a guess.
 */

/** Which instrument and when; on every event. */
export interface EventBase {
  /** Venue id in ccxt's naming, e.g. `binanceusdm`. */
  readonly venue: string;
  /** Unified symbol; `null` when the venue's id could not be resolved (raw normalisation without instruments). */
  readonly symbol: string | null;
  /** The venue's id as sent. */
  readonly venueSymbol: string;
  /** When the venue says it happened, ms as sent; `null` when the frame carries no time. */
  readonly venueTime: number | null;
  /** When the bytes arrived here, taken before decoding: ms since epoch, with a fraction. */
  readonly receivedAt: number;
  /** True when this came from a backfill after a cut instead of the live stream. */
  readonly recovered?: boolean;
}

/**
 * Price levels as a view over a shared array: price `i` is `values[start + 2*i]`, its size the next slot.
 * **Valid only during the callback**: use {@link copyLevels} to keep it. Size 0 removes the level.
 */
export interface Levels {
  readonly values: Float64Array;
  readonly start: number;
  /** Number of levels (pairs). */
  readonly count: number;
}

export interface DepthEvent extends EventBase {
  readonly type: 'depth';
  /** `snapshot` replaces the book, `delta` changes the named levels. */
  readonly kind: 'snapshot' | 'delta';
  /** The venue's last sequence number in this event; `null` when it sends none. */
  readonly sequence: number | null;
  /** The sequence this delta follows: apply only on a book at exactly this number. `null` on snapshots. */
  readonly prevSequence: number | null;
  readonly bids: Levels;
  readonly asks: Levels;
}

export interface TradeEvent extends EventBase {
  readonly type: 'trade';
  readonly id: string;
  readonly price: number;
  /** Base units on spot, contracts on derivatives. */
  readonly size: number;
  /** Side of the taker. */
  readonly side: 'buy' | 'sell';
}

export interface QuoteEvent extends EventBase {
  readonly type: 'quote';
  /** The venue's sequence number, where it sends one: comparable with {@link DepthEvent.sequence}. */
  readonly sequence: number | null;
  readonly bid: number | null;
  readonly bidSize: number | null;
  readonly ask: number | null;
  readonly askSize: number | null;
}

/** Rolling statistics, normally over 24 h. */
export interface TickerEvent extends EventBase {
  readonly type: 'ticker';
  readonly last: number | null;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  /** Base units on spot, contracts on derivatives. */
  readonly volume: number | null;
  readonly quoteVolume: number | null;
}

export interface CandleEvent extends EventBase {
  readonly type: 'candle';
  /** `1m`, `1h`, `1d` ... in the venue's spelling, which all venues here share. */
  readonly interval: string;
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** True once the venue says that this candle will not change any more. */
  readonly closed: boolean;
}

/** Funding and the prices it is made of. `null` on contracts without funding (dated futures). */
export interface FundingEvent extends EventBase {
  readonly type: 'funding';
  /** Current rate as a fraction (0.0001 = 1 bp), as the venue's document defines "current". */
  readonly rate: number | null;
  /** Rate predicted for the settlement after `nextFundingTime`, where the venue publishes one. */
  readonly predictedRate: number | null;
  readonly nextFundingTime: number | null;
  /** The venue's real interval, or what its rate is quoted for where it is paid all the time; `null` when unknown: no APR. */
  readonly intervalHours: number | null;
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
}

export interface LiquidationEvent extends EventBase {
  readonly type: 'liquidation';
  /** Side of the liquidation order: `sell` closes a long. */
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly size: number;
}

export interface OpenInterestEvent extends EventBase {
  readonly type: 'openInterest';
  /** Base units on spot-like linear contracts, contracts elsewhere: the unit of the instrument's amounts. */
  readonly amount: number;
}

/**
 * How an option's price changes, and what it says of the market, as the venue works it out: by its own model, in its own
 * units (Deribit's are dollars: delta and gamma by one dollar of the underlying, vega and rho by one percent, theta by a
 * day). `null` is what the venue does not say.
 */
export interface GreeksEvent extends EventBase {
  readonly type: 'greeks';
  readonly delta: number | null;
  readonly gamma: number | null;
  readonly vega: number | null;
  readonly theta: number | null;
  readonly rho: number | null;
  /** Implied volatilities of a year as fractions: 0.65 is 65 %. Those of bid and ask are `null` on a side without orders. */
  readonly markIv: number | null;
  readonly bidIv: number | null;
  readonly askIv: number | null;
  /** Of the option, in the unit of its prices. */
  readonly markPrice: number | null;
  /** Of what the option is on: the future of its expiry, or an index. */
  readonly underlyingPrice: number | null;
}

/** Why a stream is known to have missed something. */
export type GapReason = 'disconnect' | 'sequence' | 'overflow' | 'stale' | 'decode';

/** The feed has a hole here. For `depth` a new `snapshot` follows; until then the book is stale. */
export interface GapEvent extends EventBase {
  readonly type: 'gap';
  readonly feed: FeedName;
  readonly reason: GapReason;
}

export interface FeedEvents {
  depth: DepthEvent;
  trade: TradeEvent;
  quote: QuoteEvent;
  ticker: TickerEvent;
  candle: CandleEvent;
  funding: FundingEvent;
  liquidation: LiquidationEvent;
  openInterest: OpenInterestEvent;
  greeks: GreeksEvent;
}

export type FeedName = keyof FeedEvents;
export type MarketEvent = FeedEvents[FeedName];
export type SpeedEvent = MarketEvent | GapEvent;
export type EventType = SpeedEvent['type'];
export type EventOf<T extends EventType> = Extract<SpeedEvent, { readonly type: T }>;

export const FEED_NAMES = [
  'depth',
  'trade',
  'quote',
  'ticker',
  'candle',
  'funding',
  'liquidation',
  'openInterest',
  'greeks',
] as const satisfies readonly FeedName[];

/** No levels; frozen, shareable. */
export const NO_LEVELS: Levels = Object.freeze({ values: new Float64Array(0), start: 0, count: 0 });

/** A copy of the view that stays valid. */
export function copyLevels(levels: Levels): Levels {
  const end = levels.start + 2 * levels.count;
  return { values: levels.values.slice(levels.start, end), start: 0, count: levels.count };
}

/** `[[price, size], ...]`, for printing and tests. */
export function levelsToPairs(levels: Levels): [price: number, size: number][] {
  const pairs: [number, number][] = [];
  for (let i = 0, at = levels.start; i < levels.count; i++, at += 2) {
    pairs.push([levels.values[at] as number, levels.values[at + 1] as number]);
  }
  return pairs;
}

/** Levels from `[[price, size], ...]`. */
export function levelsFromPairs(pairs: readonly (readonly [number, number])[]): Levels {
  return { values: Float64Array.from(pairs.flat()), start: 0, count: pairs.length };
}

/** A copy of the event that may be kept: depth events hand out views, the others are already plain. */
export function keepEvent<E extends SpeedEvent>(event: E): E {
  if (event.type !== 'depth') return event;
  return { ...event, bids: copyLevels(event.bids), asks: copyLevels(event.asks) };
}
