import type { Clock } from '@speed-protocol/core';

/** Time that moves only when told to, by instant and then by order of scheduling. */
export class VirtualClock implements Clock {
  #now = 1_767_225_600_000;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), run };
    const index = this.#timers.findIndex((each) => each.at > timer.at);
    if (index < 0) this.#timers.push(timer);
    else this.#timers.splice(index, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, resolve));
  }

  /** Lets `ms` pass; whatever a timer sets off has come to rest before the next one runs. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await rest();
    while (this.#timers.length > 0 && this.#timers[0]!.at <= end) {
      const timer = this.#timers.shift()!;
      this.#now = timer.at;
      timer.run();
      if (this.#timers[0]?.at !== this.#now) await rest();
    }
    this.#now = end;
    await rest();
  }

  /** Lets time pass until the promise settles; what it waits for may be real, as a disk is. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    while (!settled) await this.pass(10);
    return promise;
  }
}

/** Until promises that wait for nothing but each other are settled. */
function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
