import { type BucketSpec, type Endpoint, type Method, type Weight, weightByLimit, weightByPresence } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

/** What the products call their parts of the API. */
const PREFIX: Readonly<Record<VenueId, string>> = { binance: '/api/v3', binanceusdm: '/fapi/v1', binancecoinm: '/dapi/v1' };

/** One route of all products: path below the product's prefix (or from the root with `/`), and the documented weights. */
interface Row {
  readonly path: string | Readonly<Partial<Record<VenueId, string>>>;
  /** Products without a weight do not have the route. */
  readonly weight: Readonly<Partial<Record<VenueId, Weight>>>;
  readonly costs?: Endpoint['costs'] | ((venue: VenueId) => Endpoint['costs']);
  readonly auth?: Endpoint['auth'];
  /** Default `GET`. */
  readonly method?: Method;
  /** Default: GET is, nothing else. */
  readonly idempotent?: boolean;
}

const everywhere = (weight: Weight) => ({ binance: weight, binanceusdm: weight, binancecoinm: weight });
const onFutures = (weight: Weight) => ({ binanceusdm: weight, binancecoinm: weight });
const ofSpotAndFutures = (spot: Weight, futures: Weight) => ({ binance: spot, ...onFutures(futures) });

const symbolOrAll = (one: number, all: number): Weight => weightByPresence(['symbol', 'pair'], one, all);

const spotDepth = weightByLimit('limit', 100, [
  [100, 5],
  [500, 25],
  [1000, 50],
  [5000, 250],
]);
const futuresDepth = weightByLimit('limit', 500, [
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
]);
const futuresKlines = weightByLimit('limit', 500, [
  [99, 1],
  [499, 2],
  [1000, 5],
  [1500, 10],
]);

/** Symbols asked for: one, a JSON list of them, or all. */
function symbolCount(params: Parameters<Extract<Weight, (...args: never[]) => number>>[0]): number {
  if (params['symbol'] !== undefined) return 1;
  return params['symbols'] === undefined ? Number.POSITIVE_INFINITY : String(params['symbols']).split(',').length;
}
const spotTicker24h: Weight = (params) => (symbolCount(params) <= 20 ? 2 : symbolCount(params) <= 100 ? 40 : 80);
const spotWindowTicker: Weight = (params) => Math.min(200, 4 * symbolCount(params));
const spotSymbolOr4: Weight = (params) => (symbolCount(params) === 1 ? 2 : 4);

/** Public routes are all GET: asking twice is the same as asking once. */
const PUBLIC_ROWS = {
  ping: { path: 'ping', weight: everywhere(1) },
  time: { path: 'time', weight: everywhere(1) },
  exchangeInfo: { path: 'exchangeInfo', weight: ofSpotAndFutures(20, 1) },
  depth: { path: 'depth', weight: ofSpotAndFutures(spotDepth, futuresDepth) },
  rpiDepth: { path: 'rpiDepth', weight: { binanceusdm: 20 } },
  trades: { path: 'trades', weight: ofSpotAndFutures(25, 5) },
  historicalTrades: { path: 'historicalTrades', weight: ofSpotAndFutures(25, 200), auth: 'key' },
  aggTrades: { path: 'aggTrades', weight: ofSpotAndFutures(4, 20) },
  klines: { path: 'klines', weight: ofSpotAndFutures(2, futuresKlines) },
  uiKlines: { path: 'uiKlines', weight: { binance: 2 } },
  continuousKlines: { path: 'continuousKlines', weight: onFutures(futuresKlines) },
  indexPriceKlines: { path: 'indexPriceKlines', weight: onFutures(futuresKlines) },
  markPriceKlines: { path: 'markPriceKlines', weight: onFutures(futuresKlines) },
  premiumIndexKlines: { path: 'premiumIndexKlines', weight: onFutures(futuresKlines) },
  avgPrice: { path: 'avgPrice', weight: { binance: 2 } },
  ticker24h: { path: 'ticker/24hr', weight: ofSpotAndFutures(spotTicker24h, symbolOrAll(1, 40)) },
  tickerTradingDay: { path: 'ticker/tradingDay', weight: { binance: spotWindowTicker } },
  tickerWindow: { path: 'ticker', weight: { binance: spotWindowTicker } },
  tickerPrice: {
    path: { binance: 'ticker/price', binanceusdm: '/fapi/v2/ticker/price', binancecoinm: 'ticker/price' },
    weight: ofSpotAndFutures(spotSymbolOr4, symbolOrAll(1, 2)),
  },
  bookTicker: { path: 'ticker/bookTicker', weight: ofSpotAndFutures(spotSymbolOr4, symbolOrAll(2, 5)) },
  executionRules: { path: 'executionRules', weight: { binance: symbolOrAll(2, 40) } },
  referencePrice: { path: 'referencePrice', weight: { binance: 2 } },
  premiumIndex: { path: 'premiumIndex', weight: { binanceusdm: symbolOrAll(1, 10), binancecoinm: 10 } },
  fundingRate: { path: 'fundingRate', weight: { binanceusdm: 0, binancecoinm: 1 }, costs: { funding: 1 } },
  fundingInfo: { path: 'fundingInfo', weight: { binanceusdm: 0, binancecoinm: 1 }, costs: { funding: 1 } },
  openInterest: { path: 'openInterest', weight: onFutures(1) },
  openInterestHistory: {
    path: '/futures/data/openInterestHist',
    weight: { binanceusdm: 0, binancecoinm: 1 },
    costs: { statistics: 1 },
  },
  basis: { path: '/futures/data/basis', weight: { binanceusdm: 0, binancecoinm: 1 }, costs: { statistics: 1 } },
  constituents: { path: 'constituents', weight: onFutures(2) },
} as const satisfies Readonly<Record<string, Row>>;

