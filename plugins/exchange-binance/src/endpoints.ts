import { type BucketSpec, type Endpoint, type Params, type Weight, weightByLimit, weightByPresence } from '@speed-protocol/wire';
import { type Column, ofVenue, type VenueId } from './config.js';
import type { WireRateLimit } from './types.js';

/** What the products call their parts of the API. */
const PREFIX: Column<string> = ['/api/v3', '/fapi/v1', '/dapi/v1'];

/** Products without it do not have the route. */
const NONE = undefined;

/** One route: path below the product's prefix (or from the root with `/`), and what the venue documents that it weighs. */
interface Row extends Pick<Partial<Endpoint>, 'method' | 'auth' | 'idempotent'> {
  readonly path: Column<string | undefined>;
  readonly weight: Column<Weight | undefined>;
  /** What it takes besides weight. */
  readonly costs?: Column<Endpoint['costs']>;
}

const symbolOrAll = (one: number, all: number): Weight => weightByPresence(['symbol', 'pair'], one, all);

const byLimit = (byDefault: number, ...rows: readonly (readonly [upTo: number, weight: number])[]): Weight =>
  weightByLimit('limit', byDefault, rows);
const spotDepth = byLimit(100, [100, 5], [500, 25], [1000, 50], [5000, 250]);
const futuresDepth = byLimit(500, [50, 2], [100, 5], [500, 10], [1000, 20]);
const futuresKlines = byLimit(500, [99, 1], [499, 2], [1000, 5], [1500, 10]);
const KLINES = [NONE, futuresKlines, futuresKlines] as const;

/** Symbols asked for: one, a JSON list of them, or all. */
function symbolCount({ symbol, symbols }: Params): number {
  if (symbol !== undefined) return 1;
  return symbols === undefined ? Number.POSITIVE_INFINITY : String(symbols).split(',').length;
}
const spotTicker24h: Weight = (params) => (symbolCount(params) <= 20 ? 2 : symbolCount(params) <= 100 ? 40 : 80);
const spotWindowTicker: Weight = (params) => Math.min(200, 4 * symbolCount(params));
const spotSymbolOr4: Weight = (params) => (symbolCount(params) === 1 ? 2 : 4);

const FUNDING = { costs: { funding: 1 } } as const;
const STATISTICS = { costs: { statistics: 1 } } as const;

/** Public routes are all GET: asking twice is the same as asking once. */
const PUBLIC_ROWS = {
  ping: { path: 'ping', weight: 1 },
  time: { path: 'time', weight: 1 },
  exchangeInfo: { path: 'exchangeInfo', weight: [20, 1, 1] },
  depth: { path: 'depth', weight: [spotDepth, futuresDepth, futuresDepth] },
  rpiDepth: { path: 'rpiDepth', weight: [NONE, 20, NONE] },
  trades: { path: 'trades', weight: [25, 5, 5] },
  historicalTrades: { path: 'historicalTrades', weight: [25, 200, 200], auth: 'key' },
  aggTrades: { path: 'aggTrades', weight: [4, 20, 20] },
  klines: { path: 'klines', weight: [2, futuresKlines, futuresKlines] },
  uiKlines: { path: 'uiKlines', weight: [2, NONE, NONE] },
  continuousKlines: { path: 'continuousKlines', weight: KLINES },
  indexPriceKlines: { path: 'indexPriceKlines', weight: KLINES },
  markPriceKlines: { path: 'markPriceKlines', weight: KLINES },
  premiumIndexKlines: { path: 'premiumIndexKlines', weight: KLINES },
  avgPrice: { path: 'avgPrice', weight: [2, NONE, NONE] },
  ticker24h: { path: 'ticker/24hr', weight: [spotTicker24h, symbolOrAll(1, 40), symbolOrAll(1, 40)] },
  tickerTradingDay: { path: 'ticker/tradingDay', weight: [spotWindowTicker, NONE, NONE] },
  tickerWindow: { path: 'ticker', weight: [spotWindowTicker, NONE, NONE] },
  tickerPrice: {
    path: ['ticker/price', '/fapi/v2/ticker/price', 'ticker/price'],
    weight: [spotSymbolOr4, symbolOrAll(1, 2), symbolOrAll(1, 2)],
  },
  bookTicker: { path: 'ticker/bookTicker', weight: [spotSymbolOr4, symbolOrAll(2, 5), symbolOrAll(2, 5)] },
  executionRules: { path: 'executionRules', weight: [symbolOrAll(2, 40), NONE, NONE] },
  referencePrice: { path: 'referencePrice', weight: [2, NONE, NONE] },
  premiumIndex: { path: 'premiumIndex', weight: [NONE, symbolOrAll(1, 10), 10] },
  fundingRate: { path: 'fundingRate', weight: [NONE, 0, 1], ...FUNDING },
  fundingInfo: { path: 'fundingInfo', weight: [NONE, 0, 1], ...FUNDING },
  openInterest: { path: 'openInterest', weight: [NONE, 1, 1] },
  openInterestHistory: { path: '/futures/data/openInterestHist', weight: [NONE, 0, 1], ...STATISTICS },
  basis: { path: '/futures/data/basis', weight: [NONE, 0, 1], ...STATISTICS },
  constituents: { path: 'constituents', weight: [NONE, 2, 2] },
} as const satisfies Readonly<Record<string, Row>>;

