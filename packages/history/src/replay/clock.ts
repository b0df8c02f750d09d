import type { Clock } from '@speed-protocol/core';

interface Timer {
  readonly at: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** The recording's own time: stands at the event that is being replayed; timers go off as replay passes them. */
export class ReplayClock implements Clock {
  #now = 0;
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  schedule(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + ms, run, cancelled: false };
    const behind = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(behind < 0 ? this.#timers.length : behind, 0, timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Moves on to `time`, running every timer on the way in order. */
  advance(time: number): void {
    for (let due = this.#timers[0]; due !== undefined && due.at <= time; due = this.#timers[0]) {
      this.#timers.shift();
      if (due.at > this.#now) this.#now = due.at;
      if (!due.cancelled) due.run();
    }
    if (time > this.#now) this.#now = time;
  }
}