/** What orders count, besides weight: by 10 s and by minute on futures, by day on spot. */
const orders =
  (in10s: number, inLong = 1) =>
  (venue: VenueId): Endpoint['costs'] =>
    venue === 'binance' ? { orders10s: in10s, orders1d: in10s } : { orders10s: in10s, orders1m: inLong };
const spotFills: Weight = (params) => (params['orderId'] === undefined ? 20 : 5);

/** Orders and accounts. What changes something is sent once, unless doing it twice is the same as once. */
const PRIVATE_ROWS = {
  placeOrder: {
    method: 'POST',
    path: 'order',
    weight: ofSpotAndFutures(1, 0),
    costs: orders(1),
    auth: 'signed',
  },
  placeOrders: { method: 'POST', path: 'batchOrders', weight: onFutures(5), costs: orders(5), auth: 'signed' },
  amendOrder: {
    method: 'PUT',
    path: { binance: 'order/amend/keepPriority', binanceusdm: 'order', binancecoinm: 'order' },
    weight: { binance: 4, binanceusdm: 0, binancecoinm: 1 },
    costs: (venue) => (venue === 'binance' ? {} : orders(1)(venue)),
    auth: 'signed',
  },
  cancelOrder: { method: 'DELETE', path: 'order', weight: everywhere(1), auth: 'signed' },
  cancelOrders: {
    method: 'DELETE',
    path: 'batchOrders',
    weight: { binanceusdm: 1, binancecoinm: 5 },
    auth: 'signed',
  },
  cancelAllOrders: {
    method: 'DELETE',
    path: { binance: 'openOrders', binanceusdm: 'allOpenOrders', binancecoinm: 'allOpenOrders' },
    weight: everywhere(1),
    auth: 'signed',
  },
  cancelAllConditional: { method: 'DELETE', path: 'algoOpenOrders', weight: onFutures(1), auth: 'signed' },
  cancelAllAfter: { method: 'POST', path: 'countdownCancelAll', weight: onFutures(10), auth: 'signed', idempotent: true },
  order: { path: 'order', weight: ofSpotAndFutures(4, 1), auth: 'signed' },
  openOrders: {
    path: 'openOrders',
    weight: ofSpotAndFutures(weightByPresence(['symbol'], 6, 80), symbolOrAll(1, 40)),
    auth: 'signed',
  },
  fills: {
    path: { binance: 'myTrades', binanceusdm: 'userTrades', binancecoinm: 'userTrades' },
    weight: ofSpotAndFutures(spotFills, 5),
    auth: 'signed',
  },
  balances: {
    path: { binance: 'account', binanceusdm: '/fapi/v3/balance', binancecoinm: 'balance' },
    weight: { binance: 20, binanceusdm: 5, binancecoinm: 1 },
    auth: 'signed',
  },
  positions: {
    path: { binanceusdm: '/fapi/v3/positionRisk', binancecoinm: 'positionRisk' },
    weight: { binanceusdm: 5, binancecoinm: 1 },
    auth: 'signed',
  },
  symbolConfig: { path: 'symbolConfig', weight: { binanceusdm: 5 }, auth: 'signed' },
  feeRates: {
    path: { binance: 'account/commission', binanceusdm: 'commissionRate', binancecoinm: 'commissionRate' },
    weight: everywhere(20),
    auth: 'signed',
  },
  setLeverage: { method: 'POST', path: 'leverage', weight: onFutures(1), auth: 'signed', idempotent: true },
  setMarginMode: { method: 'POST', path: 'marginType', weight: onFutures(1), auth: 'signed', idempotent: true },
  hedgeMode: { path: 'positionSide/dual', weight: onFutures(30), auth: 'signed' },
  setHedgeMode: { method: 'POST', path: 'positionSide/dual', weight: onFutures(1), auth: 'signed', idempotent: true },
  openListenKey: { method: 'POST', path: 'listenKey', weight: onFutures(1), auth: 'key', idempotent: true },
  keepListenKey: { method: 'PUT', path: 'listenKey', weight: onFutures(1), auth: 'key', idempotent: true },
} as const satisfies Readonly<Record<string, Row>>;

