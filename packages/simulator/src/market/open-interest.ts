import type { Trade } from '../engine/types.js';
import type { Random } from '../random.js';

/** Open interest at a whole five minutes, in lots. */
export interface OpenInterestSample {
  readonly time: number;
  readonly lots: number;
}

export const OPEN_INTEREST_STEP_MS = 300_000;
/** A day of samples is drawn for the time before the opening; a month is kept. */
const PREHISTORY = 288;
const KEPT = 30 * 288;

/** Contracts that are open on one market, now and at every whole five minutes. */
export class OpenInterest {
  readonly samples: OpenInterestSample[];
  #lots: number;

  constructor(options: { readonly lots: number; readonly openedAt: number; readonly random: Random }) {
    this.#lots = options.lots;
    this.samples = drawPast(options);
  }

  get lots(): number {
    return this.#lots;
  }

  /** The sides of a trade open, close or hand over: by the trade's id, so that nothing is drawn here. */
  trade({ id, size }: Trade): void {
    const step = [size, -size, 0][id % 3]!;
    this.#lots = Math.max(0, this.#lots + step);
  }

  close(lots: number): void {
    this.#lots = Math.max(0, this.#lots - lots);
  }

  /** Takes the samples that are due. */
  sample(now: number): void {
    for (let time = this.samples.at(-1)!.time + OPEN_INTEREST_STEP_MS; time <= now; time += OPEN_INTEREST_STEP_MS) {
      this.samples.push({ time, lots: this.#lots });
      if (this.samples.length > KEPT) this.samples.shift();
    }
  }
}

function drawPast(options: { readonly lots: number; readonly openedAt: number; readonly random: Random }): OpenInterestSample[] {
  const last = Math.floor(options.openedAt / OPEN_INTEREST_STEP_MS) * OPEN_INTEREST_STEP_MS;
  const past: OpenInterestSample[] = [];
  let lots = options.lots;
  for (let i = 0; i < PREHISTORY; i++) {
    past.push({ time: last - i * OPEN_INTEREST_STEP_MS, lots });
    lots = Math.round(lots * (1 + 0.003 * options.random.normal()));
  }
  return past.reverse();
}
