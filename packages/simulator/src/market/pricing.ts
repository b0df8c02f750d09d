import type { Listing } from '../listing.js';
import type { Random } from '../random.js';
import { Diffusion } from './diffusion.js';

/** Share of the latest observation in the smoothed distance between market and index. */
const SMOOTHING = 0.05;
/** Yearly carry of dated futures. */
const CARRY_PER_YEAR = 0.05;
const YEAR_MS = 365 * 86_400_000;

export interface PricingOptions {
  readonly listing: Listing;
  readonly random: Random;
  /** The asset's price relative to the start; shared by all markets of the asset. */
  readonly index: Diffusion;
  readonly openedAt: number;
}

/** Index, fair and mark price of a market, as float64 in quote units. */
export class Pricing {
  readonly #options: PricingOptions;
  readonly #basis: Diffusion;
  #observed = 0;

  constructor(options: PricingOptions) {
    this.#options = options;
    const spread = options.listing.kind === 'spot' ? 0 : 0.0001;
    const shape = { reversion: 0.02, deviation: spread / 5, stepMs: 1000 };
    this.#basis = new Diffusion(options.random, { start: options.openedAt, initial: spread, mean: spread, ...shape });
  }

  /** Price of the asset itself. */
  indexPrice(now: number): number {
    return this.#options.listing.price * Math.exp(this.#options.index.at(now));
  }

  /** What the order flow takes for right: the index, the market's own basis, and carry until delivery. */
  fair(now: number): number {
    return this.indexPrice(now) * (1 + this.#basis.at(now) + this.#carry(now));
  }

  /** Index plus the smoothed distance of the market from it. */
  mark(now: number): number {
    return this.indexPrice(now) * (1 + this.#observed);
  }

  /** Tells the market's own middle price. */
  observe(now: number, middle: number): void {
    const distance = middle / this.indexPrice(now) - 1;
    this.#observed = this.#observed === 0 ? distance : this.#observed + SMOOTHING * (distance - this.#observed);
  }

  #carry(now: number): number {
    const { expiry } = this.#options.listing;
    return expiry === undefined ? 0 : (CARRY_PER_YEAR * Math.max(0, expiry - now)) / YEAR_MS;
  }
}