const ROWS = { ...PUBLIC_ROWS, ...PRIVATE_ROWS };

export type EndpointName = keyof typeof ROWS;

/** The routes that a venue has. */
export function endpointsOf(venue: VenueId): Readonly<Partial<Record<EndpointName, Endpoint>>> {
  const table: Partial<Record<EndpointName, Endpoint>> = {};
  for (const [name, row] of Object.entries(ROWS) as [EndpointName, Row][]) {
    const weight = row.weight[venue];
    const path = typeof row.path === 'string' ? row.path : row.path[venue];
    if (weight === undefined || path === undefined) continue;
    const { method = 'GET', idempotent = method === 'GET', auth = 'none' } = row;
    const costs = typeof row.costs === 'function' ? row.costs(venue) : row.costs;
    table[name] = {
      method,
      path: path.startsWith('/') ? path : `${PREFIX[venue]}/${path}`,
      weight,
      idempotent,
      auth,
      ...(costs && { costs }),
    };
  }
  return table;
}

/** Pools of allowances: spot has its own; USD-M and COIN-M have shared theirs since 2026-06-30. */
export const POOL_OF: Readonly<Record<VenueId, 'binance-spot' | 'binance-futures'>> = {
  binance: 'binance-spot',
  binanceusdm: 'binance-futures',
  binancecoinm: 'binance-futures',
};

const MINUTE = 60_000;

/** Limits as documented; `exchangeInfo.rateLimits` replaces them when it has been read. */
export const BUCKETS: Readonly<Record<(typeof POOL_OF)[VenueId], readonly BucketSpec[]>> = {
  'binance-spot': [
    { id: 'weight', limit: 6_000, intervalMs: MINUTE, header: 'x-mbx-used-weight-1m' },
    { id: 'raw', limit: 300_000, intervalMs: 5 * MINUTE, perRequest: 1 },
  ],
  'binance-futures': [
    { id: 'weight', limit: 2_400, intervalMs: MINUTE, header: 'x-mbx-used-weight-1m' },
    { id: 'funding', limit: 500, intervalMs: 5 * MINUTE },
    { id: 'statistics', limit: 1_000, intervalMs: 5 * MINUTE },
  ],
};

/** What the venue counts by account: orders. Spot gives filled ones back, which only its own count in the headers shows. */
export const ACCOUNT_BUCKETS: Readonly<Record<(typeof POOL_OF)[VenueId], readonly BucketSpec[]>> = {
  'binance-spot': [
    { id: 'orders10s', limit: 50, intervalMs: 10_000, header: 'x-mbx-order-count-10s' },
    { id: 'orders1d', limit: 160_000, intervalMs: 24 * 60 * MINUTE, header: 'x-mbx-order-count-1d' },
  ],
  'binance-futures': [
    { id: 'orders10s', limit: 300, intervalMs: 10_000, header: 'x-mbx-order-count-10s' },
    { id: 'orders1m', limit: 1_200, intervalMs: MINUTE, header: 'x-mbx-order-count-1m' },
  ],
};

/** Which bucket a row of `exchangeInfo.rateLimits` speaks of. */
export const BUCKET_OF_LIMIT: Readonly<Record<string, string>> = {
  'REQUEST_WEIGHT 1 MINUTE': 'weight',
  'RAW_REQUESTS 5 MINUTE': 'raw',
  'ORDERS 10 SECOND': 'orders10s',
  'ORDERS 1 MINUTE': 'orders1m',
  'ORDERS 1 DAY': 'orders1d',
};
