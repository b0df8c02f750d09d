import { VenueError } from './venue-error.js';

/** Requests that an address may still send after its first 429 before it is banned. */
const PATIENCE = 10;

interface Usage {
  window: number;
  weight: number;
  refused: number;
  bannedUntil: number;
}

export interface WeightPoolOptions {
  readonly limit: number;
  /** Windows begin at whole multiples of this. */
  readonly windowMs: number;
  /** How long an address that ignores 429 stays banned. */
  readonly banMs: number;
}

/** A request budget per address and window, shared by all products of a pool. */
export class WeightPool {
  readonly #options: WeightPoolOptions;
  readonly #byAddress = new Map<string, Usage>();

  constructor(options: WeightPoolOptions) {
    this.#options = options;
  }

  /**
   * Books the weight of one request.
   * @returns the weight used in this window, this request included
   * @throws VenueError 429 over the budget, 418 while banned
   */
  take(address: string, weight: number, now: number): number {
    const { limit, banMs } = this.#options;
    const usage = this.#usage(address, now);
    if (now < usage.bannedUntil) throw banned(usage, now);
    usage.weight += weight;
    if (usage.weight <= limit) return usage.weight;
    if (++usage.refused <= PATIENCE) throw this.#tooMany(now);
    usage.bannedUntil = now + banMs;
    throw banned(usage, now);
  }

  /** Weight used by an address in the running window. */
  used(address: string, now: number): number {
    return this.#usage(address, now).weight;
  }

  #usage(address: string, now: number): Usage {
    const window = Math.floor(now / this.#options.windowMs);
    const usage = this.#byAddress.get(address);
    if (usage?.window === window) return usage;
    const fresh = { window, weight: 0, refused: 0, bannedUntil: usage?.bannedUntil ?? 0 };
    this.#byAddress.set(address, fresh);
    return fresh;
  }

  #tooMany(now: number): VenueError {
    const { limit, windowMs } = this.#options;
    const retry = Math.ceil((windowMs - (now % windowMs)) / 1000);
    const text =
      `Too much request weight used; current limit is ${limit} request weight per ${windowMs / 60_000} MINUTE. ` +
      'Please use WebSocket Streams for live updates to avoid polling the API.';
    return new VenueError(-1003, text, 429, { 'retry-after': String(retry) });
  }
}

function banned(usage: Usage, now: number): VenueError {
  const retry = Math.ceil((usage.bannedUntil - now) / 1000);
  const text =
    `Way too much request weight used; IP banned until ${Math.ceil(usage.bannedUntil)}. ` +
    'Please use WebSocket Streams for live updates to avoid bans.';
  return new VenueError(-1003, text, 418, { 'retry-after': String(retry) });
}

/** What is counted: request weight, two separate request counts on futures, new connections. */
type Bucket = 'weight' | 'funding' | 'data' | 'connections';
export type Budgets = Readonly<Record<Bucket, WeightPool>>;
