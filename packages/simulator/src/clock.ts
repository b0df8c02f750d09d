import type { Clock } from '@speed-protocol/core';
import { TimerHeap } from './timer-heap.js';

/**
 * Time that moves only when told to. Timers run in order of their instant, those of one instant in the order in which
 * they were scheduled, so a run from one seed is the same run every time.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  #now: number;
  #advancing = false;

  /** @param start ms since epoch */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  schedule(ms: number, run: () => void): () => void {
    return this.#timers.add(this.#now + Math.max(0, ms), run);
  }

  /** As {@link schedule}, at an instant: ms since epoch; one in the past runs at the next advance. */
  scheduleAt(time: number, run: () => void): () => void {
    return this.#timers.add(Math.max(time, this.#now), run);
  }

  /** Moves time forward by `ms` and runs every timer that falls due on the way. */
  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /**
   * Moves time to `time` (ms since epoch; never backwards) and runs every timer that falls due on the way.
   * @throws Error when a timer calls it: what it would run belongs after that timer
   */
  advanceTo(time: number): void {
    if (this.#advancing) throw new Error('a timer may not advance the clock that runs it');
    this.#advancing = true;
    try {
      this.#run(time);
    } finally {
      this.#advancing = false;
    }
  }

  /** True while timers run. */
  get advancing(): boolean {
    return this.#advancing;
  }

  /** Instant of the next timer, or `Infinity`. */
  get nextTimer(): number {
    return this.#timers.nextTime;
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  #run(time: number): void {
    for (let due = this.#timers.takeUntil(time); due; due = this.#timers.takeUntil(time)) {
      this.#now = due.time;
      due.run();
    }
    if (time > this.#now) this.#now = time;
  }
}

/** Shortest sleep of {@link followRealTime}, ms: events due within it are run together, each with its own instant. */
const GRANULARITY_MS = 10;

/**
 * Lets a virtual clock follow a real one. Between wakes the virtual clock stands still, so whoever needs the present
 * (a request handler) calls the returned `catchUp`.
 */
export function followRealTime(virtual: VirtualClock, real: Clock): { catchUp(): void; stop(): void } {
  let cancel = () => {};
  let stopped = false;
  const catchUp = () => {
    // Whoever asks from inside a timer is as present as it gets.
    if (!virtual.advancing) virtual.advanceTo(real.now());
  };
  const wake = () => {
    catchUp();
    sleep();
  };
  const sleep = () => {
    if (stopped) return;
    const wait = Math.min(1000, Math.max(GRANULARITY_MS, virtual.nextTimer - real.now()));
    cancel = real.schedule(wait, wake);
  };
  sleep();
  return {
    catchUp,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
