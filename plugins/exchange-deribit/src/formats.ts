import {
  type CandleEvent,
  type DepthEvent,
  type EventBase,
  type FundingEvent,
  type GreeksEvent,
  type Levels,
  levelsFromPairs,
  type OpenInterestEvent,
  type QuoteEvent,
  SpeedError,
  type TickerEvent,
  type TradeEvent,
} from '@speed-protocol/core';
import type { Params, Span } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import type { WireBook, WireChart, WireFundingHour, WireGreeks, WireLevel, WireStats, WireTicker, WireTrade } from './types.js';

/** What an event says of itself besides the venue's time. */
export type EventPlace = Omit<EventBase, 'venueTime'>;

type Sent = number | undefined | null;

const orNull = (value: Sent): number | null => value ?? null;

/** The number in a trade's id, which begins with the group of settlement on some. */
export function tradeNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

/** Futures that settle in the coin: their amounts are dollars. `BTC-PERPETUAL`, `BTC-27JUN25`; not `BTC_USDC-PERPETUAL`. */
export function isInverse(venueSymbol: string): boolean {
  return /^[A-Z0-9]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d{2})$/.test(venueSymbol);
}

export function isOption(venueSymbol: string): boolean {
  return /-[CP]$/.test(venueSymbol);
}

export function isSpot(venueSymbol: string): boolean {
  return !venueSymbol.includes('-');
}

/**
 * Side of the taker.
 * @throws SpeedError `protocol` when it is neither
 */
export function sideFromWire(side: string): 'buy' | 'sell' {
  if (side === 'buy' || side === 'sell') return side;
  throw new SpeedError('protocol', `field "direction" must be buy or sell and is ${JSON.stringify(side)}`);
}

/** Side of the order that was forced: the taker's own, or against it where the maker was liquidated. */
export function liquidatedSide(direction: string, liquidation: string): 'buy' | 'sell' {
  const taker = sideFromWire(direction);
  if (liquidation.includes('T')) return taker;
  return taker === 'buy' ? 'sell' : 'buy';
}

function levelsFromWire(rows: readonly WireLevel[]): Levels {
  return levelsFromPairs(rows.map(([price, amount]) => [required(price, 'price of a level'), required(amount, 'its amount')]));
}

function required(value: Sent, field: string): number {
  if (typeof value === 'number') return value;
  throw new SpeedError('protocol', `field "${field}" must be a number and is ${JSON.stringify(value)}`);
}

export function depthFromWire(wire: WireBook, place: EventPlace): DepthEvent {
  return {
    type: 'depth',
    kind: 'snapshot',
    ...place,
    venueTime: wire.timestamp,
    sequence: required(wire.change_id, 'change_id'),
    prevSequence: null,
    bids: levelsFromWire(wire.bids),
    asks: levelsFromWire(wire.asks),
  };
}

export function quoteFromWire(wire: WireTicker, place: EventPlace): QuoteEvent {
  // A side without orders is told as 0.
  const [bid, ask] = [wire.best_bid_price || null, wire.best_ask_price || null];
  return {
    type: 'quote',
    ...place,
    venueTime: wire.timestamp,
    sequence: null,
    bid,
    bidSize: bid === null ? null : orNull(wire.best_bid_amount),
    ask,
    askSize: ask === null ? null : orNull(wire.best_ask_amount),
  };
}

export function tradeFromWire(wire: WireTrade, place: EventPlace): TradeEvent {
  return {
    type: 'trade',
    ...place,
    venueTime: wire.timestamp,
    id: String(wire.trade_id),
    price: required(wire.price, 'price'),
    size: required(wire.amount, 'amount'),
    side: sideFromWire(wire.direction),
  };
}

/** Volumes in the units of amounts and of quotes: on inverse contracts, dollars are both. The price a day ago is not told. */
function volumesOf(venueSymbol: string, { volume, volume_usd, volume_notional }: WireStats) {
  if (isInverse(venueSymbol)) return { volume: orNull(volume_usd), quoteVolume: orNull(volume_usd) };
  return { volume: orNull(volume), quoteVolume: isOption(venueSymbol) ? null : orNull(volume_notional) };
}

