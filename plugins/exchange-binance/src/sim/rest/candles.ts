import { CANDLE_INTERVALS, type Candle, type Market, type SampledCandle } from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import { contractTypeOf, eight, pairOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import { FUTURES, type Route, type RouteContext } from './route.js';

export const CANDLE_ROUTES: readonly Route[] = [
  { path: '/klines', families: ['spot'], weight: 2, run: klines },
  { path: '/uiKlines', families: ['spot'], weight: 2, run: klines },
  { path: '/klines', families: FUTURES, weight: candleWeight, run: klines },
  { path: '/continuousKlines', families: FUTURES, weight: candleWeight, run: continuousKlines },
  {
    path: '/markPriceKlines',
    families: FUTURES,
    weight: candleWeight,
    run: (c, p) => sampled(c, p, 'mark', c.anyMarket(p.symbol())),
  },
  {
    path: '/premiumIndexKlines',
    families: FUTURES,
    weight: candleWeight,
    run: (c, p) => sampled(c, p, 'premium', c.anyMarket(p.symbol())),
  },
  {
    path: '/indexPriceKlines',
    families: FUTURES,
    weight: candleWeight,
    run: (c, p) => sampled(c, p, 'index', marketOfPair(c, p.symbol('pair'))),
  },
];

function candleWeight(params: Params, product: Product): number {
  const limit = params.integer('limit') ?? product.klineLimit[0];
  if (limit < 100) return 1;
  if (limit < 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

function intervalOf(params: Params, allowSeconds: boolean): string {
  const interval = params.required('interval');
  if (!(interval in CANDLE_INTERVALS) || (interval === '1s' && !allowSeconds)) throw say.badInterval();
  return interval;
}

function klines(context: RouteContext, params: Params): unknown {
  const spot = context.product.family === 'spot';
  const market = spot ? context.market(params.symbol()) : context.anyMarket(params.symbol());
  return tradedRows(context, params, market, intervalOf(params, spot));
}

function continuousKlines(context: RouteContext, params: Params): unknown {
  const pair = params.symbol('pair');
  const contractType = params.required('contractType');
  const listing = context.venue.listings.find(
    (each) => pairOf(each.venueSymbol) === pair && contractTypeOf(each, context.now()) === contractType,
  );
  if (!listing) throw say.invalid('contractType');
  return tradedRows(context, params, context.market(listing.venueSymbol), intervalOf(params, false));
}

/** The perpetual of a pair, or its first future. */
function marketOfPair(context: RouteContext, pair: string): Market {
  const venues = [context.venue, ...context.futures];
  for (const venue of venues) {
    const listing = venue.listings.find((each) => pairOf(each.venueSymbol) === pair);
    if (listing) return venue.market(listing.venueSymbol)!;
  }
  throw say.badSymbol();
}

function tradedRows(context: RouteContext, params: Params, market: Market, interval: string): unknown[] {
  const text = context.text(market);
  const candles = window(market.candles.candles(interval, market.now()), context, params);
  return candles.map((candle: Candle) => [
    candle.openTime,
    text.price(candle.open),
    text.price(candle.high),
    text.price(candle.low),
    text.price(candle.close),
    text.size(candle.volume),
    candle.endTime - 1,
    text.turnover(candle.turnover),
    candle.count,
    text.size(candle.takerBuyVolume),
    text.turnover(candle.takerBuyTurnover),
    '0',
  ]);
}

function sampled(context: RouteContext, params: Params, price: 'mark' | 'index' | 'premium', market: Market): unknown[] {
  const candles = window(market.published[price].candles(intervalOf(params, false)), context, params);
  return candles.map(({ openTime, open, high, low, close, endTime, count }: SampledCandle) => [
    openTime,
    ...[open, high, low, close].map(eight),
    '0',
    endTime - 1,
    '0',
    count,
    '0',
    '0',
    '0',
  ]);
}

/** The rows asked for: from a start on, up to an end, the latest without either. */
function window<C extends { readonly openTime: number }>(
  candles: readonly C[],
  context: RouteContext,
  params: Params,
): readonly C[] {
  const [fallback, max] = context.product.klineLimit;
  const limit = params.integer('limit', { min: 1, max }) ?? fallback;
  const [since, until] = [params.integer('startTime'), params.integer('endTime')];
  const chosen = candles.filter(({ openTime }) => openTime >= (since ?? 0) && openTime <= (until ?? openTime));
  return since === undefined ? chosen.slice(-limit) : chosen.slice(0, limit);
}
