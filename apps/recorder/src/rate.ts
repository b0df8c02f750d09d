import type { Clock } from '@speed-protocol/core';

/** Looks back this far, ms. */
const WINDOW_MS = 5_000;

/** How fast a counter grows: per second, over the last seconds. */
export class Rate {
  readonly #clock: Clock;
  readonly #read: () => number;
  readonly #marks: { readonly at: number; readonly count: number }[] = [];

  constructor(clock: Clock, read: () => number) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Notes where the counter stands; call it about once a second. */
  mark(): void {
    const now = this.#clock.now();
    this.#marks.push({ at: now, count: this.#read() });
    while (this.#marks.length > 2 && now - this.#marks[1]!.at >= WINDOW_MS) this.#marks.shift();
  }

  get perSecond(): number {
    const [first] = this.#marks;
    if (first === undefined) return 0;
    const seconds = (this.#clock.now() - first.at) / 1000;
    return seconds < 0.5 ? 0 : (this.#read() - first.count) / seconds;
  }
}