export function tickerFromWire(wire: WireTicker, place: EventPlace): TickerEvent {
  const { high, low } = wire.stats;
  return {
    type: 'ticker',
    ...place,
    venueTime: wire.timestamp,
    last: orNull(wire.last_price),
    open: null,
    high: orNull(high),
    low: orNull(low),
    ...volumesOf(place.venueSymbol, wire.stats),
  };
}

export function candlesFromWire(wire: WireChart, interval: string, place: EventPlace): CandleEvent[] {
  const volumes = isInverse(place.venueSymbol) ? wire.cost : wire.volume;
  return wire.ticks.map((openTime, i) => ({
    type: 'candle',
    ...place,
    venueTime: null,
    interval,
    openTime,
    open: required(wire.open[i], 'open'),
    high: required(wire.high[i], 'high'),
    low: required(wire.low[i], 'low'),
    close: required(wire.close[i], 'close'),
    volume: required(volumes[i], 'volume'),
    closed: false,
  }));
}

/** Hours for which the venue quotes its rate, which is paid all the time. */
export const FUNDING_HOURS = 8;
const HOUR_MS = 3_600_000;

/** On what has no funding all but the prices is `null`. */
export function fundingFromWire(wire: WireTicker, place: EventPlace): FundingEvent {
  const rate = orNull(wire.current_funding);
  return {
    type: 'funding',
    ...place,
    venueTime: wire.timestamp,
    rate,
    predictedRate: null,
    nextFundingTime: null,
    intervalHours: rate === null ? null : FUNDING_HOURS,
    markPrice: orNull(wire.mark_price),
    indexPrice: orNull(wire.index_price),
  };
}

/** Hours of history that the venue gives at once. */
export const FUNDING_PAGE = 744;

/** The venue takes no span without both ends. */
export function spanToWire({ since, until, limit = FUNDING_PAGE }: Span, now: number): Params {
  const end = until ?? Math.floor(now);
  return { start_timestamp: since ?? Math.max(0, end - limit * HOUR_MS + 1), end_timestamp: end };
}

/** What was paid in an hour. */
export function fundingHourFromWire(row: WireFundingHour, place: EventPlace): FundingEvent {
  const unsaid = { predictedRate: null, nextFundingTime: null, markPrice: null };
  return {
    ...{ type: 'funding', ...place, venueTime: row.timestamp, ...unsaid },
    ...{ rate: required(row.interest_1h, 'interest_1h'), intervalHours: 1, indexPrice: row.index_price },
  };
}

export function openInterestFromWire(wire: WireTicker, place: EventPlace): OpenInterestEvent {
  const amount = required(wire.open_interest, 'open_interest');
  return { type: 'openInterest', ...place, venueTime: wire.timestamp, amount };
}

/** Of an option. */
export function greeksFromWire(wire: WireTicker, greeks: WireGreeks, place: EventPlace): GreeksEvent {
  const { timestamp: venueTime, mark_price, underlying_price, mark_iv, bid_iv, ask_iv } = wire;
  const { delta, gamma, vega, theta, rho } = greeks;
  const fraction = (percent: Sent) => (percent ? percent / 100 : null);
  return {
    ...{ type: 'greeks', ...place, venueTime, delta, gamma, vega, theta, rho },
    ...{ markIv: fraction(mark_iv), bidIv: fraction(bid_iv), askIv: fraction(ask_iv) },
    ...{ markPrice: orNull(mark_price), underlyingPrice: orNull(underlying_price) },
  };
}

/** The venue's resolutions; minutes, all but the day. */
const RESOLUTIONS: Readonly<Record<string, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '10m': '10',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '3h': '180',
  '6h': '360',
  '12h': '720',
  '1d': '1D',
};
const INTERVALS: ReadonlyMap<string, string> = new Map(Object.entries(RESOLUTIONS).map(([interval, to]) => [to, interval]));

/** @throws SpeedError `unsupported` listing what there is */
export function resolutionToWire(interval: string, venue: VenueId): string {
  const resolution = Object.hasOwn(RESOLUTIONS, interval) ? RESOLUTIONS[interval] : undefined;
  if (resolution !== undefined) return resolution;
  const all = Object.keys(RESOLUTIONS).join(', ');
  throw new SpeedError('unsupported', `${venue} has no candles of "${interval}"; it has ${all}`, { venue });
}

/** The interval of a resolution; one that is not known keeps the venue's name. */
export function resolutionFromWire(resolution: string): string {
  return INTERVALS.get(resolution) ?? resolution;
}