const GET = { auth: 'signed' } as const;
const POST = { method: 'POST', auth: 'signed' } as const;
const DELETE = { method: 'DELETE', auth: 'signed' } as const;
/** Doing it twice is the same as once. */
const SETTING = { ...POST, idempotent: true } as const;
const LISTEN_KEY = { path: 'listenKey', weight: [NONE, 1, 1], auth: 'key', idempotent: true } as const;

/** Orders count by 10 s and by day on spot, by 10 s and by minute on futures, where a batch of them is one in a minute. */
const spotOrder: Endpoint['costs'] = { orders10s: 1, orders1d: 1 };
const futuresOrders = (count: number): Endpoint['costs'] => ({ orders10s: count, orders1m: 1 });
const spotOpenOrders = weightByPresence(['symbol'], 6, 80);
const spotFills = weightByPresence(['orderId'], 5, 20);

/** Orders and accounts. What changes something is sent once. */
const PRIVATE_ROWS = {
  placeOrder: { ...POST, path: 'order', weight: [1, 0, 0], costs: [spotOrder, futuresOrders(1), futuresOrders(1)] },
  placeOrders: { ...POST, path: 'batchOrders', weight: [NONE, 5, 5], costs: futuresOrders(5) },
  amendOrder: {
    ...{ method: 'PUT', auth: 'signed', path: ['order/amend/keepPriority', 'order', 'order'], weight: [4, 0, 1] },
    costs: [{}, futuresOrders(1), futuresOrders(1)],
  },
  cancelOrder: { ...DELETE, path: 'order', weight: 1 },
  cancelOrders: { ...DELETE, path: 'batchOrders', weight: [NONE, 1, 5] },
  cancelAllOrders: { ...DELETE, path: ['openOrders', 'allOpenOrders', 'allOpenOrders'], weight: 1 },
  cancelAllConditional: { ...DELETE, path: 'algoOpenOrders', weight: [NONE, 1, 1] },
  cancelAllAfter: { ...SETTING, path: 'countdownCancelAll', weight: [NONE, 10, 10] },
  order: { ...GET, path: 'order', weight: [4, 1, 1] },
  openOrders: { ...GET, path: 'openOrders', weight: [spotOpenOrders, symbolOrAll(1, 40), symbolOrAll(1, 40)] },
  fills: { ...GET, path: ['myTrades', 'userTrades', 'userTrades'], weight: [spotFills, 5, 5] },
  balances: { ...GET, path: ['account', '/fapi/v3/balance', 'balance'], weight: [20, 5, 1] },
  positions: { ...GET, path: [NONE, '/fapi/v3/positionRisk', 'positionRisk'], weight: [NONE, 5, 1] },
  symbolConfig: { ...GET, path: 'symbolConfig', weight: [NONE, 5, NONE] },
  feeRates: { ...GET, path: ['account/commission', 'commissionRate', 'commissionRate'], weight: 20 },
  setLeverage: { ...SETTING, path: 'leverage', weight: [NONE, 1, 1] },
  setMarginMode: { ...SETTING, path: 'marginType', weight: [NONE, 1, 1] },
  hedgeMode: { ...GET, path: 'positionSide/dual', weight: [NONE, 30, 30] },
  setHedgeMode: { ...SETTING, path: 'positionSide/dual', weight: [NONE, 1, 1] },
  openListenKey: { ...LISTEN_KEY, method: 'POST' },
  keepListenKey: { ...LISTEN_KEY, method: 'PUT' },
} as const satisfies Readonly<Record<string, Row>>;

