import type { VirtualClock } from '@speed-protocol/simulator';

/** Virtual ms per step. */
const STEP_MS = 10;
/** Turns of the event loop per step: what sockets carry arrives a few steps after it was sent, as on a network. */
const TURNS = 3;

/**
 * Drives a simulation and its clients, which share one clock, as fast as this machine can: time moves by a step, then the
 * sockets get their turn. A run of an hour takes minutes, and nothing in it waits for a real timer.
 */
export class VirtualTime {
  private readonly watchers: ((now: number) => void)[] = [];
  private held = 0;

  constructor(private readonly clock: VirtualClock) {}

  get now(): number {
    return this.clock.now();
  }

  /** Calls `watch` after every step. */
  onStep(watch: (now: number) => void): void {
    this.watchers.push(watch);
  }

  /** Time stands still until the promise settles: minutes would pass while a real disk turns. */
  hold<T>(promise: Promise<T>): Promise<T> {
    this.held++;
    return promise.finally(() => this.held--);
  }

  /** Runs until `done` says so; false when it did not within `limitMs` of virtual time. */
  async until(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.now + limitMs;
    while (!done()) {
      if (this.now >= end) return false;
      await this.step();
    }
    return true;
  }

  /** Runs until the promise settles. */
  async during<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    while (!settled) await this.step();
    return promise;
  }

  private async step(): Promise<void> {
    if (this.held === 0) this.clock.advance(STEP_MS);
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    for (const watch of this.watchers) watch(this.now);
  }
}
