import type { Side } from '../engine/types.js';
import { absolute, splitMoney, type Terms } from './terms.js';
import type { Leg } from './types.js';

/** What a fill realised: money, and what rounding to money left over (or added, when negative), in value units. */
export interface Realized {
  readonly profit: bigint;
  readonly dust: bigint;
}

const NOTHING: Realized = { profit: 0n, dust: 0n };

/** One leg of one derivative. The cost is the value of the open lots when they were opened; the entry price follows from it. */
export class Position {
  /** Lots; negative is short. */
  size = 0;
  /** Value units, never negative. */
  cost = 0n;
  /** Money, since the account was opened. */
  realized = 0n;
  /** Money set aside for it alone, with isolated margin; it is part of the balance. */
  wallet = 0n;

  constructor(
    readonly terms: Terms,
    readonly leg: Leg,
  ) {}

  /** Takes a fill (ticks, lots): opens, closes, or closes and turns. */
  apply(side: Side, price: number, lots: number): Realized {
    const value = this.terms.value(price, lots);
    const sign = side === 'buy' ? 1 : -1;
    const closed = this.size * sign < 0 ? Math.min(lots, Math.abs(this.size)) : 0;
    const closedValue = closed === lots ? value : this.terms.value(price, closed);
    const realized = closed > 0 ? this.#close(closed, closedValue) : NOTHING;
    this.size += sign * (lots - closed);
    this.cost += value - closedValue;
    return realized;
  }

  /** Value of the open lots at a price, signed as the position. */
  exposure(price: number): bigint {
    const value = this.terms.value(price, Math.abs(this.size));
    return this.size < 0 ? -value : value;
  }

  /** Money that closing at this price would bring. */
  unrealized(price: number): bigint {
    return this.size === 0 ? 0n : splitMoney(this.#gain(this.cost, absolute(this.exposure(price)))).money;
  }

  /** Mean entry price with so many decimals; 0 when closed. */
  entryPrice(scale: number): bigint {
    return this.terms.meanPrice(this.cost, Math.abs(this.size), scale);
  }

  #close(lots: number, value: bigint): Realized {
    const released = (this.cost * BigInt(lots)) / BigInt(Math.abs(this.size));
    const gain = this.#gain(released, value);
    this.cost -= released;
    this.size -= Math.sign(this.size) * lots;
    const { money: profit, dust } = splitMoney(gain);
    this.realized += profit;
    return { profit, dust };
  }

  /** A long gains when the value rises; an inverse contract is worth less of the base when the price rises. */
  #gain(entry: bigint, exit: bigint): bigint {
    return this.size > 0 !== this.terms.inverse ? exit - entry : entry - exit;
  }
}