const ROWS = { ...PUBLIC_ROWS, ...PRIVATE_ROWS };

export type EndpointName = keyof typeof ROWS;

/** The routes that a venue has. */
export function endpointsOf(venue: VenueId): Readonly<Partial<Record<EndpointName, Endpoint>>> {
  const table: Partial<Record<EndpointName, Endpoint>> = {};
  for (const [name, row] of Object.entries(ROWS) as [EndpointName, Row][]) {
    const [path, weight, costs] = [ofVenue(row.path, venue), ofVenue(row.weight, venue), ofVenue(row.costs, venue)];
    if (weight === undefined || path === undefined) continue;
    const { method = 'GET', idempotent = method === 'GET', auth = 'none' } = row;
    const whole = path.startsWith('/') ? path : `${ofVenue(PREFIX, venue)}/${path}`;
    table[name] = { method, path: whole, weight, idempotent, auth, ...(costs && { costs }) };
  }
  return table;
}

/** Pools of allowances: spot has its own; USD-M and COIN-M have shared theirs since 2026-06-30. */
export const POOL_OF: Readonly<Record<VenueId, 'binance-spot' | 'binance-futures'>> = {
  binance: 'binance-spot',
  binanceusdm: 'binance-futures',
  binancecoinm: 'binance-futures',
};
type Buckets = Readonly<Record<(typeof POOL_OF)[VenueId], readonly BucketSpec[]>>;

const INTERVAL_MS = { SECOND: 1_000, MINUTE: 60_000, DAY: 86_400_000 } as const;

/** What the venue counts, in the words of `exchangeInfo` and of sockets: its bucket, and the header that tells it over REST. */
export const LIMITS = [
  { rateLimitType: 'REQUEST_WEIGHT', intervalNum: 1, interval: 'MINUTE', bucket: 'weight', header: 'x-mbx-used-weight-1m' },
  { rateLimitType: 'RAW_REQUESTS', intervalNum: 5, interval: 'MINUTE', bucket: 'raw' },
  { rateLimitType: 'ORDERS', intervalNum: 10, interval: 'SECOND', bucket: 'orders10s', header: 'x-mbx-order-count-10s' },
  { rateLimitType: 'ORDERS', intervalNum: 1, interval: 'MINUTE', bucket: 'orders1m', header: 'x-mbx-order-count-1m' },
  { rateLimitType: 'ORDERS', intervalNum: 1, interval: 'DAY', bucket: 'orders1d', header: 'x-mbx-order-count-1d' },
] as const satisfies readonly (Limit & Pick<BucketSpec, 'header'> & { readonly bucket: string })[];

type Limit = Partial<Pick<WireRateLimit, 'rateLimitType' | 'intervalNum' | 'interval'>>;

/** True when both speak of the same kind of limit and the same interval. */
export function isSameLimit(a: Limit, b: Limit): boolean {
  return a.rateLimitType === b.rateLimitType && a.intervalNum === b.intervalNum && a.interval === b.interval;
}

/** A bucket of {@link LIMITS}. */
function counted(id: (typeof LIMITS)[number]['bucket'], limit: number): BucketSpec {
  const { intervalNum, interval, ...told } = LIMITS.find(({ bucket }) => bucket === id)!;
  return { id, limit, intervalMs: intervalNum * INTERVAL_MS[interval], ...('header' in told && { header: told.header }) };
}

/** Limits as documented; `exchangeInfo.rateLimits` replaces them when it has been read. */
export const BUCKETS: Buckets = {
  'binance-spot': [counted('weight', 6_000), { ...counted('raw', 300_000), perRequest: 1 }],
  'binance-futures': [
    counted('weight', 2_400),
    { id: 'funding', limit: 500, intervalMs: 5 * INTERVAL_MS.MINUTE },
    { id: 'statistics', limit: 1_000, intervalMs: 5 * INTERVAL_MS.MINUTE },
  ],
};

/** What the venue counts by account: orders. Spot gives filled ones back, which only its own count in the headers shows. */
export const ACCOUNT_BUCKETS: Buckets = {
  'binance-spot': [counted('orders10s', 50), counted('orders1d', 160_000)],
  'binance-futures': [counted('orders10s', 300), counted('orders1m', 1_200)],
};
