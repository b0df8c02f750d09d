import type { FeedName, Instrument, MarketEvent } from '@speed-protocol/core';
import * as formats from '../formats.js';
import type { CcxtCandle, CcxtLiquidation, CcxtTicker, CcxtTrade } from '../types.js';

/** One feed in ccxt's words. */
export interface FeedRow {
  readonly feed: FeedName;
  /** Streaming, where `has` says so. */
  readonly watch: string;
  /** Asked again and again where there is no stream. */
  readonly fetch: string;
  /** Ends the stream, where `has` says so. */
  readonly unwatch: string;
  readonly everyMs: number;
  readonly args?: (symbol: string, interval: string) => readonly unknown[];
  /** Does this kind of instrument have it? */
  readonly serves?: (instrument: Instrument) => boolean;
  /** Events of an answer; absent for books, which have a handler of their own. */
  readonly read?: (told: unknown, place: formats.Place, interval: string) => readonly MarketEvent[];
}

const isContract = ({ kind }: Instrument): boolean => kind !== 'spot';
const isFunded = ({ kind }: Instrument): boolean => kind === 'perpetual';

/** Some methods answer with one, some with a table by symbol. */
function ofSymbol(told: unknown, symbol: string): CcxtTicker {
  return (told as { readonly [symbol: string]: CcxtTicker })[symbol] ?? (told as CcxtTicker);
}

const listed = <T>(told: unknown): readonly T[] => (Array.isArray(told) ? [...(told as T[])] : []);

/** The first row that the exchange has serves a feed. */
export const FEEDS: readonly FeedRow[] = [
  { feed: 'depth', watch: 'watchOrderBook', fetch: 'fetchOrderBook', unwatch: 'unWatchOrderBook', everyMs: 1_000 },
  {
    feed: 'trade',
    watch: 'watchTrades',
    fetch: 'fetchTrades',
    unwatch: 'unWatchTrades',
    everyMs: 1_000,
    read: (told, place) => listed<CcxtTrade>(told).map((trade) => formats.tradeOf(trade, place)),
  },
  {
    feed: 'quote',
    watch: 'watchBidsAsks',
    fetch: 'fetchBidsAsks',
    unwatch: 'unWatchBidsAsks',
    everyMs: 1_000,
    args: (symbol) => [[symbol]],
    read: (told, place) => [formats.quoteOf(ofSymbol(told, place.symbol), place)],
  },
  {
    feed: 'ticker',
    watch: 'watchTicker',
    fetch: 'fetchTicker',
    unwatch: 'unWatchTicker',
    everyMs: 2_000,
    read: (told, place) => [formats.tickerOf(ofSymbol(told, place.symbol), place)],
  },
  {
    feed: 'candle',
    watch: 'watchOHLCV',
    fetch: 'fetchOHLCV',
    unwatch: 'unWatchOHLCV',
    everyMs: 5_000,
    args: (symbol, interval) => [symbol, interval],
    read: (told, place, interval) => candles(listed<CcxtCandle>(told), place, interval),
  },
  {
    feed: 'funding',
    watch: 'watchFundingRate',
    fetch: 'fetchFundingRate',
    unwatch: 'unWatchFundingRate',
    everyMs: 10_000,
    serves: isFunded,
    read: (told, place) => [formats.fundingOf(told as never, place)],
  },
  {
    feed: 'liquidation',
    watch: 'watchLiquidations',
    fetch: 'fetchLiquidations',
    unwatch: 'unWatchLiquidations',
    everyMs: 10_000,
    serves: isContract,
    read: (told, place) => listed<CcxtLiquidation>(told).map((each) => formats.liquidationOf(each, place)),
  },
  {
    feed: 'openInterest',
    watch: 'watchOpenInterest',
    fetch: 'fetchOpenInterest',
    unwatch: 'unWatchOpenInterest',
    everyMs: 10_000,
    serves: isContract,
    read: (told, place) => [formats.openInterestOf(told as never, place)],
  },
];

/** Every candle but the last has a later one. */
function candles(rows: readonly CcxtCandle[], place: formats.Place, interval: string): readonly MarketEvent[] {
  return rows.map((row, i) => formats.candleOf(row, interval, i < rows.length - 1, place));
}
