import { type Clock, type ErrorKind, SpeedError } from '@speed-protocol/core';

/** When an idempotent request is sent again. */
export interface RetryPolicy {
  /** Sendings in all, the first one included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Retries that may be saved up; each success earns a tenth of one. A venue that is down gets no storm. */
  readonly budget: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 3, baseMs: 200, capMs: 5_000, budget: 10 };

const EARNED_PER_SUCCESS = 0.1;

/** Kinds that another attempt may cure; `clock-skew` and `rate-limited` are handled on their own. */
const CURABLE: ReadonlySet<ErrorKind> = new Set(['timeout', 'connection', 'unavailable', 'protocol', 'rate-limited']);

export function isCurable(error: SpeedError): boolean {
  return CURABLE.has(error.kind);
}

/** The client's purse of retries. */
export class RetryBudget {
  #left: number;

  constructor(readonly policy: RetryPolicy) {
    this.#left = policy.budget;
  }

  earn(): void {
    this.#left = Math.min(this.policy.budget, this.#left + EARNED_PER_SUCCESS);
  }

  /** True when there was one left, and it is spent now. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Full jitter: anywhere between nothing and the exponential step. */
export function backoffMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
}

/**
 * Waits by the clock.
 * @throws SpeedError `aborted` when the signal fires first
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new SpeedError('aborted', 'aborted while waiting to try again'));
    const cancel = clock.schedule(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(new SpeedError('aborted', 'aborted while waiting to try again'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
