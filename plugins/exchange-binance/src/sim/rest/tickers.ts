import type { Market, WindowStatistics } from '@speed-protocol/simulator';
import { percentChange, weightedAverage } from '../streams/statistics-frames.js';
import { pairOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import { FUTURES, type Route, type RouteContext } from './route.js';

const DAY_MINUTES = 1440;
const MINUTE = 60_000;
const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: DAY_MINUTES };

export const TICKER_ROUTES: readonly Route[] = [
  { path: '/ticker/24hr', families: ['spot'], weight: dayWeight, run: (c, p) => spotTickers(c, p, DAY_MINUTES) },
  {
    path: '/ticker/24hr',
    families: FUTURES,
    weight: (p) => (p.has('symbol') ? 1 : 40),
    run: (c, p) => select(c, p, futuresTicker),
  },
  { path: '/ticker', families: ['spot'], weight: windowWeight, run: (c, p) => spotTickers(c, p, windowMinutes(p), true) },
  {
    path: '/ticker/tradingDay',
    families: ['spot'],
    weight: windowWeight,
    run: (c, p) => spotTickers(c, p, minutesToday(c), true),
  },
  { path: '/ticker/price', families: ['spot'], weight: (p) => (p.has('symbol') ? 2 : 4), run: (c, p) => select(c, p, price) },
  { path: '/ticker/price', families: FUTURES, weight: (p) => (p.has('symbol') ? 1 : 2), run: (c, p) => select(c, p, price) },
  {
    path: '/fapi/v2/ticker/price',
    absolute: true,
    families: ['linear'],
    weight: (p) => (p.has('symbol') ? 1 : 2),
    run: (c, p) => select(c, p, price),
  },
  { path: '/avgPrice', families: ['spot'], weight: 2, run: averagePrice },
  { path: '/referencePrice', families: ['spot'], weight: 2, run: referencePrice },
];

function countOf(params: Params): number {
  return params.has('symbol') ? 1 : (params.symbolList()?.length ?? Number.POSITIVE_INFINITY);
}

function dayWeight(params: Params): number {
  const count = countOf(params);
  if (count <= 20) return 2;
  return count <= 100 ? 40 : 80;
}

function windowWeight(params: Params): number {
  return Math.min(200, 4 * countOf(params));
}

/**
 * One row for `symbol`, a list for `symbols`, for a `pair` or without either: then of the markets that are open.
 * COIN-M answers with a list in any case.
 */
function select(context: RouteContext, params: Params, row: (context: RouteContext, market: Market) => unknown): unknown {
  const [symbol, list, pair] = [params.optionalSymbol(), params.symbolList(), params.optionalSymbol('pair')];
  if ([symbol, list, pair].filter((given) => given !== undefined).length > 1) throw say.tooMany();
  if (symbol !== undefined) {
    const one = row(context, context.market(symbol));
    return context.product.family === 'inverse' ? [one] : one;
  }
  const markets = list ? list.map((each) => context.market(each)) : context.venue.markets;
  const chosen = pair === undefined ? markets : markets.filter(({ listing }) => pairOf(listing.venueSymbol) === pair);
  return chosen.map((market) => row(context, market));
}

function printer(context: RouteContext, market: Market) {
  return { market, text: context.text(market), product: context.product };
}

function statisticsOf(market: Market, minutes: number): WindowStatistics {
  const stats = market.candles.statistics(minutes, market.now());
  if (!stats) throw say.badSymbol();
  return stats;
}

function spotTickers(context: RouteContext, params: Params, minutes: number, rolling = false): unknown {
  const mini = params.optional('type') === 'MINI';
  if (rolling && countOf(params) > 100) throw say.missing('symbols');
  return select(context, params, (_, market) => spotTicker(context, market, minutes, { mini, rolling }));
}

