export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  /** In [0, 1); injected so that a run repeats from its seed. */
  readonly random: () => number;
}

/** Exponential delays with jitter: between half and all of `base x 2^n`, capped. */
export class Backoff {
  private attempts = 0;

  constructor(private readonly options: BackoffOptions) {}

  /** ms to wait before the next attempt. */
  next(): number {
    const { baseMs, maxMs, random } = this.options;
    const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(this.attempts++, 30));
    return ceiling * (0.5 + 0.5 * random());
  }

  reset(): void {
    this.attempts = 0;
  }
}
