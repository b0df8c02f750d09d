/** Buckets grow by a tenth: quantiles are right to 10 %. From 10 us to about 100 s. */
const GROWTH = Math.log(1.1);
const FIRST_MS = 0.01;
const BUCKETS = 170;

/** A histogram of latencies since start, for quantiles. */
export class Latency {
  readonly #counts = new Float64Array(BUCKETS);
  count = 0;

  add(ms: number): void {
    const at = ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / GROWTH);
    this.#counts[Math.min(BUCKETS - 1, at)]! += 1;
    this.count++;
  }

  /** Upper bound of the bucket that holds the fraction, ms; `null` without values. */
  quantile(fraction: number): number | null {
    if (this.count === 0) return null;
    const wanted = Math.max(1, Math.ceil(fraction * this.count));
    let at = 0;
    for (let seen = this.#counts[0]!; seen < wanted; seen += this.#counts[at]!) at++;
    return FIRST_MS * Math.exp(at * GROWTH);
  }
}
