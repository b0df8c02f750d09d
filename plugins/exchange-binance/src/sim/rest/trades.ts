import type { AggregateTrade, Trade } from '@speed-protocol/simulator';
import { say } from '../venue-error.js';
import type { Params } from './params.js';
import { FUTURES, type Route, type RouteContext } from './route.js';

const HOUR = 3_600_000;

export const TRADE_ROUTES: readonly Route[] = [
  { path: '/trades', families: ['spot'], weight: 25, run: (context, params) => trades(context, params) },
  { path: '/trades', families: FUTURES, weight: 5, run: (context, params) => trades(context, params) },
  { path: '/historicalTrades', families: ['spot'], weight: 25, run: (c, p) => trades(c, p, p.integer('fromId')) },
  { path: '/historicalTrades', families: FUTURES, weight: 200, key: true, run: (c, p) => trades(c, p, p.integer('fromId')) },
  { path: '/aggTrades', families: ['spot'], weight: 4, run: aggregateTrades },
  { path: '/aggTrades', families: FUTURES, weight: 20, run: aggregateTrades },
];

function limitOf(params: Params): number {
  return params.integer('limit', { min: 1, max: 1000 }) ?? 500;
}

function trades(context: RouteContext, params: Params, fromId?: number): unknown {
  const market = context.market(params.symbol());
  const text = context.text(market);
  const worth = { spot: 'quoteQty', linear: 'quoteQty', inverse: 'baseQty' }[context.product.family];
  return market.tape.page(limitOf(params), fromId).map(({ id, price, size, side, time }: Trade) => ({
    id,
    price: text.price(price),
    qty: text.size(size),
    [worth]: text.turnover(market.turnover(price, size)),
    time,
    isBuyerMaker: side === 'sell',
    ...(context.product.family === 'spot' && { isBestMatch: true }),
  }));
}

function aggregateTrades(context: RouteContext, params: Params): unknown {
  const market = context.market(params.symbol());
  const text = context.text(market);
  const rows = selectAggregates(context, params);
  return rows.map(({ id, price, size, firstId, lastId, time, side }) => ({
    a: id,
    p: text.price(price),
    q: text.size(size),
    ...(context.product.family === 'linear' && { nq: text.size(size) }),
    f: firstId,
    l: lastId,
    T: time,
    m: side === 'sell',
    ...(context.product.family === 'spot' && { M: true }),
  }));
}

/** By id, by time (futures: at most an hour), or the latest. */
function selectAggregates(context: RouteContext, params: Params): readonly AggregateTrade[] {
  const { tape } = context.market(params.symbol());
  const [from, since, until] = [params.integer('fromId'), params.integer('startTime'), params.integer('endTime')];
  if (from !== undefined) return tape.aggregatePage(limitOf(params), from);
  if (since === undefined && until === undefined) return tape.aggregatePage(limitOf(params));
  const span = (until ?? context.now()) - (since ?? 0);
  if (context.product.family !== 'spot' && since !== undefined && until !== undefined && span >= HOUR)
    throw say.invalid('startTime');
  return tape.aggregates.filter(({ time }) => time >= (since ?? 0) && time <= (until ?? time)).slice(0, limitOf(params));
}
