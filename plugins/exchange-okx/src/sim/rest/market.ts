import type { Market } from '@speed-protocol/simulator';
import { barsOf, isBar } from '../candles.js';
import * as rows from '../rows.js';
import { free, indexOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import type { Route, RouteContext } from './route.js';

/** https://www.okx.com/docs-v5/en/#order-book-trading-market-data */
export const MARKET_ROUTES: readonly Route[] = [
  { path: '/market/books', per2s: 40, run: (context, params) => book(context, params, [1, 400]) },
  { path: '/market/books-full', per2s: 10, run: (context, params) => book(context, params, [1, 5000]) },
  { path: '/market/trades', per2s: 100, run: (context, params) => trades(context, params, 500) },
  { path: '/market/history-trades', per2s: 20, run: historyTrades },
  { path: '/market/ticker', per2s: 20, run: (context, params) => tickers(context, [context.market(params)]) },
  { path: '/market/tickers', per2s: 20, run: (context, params) => tickers(context, context.markets(params)) },
  { path: '/market/candles', per2s: 40, run: (context, params) => candles(context, params, [100, 300]) },
  { path: '/market/history-candles', per2s: 20, run: (context, params) => candles(context, params, [100, 100]) },
  { path: '/market/index-tickers', per2s: 20, run: indexTickers },
  { path: '/market/mark-price-candles', per2s: 20, run: (context, params) => published(context, params, 'mark') },
  { path: '/market/index-candles', per2s: 20, run: (context, params) => published(context, params, 'index') },
];

function book(context: RouteContext, params: Params, [byDefault, max]: readonly [number, number]): readonly unknown[] {
  const market = context.market(params);
  const text = context.texts.of(market);
  const top = market.book.top(params.integer('sz', byDefault, max));
  const side = (name: 'bids' | 'asks') => top[name].map((level) => text.level(name, level));
  return [{ asks: side('asks'), bids: side('bids'), ts: String(market.changedAt), seqId: market.book.lastId }];
}

function trades(context: RouteContext, params: Params, max: number): readonly unknown[] {
  const market = context.market(params);
  const page = market.tape.page(params.integer('limit', 100, max));
  return page.map((trade) => rows.trade(context.texts.of(market), trade)).reverse();
}

/** Pages by trade id, or by time with `type=2`. */
function historyTrades(context: RouteContext, params: Params): readonly unknown[] {
  const market = context.market(params);
  const byTime = params.optional('type') === '2';
  const page = params.page(market.tape.trades, ({ id, time }) => (byTime ? time : id), [100, 100]);
  return page.map((trade) => rows.trade(context.texts.of(market), trade));
}

function tickers(context: RouteContext, markets: readonly Market[]): readonly unknown[] {
  return markets.map((market) => rows.ticker(context.texts.of(market))).filter((row) => row !== undefined);
}

function candles(context: RouteContext, params: Params, limits: readonly [number, number]): readonly unknown[] {
  const market = context.market(params);
  const bar = params.optional('bar') ?? '1m';
  if (!isBar(bar)) throw say.wrong('bar');
  const now = market.now();
  const page = params.page(barsOf(market, bar, now), ({ openTime }) => openTime, limits);
  return page.map((candle) => context.texts.of(market).candle(candle, candle.endTime <= now));
}

function indexTickers(context: RouteContext, params: Params): readonly unknown[] {
  const [instId, quote] = [params.optional('instId'), params.optional('quoteCcy')];
  if (instId === undefined && quote === undefined) throw say.missing('quoteCcy');
  const byIndex = new Map(
    context.venue.listings
      .filter((listing) => (instId === undefined ? listing.quote === quote : indexOf(listing) === instId))
      .map((listing) => [indexOf(listing), listing]),
  );
  if (byIndex.size === 0) throw say.noInstrument();
  return [...byIndex.values()].map(({ venueSymbol }) => rows.indexTicker(context.texts.of(context.venue.market(venueSymbol)!)));
}

/** Minutes of mark and index price since the opening. */
function published(context: RouteContext, params: Params, price: 'mark' | 'index'): readonly unknown[] {
  const id = params.required('instId');
  const listing = context.venue.listings.find((each) => (price === 'mark' ? each.venueSymbol : indexOf(each)) === id);
  const market = listing && context.venue.market(listing.venueSymbol);
  if (!market) throw say.noInstrument();
  const bar = params.optional('bar') ?? '1m';
  if (!isBar(bar) || !/^\d+m$/.test(bar)) throw say.wrong('bar');
  const page = params.page(market.published[price].candles(bar), ({ openTime }) => openTime, [100, 100]);
  return page.map(({ openTime, endTime, open, high, low, close }) => [
    String(openTime),
    ...[open, high, low, close].map((value) => free(value)),
    endTime <= market.now() ? '1' : '0',
  ]);
}
