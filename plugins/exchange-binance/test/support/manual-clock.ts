import type { Clock } from '@speed-protocol/core';

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = Date.now();
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass in steps until the condition holds, the network getting its turns in between. */
  async until(done: () => boolean, stepMs = 100): Promise<void> {
    while (!done()) {
      for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
      this.advance(stepMs);
    }
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
  }
}
