/** Times of one stage, ms. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The value that at least `fraction` of the values do not exceed (nearest rank). @param sorted ascending, not empty */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const rank = Math.ceil(fraction * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!;
}

/** `null` when there are no values. */
export function summarize(values: Iterable<number>): Summary | null {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return null;
  return {
    count: sorted.length,
    mean: round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    p50: round(quantile(sorted, 0.5)),
    p90: round(quantile(sorted, 0.9)),
    p99: round(quantile(sorted, 0.99)),
    max: round(sorted[sorted.length - 1]!),
  };
}

/** Microseconds are as far as the clock can be trusted. */
export const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** How often each value occurs, most frequent first. */
export function tally<T>(values: Iterable<T>): [value: T, count: number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Counts in `size` buckets whose bounds grow by the same factor, from the least value to the greatest. */
export function histogram(values: readonly number[], size: number): Bucket[] {
  if (values.length === 0) return [];
  const least = Math.max(1e-3, Math.min(...values));
  const factor = Math.max(1 + 1e-9, (Math.max(...values, least) / least) ** (1 / size));
  const counts = new Array<number>(size).fill(0);
  for (const value of values) {
    const at = Math.floor(Math.log(Math.max(value, least) / least) / Math.log(factor));
    counts[Math.min(size - 1, Math.max(0, at))]!++;
  }
  return counts.map((count, at) => ({ from: least * factor ** at, to: least * factor ** (at + 1), count }));
}
