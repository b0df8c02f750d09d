import type { Product } from '../products.js';
import { pairOf } from '../text.js';
import { say, VenueError } from '../venue-error.js';
import type { Params } from './params.js';
import { ALL, FUTURES, type Route, type RouteContext } from './route.js';

export const BOOK_ROUTES: readonly Route[] = [
  { path: '/depth', families: ALL, weight: depthWeight, run: depth },
  { path: '/rpiDepth', families: ['linear'], weight: 20, run: depth },
  { path: '/ticker/bookTicker', families: ['spot'], weight: (params) => (params.has('symbol') ? 2 : 4), run: bookTicker },
  { path: '/ticker/bookTicker', families: FUTURES, weight: (params) => (params.has('symbol') ? 2 : 5), run: bookTicker },
];

const FUTURES_LIMITS = [5, 10, 20, 50, 100, 500, 1000];

function depthWeight(params: Params, product: Product): number {
  const limit = params.integer('limit') ?? product.depthDefault;
  return product.depthWeights.find(([upTo]) => limit <= upTo)?.[1] ?? product.depthWeights.at(-1)![1];
}

function depth(context: RouteContext, params: Params): unknown {
  const market = context.market(params.symbol());
  const limit = depthLimit(context, params);
  const text = context.text(market);
  const spot = context.product.family === 'spot';
  // The futures' counter runs on between the changes of a book: a snapshot carries its present value.
  const lastUpdateId = spot ? market.book.lastId : market.book.mark();
  const { bids, asks } = market.book.top(limit);
  const { venueSymbol } = market.listing;
  return {
    lastUpdateId,
    ...(!spot && { E: context.now(), T: market.changedAt }),
    ...(context.product.family === 'inverse' && { symbol: venueSymbol, pair: pairOf(venueSymbol) }),
    bids: text.levels(bids),
    asks: text.levels(asks),
  };
}

function depthLimit(context: RouteContext, params: Params): number {
  const limit = params.integer('limit') ?? context.product.depthDefault;
  if (context.product.family === 'spot') {
    if (limit < 1) throw say.invalid('limit');
    return Math.min(limit, 5000);
  }
  if (!FUTURES_LIMITS.includes(limit)) throw new VenueError(-4021, `${limit} is not valid depth limit`);
  return limit;
}

function bookTicker(context: RouteContext, params: Params): unknown {
  const symbol = params.optionalSymbol();
  const list = params.symbolList();
  if (symbol) return quote(context, symbol);
  const symbols = list ?? context.venue.markets.map((market) => market.listing.venueSymbol);
  return symbols.map((each) => quote(context, each));
}

function quote(context: RouteContext, symbol: string): unknown {
  const market = context.market(symbol);
  const text = context.text(market);
  const { bids, asks } = market.engine;
  const futures = context.product.family !== 'spot';
  return {
    ...(futures && { lastUpdateId: market.book.lastId }),
    symbol,
    ...(context.product.family === 'inverse' && { pair: pairOf(symbol) }),
    bidPrice: text.price(bids.best?.price ?? 0),
    bidQty: text.size(bids.best?.total ?? 0),
    askPrice: text.price(asks.best?.price ?? 0),
    askQty: text.size(asks.best?.total ?? 0),
    ...(futures && { time: market.changedAt }),
  };
}
