import type { Clock } from '@speed-protocol/core';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when told to; timers fire in order of time, then of making. */
export class VirtualClock implements Clock {
  private time = 1_800_000_000_000;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  schedule(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets `ms` pass; the network gets its turn before every timer. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await turn();
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
    await turn();
  }

  /** The process stood still for `ms`: timers that are due fire at once, before the network gets its turn. */
  standStill(ms: number): void {
    this.time += ms;
    const due = this.timers.filter((timer) => timer.at <= this.time).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const timer of due) timer.run();
  }

  /** Lets time pass in steps until the condition holds. @throws when it does not within `limitMs` */
  async until(done: () => boolean, limitMs = 120_000, stepMs = 100): Promise<void> {
    const end = this.time + limitMs;
    await settle(done);
    while (!done()) {
      if (this.time >= end) throw new Error(`nothing of the kind within ${limitMs} ms`);
      await this.advance(stepMs);
      await settle(done);
    }
  }

  get pending(): number {
    return this.timers.length;
  }
}

/** One turn of the event loop: what has arrived is read, what is written leaves. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Turns of the event loop until the condition holds, or until loopback has surely had its time. */
export async function settle(done: () => boolean, turns = 50): Promise<void> {
  for (let i = 0; i < turns && !done(); i++) await turn();
}
