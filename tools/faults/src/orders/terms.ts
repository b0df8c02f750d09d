import { type Exact, exact, floorRatio, toDecimal } from '@speed-protocol/book';
import { type Decimal, decimal, type Instrument, type QuoteEvent } from '@speed-protocol/core';

/** An instrument's grid in whole steps, and the best prices of now. */
export class Terms {
  bid = Number.NaN;
  ask = Number.NaN;
  readonly #tick: Exact;
  readonly #lot: Exact;

  constructor(readonly instrument: Instrument) {
    this.#tick = exact(instrument.tickSize);
    this.#lot = exact(instrument.lotSize);
  }

  hear({ bid, ask }: QuoteEvent): void {
    this.bid = bid ?? this.bid;
    this.ask = ask ?? this.ask;
  }

  get known(): boolean {
    return this.bid > 0 && this.ask > 0;
  }

  /** A price so far from the best one of the side, as a fraction; positive is away from the market. */
  price(side: 'buy' | 'sell', away: number): Decimal {
    const wanted = side === 'buy' ? this.bid * (1 - away) : this.ask * (1 + away);
    return this.#on(this.#tick, wanted);
  }

  /** So many times the smallest amount that the venue takes. */
  amount(times: number): Decimal {
    const { minNotional, minAmount, inverse, contractSize, lotSize } = this.instrument;
    const worth = (inverse ? 1 : this.bid) * Number(contractSize);
    // Prices move while an order is on its way.
    const least = Math.max(Number(minAmount ?? lotSize), (Number(minNotional ?? 0) / worth) * 1.5);
    return this.#on(this.#lot, Math.max(least * times, Number(lotSize)) + Number(lotSize) * 0.5);
  }

  #on(step: Exact, value: number): Decimal {
    const steps = floorRatio(exact(decimal(value.toFixed(12))), step);
    return toDecimal({ units: steps * step.units, scale: step.scale });
  }
}
