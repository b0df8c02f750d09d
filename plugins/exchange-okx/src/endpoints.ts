import { type BucketSpec, type Endpoint, endpointsOf } from '@speed-protocol/wire';

/** One route: path, and how many requests are let through in two seconds. Each route has an allowance of its own. */
interface Row extends Pick<Partial<Endpoint>, 'method' | 'auth' | 'whole' | 'weight'> {
  readonly path: string;
  readonly per2s: number;
}

/** Each order of a batch counts. */
const BATCH: Omit<Row, 'path'> = {
  per2s: 300,
  method: 'POST',
  auth: 'signed',
  whole: 'orders',
  weight: ({ count }) => Number(count),
};

const WINDOW_MS = 2_000;

/** https://www.okx.com/docs-v5/en/, the "Rate Limit" of each route. There are no weights, and no headers tell the use. */
const ROWS = {
  time: { path: '/api/v5/public/time', per2s: 10 },
  instruments: { path: '/api/v5/public/instruments', per2s: 20 },
  books: { path: '/api/v5/market/books', per2s: 40 },
  booksFull: { path: '/api/v5/market/books-full', per2s: 10 },
  trades: { path: '/api/v5/market/trades', per2s: 100 },
  indexTickers: { path: '/api/v5/market/index-tickers', per2s: 20 },
  fundingRate: { path: '/api/v5/public/funding-rate', per2s: 10 },
  fundingRateHistory: { path: '/api/v5/public/funding-rate-history', per2s: 10 },
  markPrice: { path: '/api/v5/public/mark-price', per2s: 10 },
  placeOrder: { path: '/api/v5/trade/order', per2s: 60, method: 'POST', auth: 'signed' },
  amendOrder: { path: '/api/v5/trade/amend-order', per2s: 60, method: 'POST', auth: 'signed' },
  cancelOrder: { path: '/api/v5/trade/cancel-order', per2s: 60, method: 'POST', auth: 'signed' },
  placeOrders: { path: '/api/v5/trade/batch-orders', ...BATCH },
  cancelOrders: { path: '/api/v5/trade/cancel-batch-orders', ...BATCH },
  order: { path: '/api/v5/trade/order', per2s: 60, auth: 'signed' },
  openOrders: { path: '/api/v5/trade/orders-pending', per2s: 60, auth: 'signed' },
  fills: { path: '/api/v5/trade/fills', per2s: 60, auth: 'signed' },
  balance: { path: '/api/v5/account/balance', per2s: 10, auth: 'signed' },
  positions: { path: '/api/v5/account/positions', per2s: 10, auth: 'signed' },
  config: { path: '/api/v5/account/config', per2s: 5, auth: 'signed' },
  feeRates: { path: '/api/v5/account/trade-fee', per2s: 5, auth: 'signed' },
  setLeverage: { path: '/api/v5/account/set-leverage', per2s: 40, method: 'POST', auth: 'signed' },
  setPositionMode: { path: '/api/v5/account/set-position-mode', per2s: 5, method: 'POST', auth: 'signed' },
} as const satisfies Readonly<Record<string, Row>>;

export type EndpointName = keyof typeof ROWS;

/** Routes by name. */
export const ENDPOINTS = endpointsOf<EndpointName, Row>(ROWS, ({ per2s: _, ...row }, name) => ({ ...row, bucket: name }));

/** An allowance for each route. */
export const BUCKETS: readonly BucketSpec[] = Object.entries(ROWS).map(([id, { per2s }]) => ({
  id,
  limit: per2s,
  intervalMs: WINDOW_MS,
}));
