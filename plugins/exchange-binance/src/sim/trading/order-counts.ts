import { VenueError } from '../venue-error.js';

/** How many orders an account may send in a window. */
export interface OrderLimit {
  readonly interval: 'SECOND' | 'MINUTE' | 'DAY';
  readonly intervalNum: number;
  readonly limit: number;
}

/** A row of `rateLimits`, as WebSocket answers and `/rateLimit/order` say it. */
export interface OrderCountRow extends OrderLimit {
  readonly rateLimitType: 'ORDERS';
  readonly count: number;
}

const UNIT_MS = { SECOND: 1000, MINUTE: 60_000, DAY: 86_400_000 } as const;

interface Used {
  window: number;
  count: number;
}

/** Orders per account and window, shared by all products of a pool. */
export class OrderCounts {
  readonly #limits: readonly OrderLimit[];
  readonly #byAccount = new Map<string, readonly Used[]>();

  /** @param factor on every limit; `Infinity` switches them off */
  constructor(
    limits: readonly OrderLimit[],
    readonly factor: number,
  ) {
    this.#limits = limits.map((row) => ({ ...row, limit: row.limit * factor }));
  }

  /**
   * Counts new orders of an account.
   * @throws VenueError -1015 when a window is full; then none is counted
   */
  take(account: string, orders: number, now: number): void {
    const used = this.#used(account, now);
    const full = this.#limits.findIndex(({ limit }, i) => used[i]!.count + orders > limit);
    if (full >= 0) throw tooMany(this.#limits[full]!, now);
    for (const row of used) row.count += orders;
  }

  /** Takes one order off the running windows: on spot, those that fill do not count. */
  forgive(account: string, now: number): void {
    for (const row of this.#used(account, now)) row.count = Math.max(0, row.count - 1);
  }

  rows(account: string, now: number): readonly OrderCountRow[] {
    const used = this.#used(account, now);
    return this.#limits.map((row, i) => ({ rateLimitType: 'ORDERS', ...row, count: used[i]!.count }));
  }

  /** `x-mbx-order-count-10s` and its like. */
  headers(account: string, now: number): Record<string, string> {
    const name = ({ intervalNum, interval }: OrderLimit) => `x-mbx-order-count-${intervalNum}${interval[0]!.toLowerCase()}`;
    return Object.fromEntries(this.rows(account, now).map((row) => [name(row), String(row.count)]));
  }

  #used(account: string, now: number): readonly Used[] {
    const used = this.#byAccount.get(account) ?? this.#limits.map(() => ({ window: -1, count: 0 }));
    this.#byAccount.set(account, used);
    this.#limits.forEach((limit, i) => {
      const window = Math.floor(now / lengthOf(limit));
      if (used[i]!.window !== window) Object.assign(used[i]!, { window, count: 0 });
    });
    return used;
  }
}

function lengthOf({ interval, intervalNum }: OrderLimit): number {
  return UNIT_MS[interval] * intervalNum;
}

function tooMany(limit: OrderLimit, now: number): VenueError {
  const length = lengthOf(limit);
  const retry = Math.ceil((length - (now % length)) / 1000);
  const text = `Too many new orders; current limit is ${limit.limit} orders per ${limit.intervalNum} ${limit.interval}.`;
  return new VenueError(-1015, text, 429, { 'retry-after': String(retry) });
}
