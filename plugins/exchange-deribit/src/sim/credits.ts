import { say } from './venue-error.js';

/** A leaky bucket: so many credits at once, and so many flow back a second. */
interface Pool {
  readonly burst: number;
  readonly perSecond: number;
}

/** https://docs.deribit.com/articles/rate-limits, for an account that has not traded yet. */
const POOLS = {
  general: { burst: 50_000, perSecond: 10_000 },
  instruments: { burst: 500_000, perSecond: 10_000 },
  subscriptions: { burst: 30_000, perSecond: 10_000 },
  matching: { burst: 20, perSecond: 5 },
} as const satisfies Readonly<Record<string, Pool>>;

export type PoolName = keyof typeof POOLS;

const PRICES: Readonly<Record<PoolName, number>> = { general: 500, instruments: 10_000, subscriptions: 3_000, matching: 1 };

interface Level {
  used: number;
  at: number;
}

/** What accounts, and addresses without one, have spent. */
export class Credits {
  readonly #levels = new Map<string, Level>();

  /** @param factors multiply the pools; `Infinity` switches them off */
  constructor(private readonly factors: { readonly weight: number; readonly orders: number }) {}

  /**
   * @param now of a clock that nobody sets: credits flow back with the time that has passed
   * @throws VenueError 10028 when there are not enough
   */
  take(owner: string, pool: PoolName, now: number): void {
    const factor = pool === 'matching' ? this.factors.orders : this.factors.weight;
    if (factor === Number.POSITIVE_INFINITY) return;
    const { burst, perSecond } = POOLS[pool];
    const level = this.#levels.get(`${owner} ${pool}`) ?? { used: 0, at: now };
    this.#levels.set(`${owner} ${pool}`, level);
    level.used = Math.max(0, level.used - (perSecond * factor * (now - level.at)) / 1_000);
    level.at = now;
    if (level.used + PRICES[pool] > burst * factor) throw say.tooMany();
    level.used += PRICES[pool];
  }
}
