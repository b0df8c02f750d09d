import type { Random } from '../random.js';

/** One settled funding payment. */
export interface FundingSettlement {
  readonly time: number;
  /** Fraction with 8 decimals, e.g. 0.0001. */
  readonly rate: number;
  readonly markPrice: number;
}

const HOUR = 3_600_000;
/** Interest per 8 hours, and the reach of the clamp around it, as perpetuals commonly have them. */
const INTEREST_PER_8H = 0.0001;
const CLAMP = 0.0005;
/** Largest rate either way. */
const CAP = 0.02;
/** Settlements kept, and drawn from the seed for the time before the opening. */
const KEPT = 1000;
const PREHISTORY = 200;

/** Funding of one perpetual: the rate that accrues from the premium, and its settlements on a fixed schedule. */
export class Funding {
  readonly settlements: FundingSettlement[];
  readonly #intervalMs: number;
  readonly #interest: number;
  #premiumSum = 0;
  #samples = 0;

  constructor(
    readonly intervalHours: number,
    options: { readonly random: Random; readonly openedAt: number; readonly price: number },
  ) {
    this.#intervalMs = intervalHours * HOUR;
    this.#interest = (INTEREST_PER_8H * intervalHours) / 8;
    this.settlements = this.#drawPast(options);
  }

  /** Instant of the next settlement after `now`: whole intervals since midnight UTC. */
  nextTime(now: number): number {
    return (Math.floor(now / this.#intervalMs) + 1) * this.#intervalMs;
  }

  /** The rate as it would settle now. */
  get rate(): number {
    const premium = this.#samples === 0 ? this.#interest : this.#premiumSum / this.#samples;
    const rate = premium + clamp(this.#interest - premium, CLAMP);
    return round8(clamp(rate, CAP));
  }

  /** Takes one sample of the premium: mark over index, less one. */
  sample(premium: number): void {
    this.#premiumSum += premium;
    this.#samples++;
  }

  settle(time: number, markPrice: number): FundingSettlement {
    const settlement = { time, rate: this.rate, markPrice };
    this.settlements.push(settlement);
    if (this.settlements.length > KEPT) this.settlements.shift();
    this.#premiumSum = 0;
    this.#samples = 0;
    return settlement;
  }

  #drawPast(options: { readonly random: Random; readonly openedAt: number; readonly price: number }): FundingSettlement[] {
    const past: FundingSettlement[] = [];
    let price = options.price;
    for (let i = 1; i <= PREHISTORY; i++) {
      const time = this.nextTime(options.openedAt) - i * this.#intervalMs;
      const drawn = this.#interest * (1 + 0.6 * options.random.normal());
      past.push({ time, rate: round8(drawn), markPrice: price });
      price *= 1 + 0.01 * options.random.normal();
    }
    return past.reverse();
  }
}

function clamp(value: number, reach: number): number {
  return Math.min(reach, Math.max(-reach, value));
}

function round8(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}
