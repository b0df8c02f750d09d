import type { Random } from '../random.js';

export interface DiffusionOptions {
  /** Instant of the first value, ms. */
  readonly start: number;
  readonly initial: number;
  /** The value is pulled here ... */
  readonly mean: number;
  /** ... by this share per second. */
  readonly reversion: number;
  /** Standard deviation after one second. */
  readonly deviation: number;
  /** ms between steps; default 100. */
  readonly stepMs?: number;
}

/** A mean-reverting random walk on a fixed time grid: the value at an instant does not depend on who asks, or how often. */
export class Diffusion {
  readonly #stepMs: number;
  readonly #pull: number;
  readonly #kick: number;
  readonly #random: Random;
  readonly #mean: number;
  #value: number;
  #nextStep: number;

  constructor(random: Random, options: DiffusionOptions) {
    this.#random = random;
    this.#stepMs = options.stepMs ?? 100;
    this.#pull = options.reversion * (this.#stepMs / 1000);
    this.#kick = options.deviation * Math.sqrt(this.#stepMs / 1000);
    this.#mean = options.mean;
    this.#value = options.initial;
    this.#nextStep = options.start + this.#stepMs;
  }

  /** Value at `time` (ms; asked in rising order). */
  at(time: number): number {
    for (; this.#nextStep <= time; this.#nextStep += this.#stepMs) {
      this.#value += this.#pull * (this.#mean - this.#value) + this.#kick * this.#random.normal();
    }
    return this.#value;
  }
}
