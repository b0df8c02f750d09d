/** Upper bounds of the buckets, ms; the last bucket has none. */
export const BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Counts of the latest values in fixed buckets, with exact quantiles over the same window. */
export class Histogram {
  readonly counts = new Uint32Array(BUCKETS.length + 1);
  /** Values below zero: the sender's clock is ahead of ours. */
  negative = 0;
  readonly #window: Float64Array;
  #next = 0;
  #filled = 0;

  /** @param size how many values the window holds */
  constructor(size = 2000) {
    this.#window = new Float64Array(size);
  }

  get total(): number {
    return this.#filled;
  }

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.#filled === this.#window.length) this.#count(this.#window[this.#next]!, -1);
    else this.#filled++;
    this.#window[this.#next] = value;
    this.#next = (this.#next + 1) % this.#window.length;
    this.#count(value, 1);
  }

  /** Values at the given fractions (0.5 is the median); empty when there are no values. */
  quantiles(fractions: readonly number[]): number[] {
    if (this.#filled === 0) return [];
    const sorted = this.#window.slice(0, this.#filled).sort();
    return fractions.map((fraction) => sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))]!);
  }

  #count(value: number, step: 1 | -1): void {
    if (value < 0) this.negative += step;
    this.counts[bucketOf(value)]! += step;
  }
}

function bucketOf(value: number): number {
  const at = BUCKETS.findIndex((bound) => value < bound);
  return at < 0 ? BUCKETS.length : at;
}

/** Upper bound of each bucket, as written under its bar. */
export const BUCKET_LABELS: readonly string[] = [...BUCKETS.map((bound) => (bound < 1000 ? `${bound}` : '1 s')), '∞'];
