/** What is left of an allowance. */
export interface Allowance {
  readonly limit: number;
  readonly left: number;
  /** Until the oldest one spent comes back, ms; 0 while there is something left. */
  readonly resetsInMs: number;
  /** How many of those asked for could be had. */
  readonly granted: number;
}

/** So many requests in any span of a fixed length, by key. */
export class RollingLimit {
  readonly #times = new Map<string, number[]>();

  constructor(
    private readonly windowMs: number,
    /** Multiplies every limit. */
    private readonly factor: number,
  ) {}

  /**
   * Takes up to `count`, as many as there are.
   * @param now of a clock that nobody sets: spans are of time that has passed
   */
  take(key: string, per: number, now: number, count = 1): Allowance {
    const times = this.#times.get(key) ?? [];
    this.#times.set(key, times);
    while (times.length > 0 && times[0]! <= now - this.windowMs) times.shift();
    const limit = per * this.factor;
    const granted = Math.max(0, Math.min(count, limit - times.length));
    for (let i = 0; i < granted; i++) times.push(now);
    const resetsInMs = times.length < limit ? 0 : (times[0] ?? now) + this.windowMs - now;
    return { limit, left: Math.max(0, limit - times.length), resetsInMs, granted };
  }
}
