import type { VirtualClock } from '../clock.js';
import type { Account } from './account.js';

/** Dead man's switches: one per account and symbol. */
export class Countdowns {
  readonly #clock: VirtualClock;
  readonly #strike: (account: Account, symbol: string) => void;
  readonly #armed = new Map<string, () => void>();

  constructor(clock: VirtualClock, strike: (account: Account, symbol: string) => void) {
    this.#clock = clock;
    this.#strike = strike;
  }

  /** Starts over; 0 ms only ends what runs. */
  arm(account: Account, symbol: string, ms: number): void {
    const key = `${account.id}/${symbol}`;
    this.#armed.get(key)?.();
    this.#armed.delete(key);
    if (ms <= 0) return;
    const cancel = this.#clock.schedule(ms, () => {
      this.#armed.delete(key);
      this.#strike(account, symbol);
    });
    this.#armed.set(key, cancel);
  }
}
