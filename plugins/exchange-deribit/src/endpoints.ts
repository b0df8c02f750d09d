import { type BucketSpec, endpointsOf } from '@speed-protocol/wire';

/** The venue's pools of credits, as leaky buckets: so many at once, and so many a second after that. */
interface Pool {
  readonly burst: number;
  readonly perSecond: number;
}

/** https://docs.deribit.com/articles/rate-limits, the limits of an account that has not traded yet. */
const POOLS = {
  general: { burst: 50_000, perSecond: 10_000 },
  instruments: { burst: 500_000, perSecond: 10_000 },
  matching: { burst: 20, perSecond: 5 },
} as const satisfies Readonly<Record<string, Pool>>;

type PoolName = keyof typeof POOLS;

interface Row {
  readonly method: string;
  readonly pool?: PoolName;
  /** Credits; each pool's usual price unless said. */
  readonly price?: number;
  /** False for what may not be asked twice. */
  readonly asks?: false;
}

const PRICES: Readonly<Record<PoolName, number>> = { general: 500, instruments: 10_000, matching: 1 };
const order = (method: string) => ({ method, pool: 'matching', asks: false }) as const;

/** Methods by name; private ones are signed. https://docs.deribit.com */
const ROWS = {
  time: { method: 'public/get_time' },
  instruments: { method: 'public/get_instruments', pool: 'instruments' },
  instrument: { method: 'public/get_instrument' },
  book: { method: 'public/get_order_book' },
  ticker: { method: 'public/ticker' },
  trades: { method: 'public/get_last_trades_by_instrument' },
  fundingHistory: { method: 'public/get_funding_rate_history' },
  buy: order('private/buy'),
  sell: order('private/sell'),
  edit: order('private/edit'),
  editByLabel: order('private/edit_by_label'),
  cancel: order('private/cancel'),
  cancelByLabel: order('private/cancel_by_label'),
  cancelAll: order('private/cancel_all_by_instrument'),
  order: { method: 'private/get_order_state' },
  ordersByLabel: { method: 'private/get_order_state_by_label' },
  openOrders: { method: 'private/get_open_orders' },
  openOrdersOf: { method: 'private/get_open_orders_by_instrument' },
  fills: { method: 'private/get_user_trades_by_instrument' },
  fillsOfOrder: { method: 'private/get_user_trades_by_order' },
  summaries: { method: 'private/get_account_summaries' },
  positions: { method: 'private/get_positions' },
} as const satisfies Readonly<Record<string, Row>>;

export type EndpointName = keyof typeof ROWS;

/** Methods that take the time until which they are good: `valid_until`. */
export const EXPIRING_METHODS: readonly string[] = [ROWS.buy, ROWS.sell, ROWS.edit, ROWS.editByLabel].map(({ method }) => method);

/** Name of the method, e.g. `private/buy`. */
export function methodOf(name: EndpointName): string {
  return ROWS[name].method;
}

/** Routes by name. All go by GET: the query is signed as it is sent, so that numbers keep their digits. */
export const ENDPOINTS = endpointsOf<EndpointName, Row>(
  ROWS,
  ({ method, pool = 'general', price = PRICES[pool], asks = true }) => {
    const auth = method.startsWith('private/') ? 'signed' : 'none';
    return { path: `/api/v2/${method}`, auth, weight: price, bucket: pool, idempotent: asks };
  },
);

/** A burst in the time that it takes to flow off: never more at once, nor on average, than the pool allows. */
export const BUCKETS: readonly BucketSpec[] = Object.entries(POOLS).map(([id, { burst, perSecond }]) => ({
  id,
  limit: burst,
  intervalMs: (1_000 * burst) / perSecond,
}));
