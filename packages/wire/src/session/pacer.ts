/**
 * At most `limit` permits in any window of `windowMs`: a ring of the times of the last permits. An infinite limit is none.
 */
export class Pacer {
  private readonly times: Float64Array;
  private at = 0;

  constructor(
    limit: number,
    private readonly windowMs = 1000,
  ) {
    this.times = new Float64Array(limit === Number.POSITIVE_INFINITY ? 0 : limit).fill(Number.NEGATIVE_INFINITY);
  }

  get isUnlimited(): boolean {
    return this.times.length === 0;
  }

  /** Takes a permit if one is free at `now`. */
  take(now: number): boolean {
    if (this.waitMs(now) > 0) return false;
    if (this.times.length === 0) return true;
    this.times[this.at] = now;
    this.at = (this.at + 1) % this.times.length;
    return true;
  }

  /** ms until a permit is free; 0 when one is. */
  waitMs(now: number): number {
    return this.times.length === 0 ? 0 : Math.max(0, (this.times[this.at] as number) + this.windowMs - now);
  }
}
