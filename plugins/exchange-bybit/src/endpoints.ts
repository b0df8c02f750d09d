import { type BucketSpec, type Endpoint, endpointsOf, type Params, type Weight } from '@speed-protocol/wire';

/** One route: path, and for private ones how many requests an account may make in a second. */
interface Row {
  readonly path: string;
  readonly method?: Endpoint['method'];
  /** Contracts and, apart from them, spot; absent on public routes, which the address alone pays for. */
  readonly perSecond?: readonly [contracts: number, spot?: number];
  /** Default 1. */
  readonly weight?: number;
}

/** https://bybit-exchange.github.io/docs/v5/rate-limit, at the default tier. */
const ROWS = {
  time: { path: '/v5/market/time' },
  instruments: { path: '/v5/market/instruments-info' },
  orderbook: { path: '/v5/market/orderbook' },
  trades: { path: '/v5/market/recent-trade' },
  tickers: { path: '/v5/market/tickers' },
  fundingHistory: { path: '/v5/market/funding/history' },
  placeOrder: { path: '/v5/order/create', method: 'POST', perSecond: [10, 20] },
  amendOrder: { path: '/v5/order/amend', method: 'POST', perSecond: [10, 10] },
  cancelOrder: { path: '/v5/order/cancel', method: 'POST', perSecond: [10, 20] },
  // Each order of a batch counts; a batch is taken for a full one.
  placeOrders: { path: '/v5/order/create-batch', method: 'POST', perSecond: [10], weight: 10 },
  cancelOrders: { path: '/v5/order/cancel-batch', method: 'POST', perSecond: [10], weight: 10 },
  cancelAll: { path: '/v5/order/cancel-all', method: 'POST', perSecond: [10, 20] },
  orders: { path: '/v5/order/realtime', perSecond: [50] },
  orderHistory: { path: '/v5/order/history', perSecond: [50] },
  fills: { path: '/v5/execution/list', perSecond: [50] },
  positions: { path: '/v5/position/list', perSecond: [50] },
  balance: { path: '/v5/account/wallet-balance', perSecond: [50] },
  feeRates: { path: '/v5/account/fee-rate', perSecond: [5] },
  setLeverage: { path: '/v5/position/set-leverage', method: 'POST', perSecond: [10] },
  setMarginMode: { path: '/v5/account/set-margin-mode', method: 'POST', perSecond: [5] },
  switchMode: { path: '/v5/position/switch-mode', method: 'POST', perSecond: [10] },
} as const satisfies Readonly<Record<string, Row>>;

export type EndpointName = keyof typeof ROWS;

const rows: readonly (readonly [string, Row])[] = Object.entries(ROWS);
const spotBucket = (name: string) => `${name}.spot`;

const costIf =
  (isSpot: boolean): Weight =>
  (params: Params) =>
    Number((params['category'] === 'spot') === isSpot);

const ADDRESS = 'address';

function routeOf({ path, method = 'GET', perSecond, weight = 1 }: Row, name: string) {
  if (!perSecond) return { path, method, bucket: ADDRESS, weight: 0 };
  const route = { path, method, auth: 'signed', bucket: name } as const;
  if (perSecond[1] === undefined) return { ...route, weight };
  return { ...route, weight: costIf(false), costs: { [spotBucket(name)]: costIf(true) } };
}

/** Routes by name. */
export const ENDPOINTS = endpointsOf<EndpointName, Row>(ROWS, routeOf);

const second = (id: string, limit: number): BucketSpec => ({ id, limit, intervalMs: 1_000 });

/** What an address may ask, and what an account may ask of each route. */
export const BUCKETS: readonly BucketSpec[] = [
  { id: ADDRESS, limit: 600, intervalMs: 5_000, perRequest: 1 },
  ...rows.flatMap(([name, { perSecond = [undefined] }]) => [
    ...(perSecond[0] === undefined ? [] : [second(name, perSecond[0])]),
    ...(perSecond[1] === undefined ? [] : [second(spotBucket(name), perSecond[1])]),
  ]),
];
