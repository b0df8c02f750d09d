export interface BackoffOptions {
  /** First wait at most, ms; default 250. */
  readonly minMs?: number;
  /** Waits never exceed this, ms; default 10 000. */
  readonly maxMs?: number;
}

/** Full jitter: a random wait up to min * 2^attempt, so that many clients of one server do not return in step. */
export function backoffMs(attempt: number, { minMs = 250, maxMs = 10_000 }: BackoffOptions, random = Math.random): number {
  return Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20)) * (0.5 + random() / 2);
}