function spotTicker(context: RouteContext, market: Market, minutes: number, kind: { mini: boolean; rolling: boolean }): unknown {
  const stats = statisticsOf(market, minutes);
  const text = context.text(market);
  const change = {
    priceChange: text.price(stats.last - stats.open),
    priceChangePercent: percentChange(stats),
    weightedAvgPrice: weightedAverage(printer(context, market), stats),
  };
  return {
    symbol: market.listing.venueSymbol,
    ...(!kind.mini && change),
    ...(!kind.mini && !kind.rolling && { prevClosePrice: text.price(stats.open), ...touch(context, market) }),
    openPrice: text.price(stats.open),
    highPrice: text.price(stats.high),
    lowPrice: text.price(stats.low),
    lastPrice: text.price(stats.last),
    volume: text.size(stats.volume),
    quoteVolume: text.turnover(stats.turnover),
    ...frame(stats),
  };
}

function touch(context: RouteContext, market: Market) {
  const text = context.text(market);
  const { bids, asks } = market.engine;
  return {
    lastQty: text.size(market.tape.last?.size ?? 0),
    bidPrice: text.price(bids.best?.price ?? 0),
    bidQty: text.size(bids.best?.total ?? 0),
    askPrice: text.price(asks.best?.price ?? 0),
    askQty: text.size(asks.best?.total ?? 0),
  };
}

function frame({ openTime, closeTime, firstId, lastId, count }: WindowStatistics) {
  return { openTime, closeTime, firstId, lastId, count };
}

function futuresTicker(context: RouteContext, market: Market): unknown {
  const stats = statisticsOf(market, DAY_MINUTES);
  const text = context.text(market);
  const inverse = context.product.family === 'inverse';
  const symbol = market.listing.venueSymbol;
  return {
    symbol,
    ...(inverse && { pair: pairOf(symbol) }),
    priceChange: text.price(stats.last - stats.open),
    priceChangePercent: percentChange(stats),
    weightedAvgPrice: weightedAverage(printer(context, market), stats),
    lastPrice: text.price(stats.last),
    lastQty: text.size(market.tape.last?.size ?? 0),
    openPrice: text.price(stats.open),
    highPrice: text.price(stats.high),
    lowPrice: text.price(stats.low),
    volume: text.size(stats.volume),
    [inverse ? 'baseVolume' : 'quoteVolume']: text.turnover(stats.turnover),
    ...frame(stats),
  };
}

function price(context: RouteContext, market: Market): unknown {
  const { venueSymbol } = market.listing;
  const last = context.text(market).price(statisticsOf(market, DAY_MINUTES).last);
  if (context.product.family === 'spot') return { symbol: venueSymbol, price: last };
  const time = market.tape.last?.time ?? context.now();
  return { symbol: venueSymbol, ...(context.product.family === 'inverse' && { ps: pairOf(venueSymbol) }), price: last, time };
}

function averagePrice(context: RouteContext, params: Params): unknown {
  const market = context.market(params.symbol());
  const stats = statisticsOf(market, 5);
  const closeTime = market.tape.last?.time ?? context.now();
  return { mins: 5, price: weightedAverage(printer(context, market), stats), closeTime };
}

function referencePrice(context: RouteContext, params: Params): unknown {
  const market = context.market(params.symbol());
  const value = context.text(market).free(market.pricing.indexPrice(context.now()));
  return { symbol: market.listing.venueSymbol, referencePrice: value, timestamp: context.now() };
}

/** `windowSize`: 1m-59m, 1h-23h, 1d-7d; a day without it. */
function windowMinutes(params: Params): number {
  const text = params.optional('windowSize') ?? '1d';
  const match = /^(\d{1,2})([mhd])$/.exec(text);
  const limit = { m: 59, h: 23, d: 7 }[match?.[2] ?? 'm']!;
  if (!match || Number(match[1]) < 1 || Number(match[1]) > limit) throw say.invalid('windowSize');
  return Number(match[1]) * UNIT_MINUTES[match[2]!]!;
}

/** Minutes since midnight UTC, the running one included. */
function minutesToday(context: RouteContext): number {
  return Math.floor((context.now() % (DAY_MINUTES * MINUTE)) / MINUTE) + 1;
}
