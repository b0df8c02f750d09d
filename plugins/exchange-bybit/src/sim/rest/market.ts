import { type Market, OPEN_INTEREST_STEP_MS } from '@speed-protocol/simulator';
import { intervalOf } from '../candles.js';
import { categoryOf } from '../listing.js';
import * as rows from '../rows.js';
import { free } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import type { Route, RouteContext } from './route.js';

const PAGE: readonly [number, number] = [200, 1000];
/** Depth of the stream whose numbers REST books carry. */
const NUMBERED_DEPTH = 1000;

/** https://bybit-exchange.github.io/docs/v5/market */
export const MARKET_ROUTES: readonly Route[] = [
  { path: '/market/time', run: (context) => time(context.now()) },
  { path: '/market/instruments-info', run: instruments },
  { path: '/market/orderbook', run: orderbook },
  { path: '/market/recent-trade', run: recentTrades },
  { path: '/market/tickers', run: tickers },
  { path: '/market/kline', run: candles },
  { path: '/market/mark-price-kline', run: (context, params) => published(context, params, 'mark') },
  { path: '/market/index-price-kline', run: (context, params) => published(context, params, 'index') },
  { path: '/market/premium-index-price-kline', run: (context, params) => published(context, params, 'premium') },
  { path: '/market/funding/history', run: fundingHistory },
  { path: '/market/open-interest', run: openInterest },
  {
    path: '/market/price-limit',
    run: (context, params) => ({ ...rows.priceLimit(context.texts.of(context.market(params))), ts: String(context.now()) }),
  },
  { path: '/market/risk-limit', run: riskLimit },
];

function time(now: number) {
  return { timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` };
}

/** Contracts come in pages, spot in one piece. */
function instruments(context: RouteContext, params: Params) {
  const category = params.required('category');
  const status = params.optional('status') ?? 'Trading';
  const listed = status === 'Trading' ? context.listings(params) : [];
  const row = (listing: (typeof listed)[number]) => rows.instrument(listing, 1 + context.venue.listings.indexOf(listing));
  if (category === 'spot') return { category, list: listed.map(row) };
  const { rows: page, nextPageCursor } = params.page(listed, [500, 1000]);
  return { category, list: page.map(row), nextPageCursor };
}

const BOOK_DEFAULTS: Readonly<Record<string, number>> = { spot: 1, linear: 25, inverse: 25 };

/** As the deepest stream told it last, where anybody listens to that; else as it is. */
function orderbook(context: RouteContext, params: Params) {
  const market = context.market(params);
  const text = context.texts.of(market);
  const limit = params.integer('limit', BOOK_DEFAULTS[categoryOf(market.listing)]!, 1000);
  const told = context.depths.get(market);
  const levels = told?.top(limit) ?? topOf(text, limit);
  const u = told?.number ?? context.numbers.next(market, NUMBERED_DEPTH);
  const [ts, cts] = [context.now(), told?.changedAt ?? market.changedAt];
  return { s: market.listing.venueSymbol, ...levels, ts, u, seq: told?.sequence ?? market.book.lastId, cts };
}

function topOf(text: ReturnType<RouteContext['texts']['of']>, depth: number) {
  const { bids, asks } = text.market.book.top(depth);
  return { b: bids.map((level) => text.level(level)), a: asks.map((level) => text.level(level)) };
}

function recentTrades(context: RouteContext, params: Params) {
  const market = context.market(params);
  const isSpot = market.listing.kind === 'spot';
  const page = market.tape.page(params.integer('limit', isSpot ? 60 : 500, isSpot ? 60 : 1000));
  const text = context.texts.of(market);
  return { category: params.required('category'), list: page.map((trade) => rows.recentTrade(text, trade)).reverse() };
}

function tickers(context: RouteContext, params: Params) {
  const open = context.listings(params).map(({ key, venueSymbol }) => context.venue.market(key ?? venueSymbol) as Market);
  const list = open.flatMap((market) => {
    const text = context.texts.of(market);
    const row = rows.ticker(text);
    return row ? [{ ...row, ...rows.touch(text) }] : [];
  });
  return { category: params.required('category'), list };
}

function interval(params: Params): string {
  const name = intervalOf(params.required('interval'));
  if (name === undefined) throw say.wrong('interval invalid');
  return name;
}

/** The category may be left out, and is `linear` then. */
function place(context: RouteContext, params: Params) {
  const category = params.optional('category') ?? 'linear';
  const market = context.marketOf(category, params.required('symbol'));
  return { market, head: { category, symbol: market.listing.venueSymbol } };
}

function candles(context: RouteContext, params: Params) {
  const { market, head } = place(context, params);
  const all = market.candles.candles(interval(params), market.now());
  const page = params.span(all, ({ openTime }) => openTime, ['start', 'end'], PAGE);
  return { ...head, list: page.map((candle) => context.texts.of(market).candle(candle)) };
}

/** Candles of a price that is published, not traded. */
function published(context: RouteContext, params: Params, price: 'mark' | 'index' | 'premium') {
  const { market, head } = place(context, params);
  const all = market.published[price].candles(interval(params));
  const page = params.span(all, ({ openTime }) => openTime, ['start', 'end'], PAGE);
  const text = (value: number) => (price === 'premium' ? free(value, 6) : context.texts.of(market).mark(value));
  return {
    ...head,
    list: page.map(({ openTime, open, high, low, close }) => [String(openTime), ...[open, high, low, close].map(text)]),
  };
}

/** A start alone is refused. */
function fundingHistory(context: RouteContext, params: Params) {
  const { funding, listing } = context.contract(params);
  if (params.optional('startTime') !== undefined && params.optional('endTime') === undefined) {
    throw say.wrong('endTime is required when startTime is given');
  }
  const settled = funding ? params.span(funding.settlements, (each) => each.time, ['startTime', 'endTime'], [200, 200]) : [];
  const list = settled.map(({ time: at, rate }) => ({
    symbol: listing.venueSymbol,
    fundingRate: free(rate),
    fundingRateTimestamp: String(at),
  }));
  return { category: params.required('category'), list };
}

const INTEREST_STEPS: Readonly<Record<string, number>> = { '5min': 1, '15min': 3, '30min': 6, '1h': 12, '4h': 48, '1d': 288 };

function openInterest(context: RouteContext, params: Params) {
  const market = context.contract(params);
  const step = (INTEREST_STEPS[params.required('intervalTime')] ?? Number.NaN) * OPEN_INTEREST_STEP_MS;
  if (Number.isNaN(step)) throw say.wrong('intervalTime invalid');
  const samples = (market.openInterest?.samples ?? []).filter((sample) => sample.time % step === 0);
  const list = params
    .span(samples, (sample) => sample.time, ['startTime', 'endTime'], [50, 200])
    .map(({ time: at, lots }) => ({
      openInterest: free(2 * market.grid.size(lots)),
      singleOpenInterest: free(market.grid.size(lots)),
      timestamp: String(at),
    }));
  return { category: params.required('category'), symbol: market.listing.venueSymbol, list, nextPageCursor: '' };
}

function riskLimit(context: RouteContext, params: Params) {
  const list = context.listings(params).map(({ venueSymbol }) => ({
    id: 1,
    symbol: venueSymbol,
    riskLimitValue: '2000000',
    maintenanceMargin: '0.004',
    initialMargin: '0.01',
    isLowestRisk: 1,
    maxLeverage: '100.00',
    mmDeduction: '',
  }));
  return { category: params.required('category'), list, nextPageCursor: '' };
}
