import type {
  CandleEvent,
  EventBase,
  FundingEvent,
  FundingRate,
  Instrument,
  LiquidationEvent,
  OpenInterestEvent,
  QuoteEvent,
  TickerEvent,
  TradeEvent,
} from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import { float, floatOrNull } from './numbers.js';
import type * as ccxt from './types.js';

/** What an event is about, and when it came. */
export type Place = Pick<EventBase, 'venue' | 'venueSymbol' | 'receivedAt'> & { readonly symbol: string };

const at = (place: Place, timestamp: number | undefined): EventBase => ({ ...place, venueTime: timestamp ?? null });

/** `[price, size]` of ccxt's levels, which may have more columns. */
export function pairsOf(levels: ccxt.CcxtLevels): readonly (readonly [number, number])[] {
  return levels.map(([price, size]) => [float(price), float(size)] as const);
}

export function tradeOf(trade: ccxt.CcxtTrade, place: Place): TradeEvent {
  const { id, price, amount, side, timestamp } = trade;
  const told = { price: float(price), size: float(amount), side: sideOf(side) };
  // Not every exchange numbers its trades; without a number they cannot be told apart.
  return { type: 'trade', ...at(place, timestamp), id: id ?? '', ...told };
}

export function quoteOf({ bid, bidVolume, ask, askVolume, timestamp }: ccxt.CcxtTicker, place: Place): QuoteEvent {
  const sides = {
    bid: floatOrNull(bid),
    bidSize: floatOrNull(bidVolume),
    ask: floatOrNull(ask),
    askSize: floatOrNull(askVolume),
  };
  return { type: 'quote', ...at(place, timestamp), sequence: null, ...sides };
}

export function tickerOf(ticker: ccxt.CcxtTicker, place: Place): TickerEvent {
  return {
    type: 'ticker',
    ...at(place, ticker.timestamp),
    last: floatOrNull(ticker.last),
    open: floatOrNull(ticker.open),
    high: floatOrNull(ticker.high),
    low: floatOrNull(ticker.low),
    volume: floatOrNull(ticker.baseVolume),
    quoteVolume: floatOrNull(ticker.quoteVolume),
  };
}

/** @param closed a later candle has been told */
export function candleOf(row: ccxt.CcxtCandle, interval: string, closed: boolean, place: Place): CandleEvent {
  const [openTime, open, high, low, close, volume] = row.map(float);
  const prices = { open: open!, high: high!, low: low!, close: close!, volume: volume ?? Number.NaN };
  return { type: 'candle', ...at(place, undefined), interval, openTime: openTime!, ...prices, closed };
}

/** ccxt's two times of funding are named differently by its exchanges: the next one to come counts. */
export function fundingOf(told: ccxt.CcxtFundingRate, place: Place): FundingEvent {
  const times = [told.fundingTimestamp, told.nextFundingTimestamp].filter(
    (time) => time !== undefined && time > place.receivedAt,
  );
  return {
    type: 'funding',
    ...at(place, told.timestamp),
    rate: floatOrNull(told.fundingRate),
    predictedRate: null,
    nextFundingTime: times.length > 0 ? Math.min(...(times as number[])) : null,
    intervalHours: hoursOf(told.interval),
    markPrice: floatOrNull(told.markPrice),
    indexPrice: floatOrNull(told.indexPrice),
  };
}

const HOURS_A_YEAR = 8_760;

export function fundingRateOf(told: ccxt.CcxtFundingRate, { venue, symbol, venueSymbol }: Instrument): FundingRate {
  const { type: _, receivedAt: __, ...body } = fundingOf(told, { venue, symbol, venueSymbol, receivedAt: told.timestamp ?? 0 });
  const { rate, intervalHours } = body;
  return { ...body, apr: rate === null || intervalHours === null ? null : (rate * HOURS_A_YEAR) / intervalHours };
}

/** `8h`; never assumed. */
function hoursOf(interval: string | undefined): number | null {
  const hours = /^(\d+)h$/.exec(interval ?? '')?.[1];
  return hours === undefined ? null : Number(hours);
}

export function liquidationOf({ side, price, contracts, timestamp }: ccxt.CcxtLiquidation, place: Place): LiquidationEvent {
  return { type: 'liquidation', ...at(place, timestamp), side: sideOf(side), price: float(price), size: float(contracts) };
}

export function openInterestOf({ openInterestAmount, timestamp }: ccxt.CcxtOpenInterest, place: Place): OpenInterestEvent {
  return { type: 'openInterest', ...at(place, timestamp), amount: float(openInterestAmount) };
}

export function sideOf(side: string | undefined): 'buy' | 'sell' {
  if (side === 'buy' || side === 'sell') return side;
  throw new SpeedError('protocol', `field "side" is ${JSON.stringify(side)}, neither buy nor sell`);
}
