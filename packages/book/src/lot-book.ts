import type { Decimal, OrderSide } from '@speed-protocol/core';
import { add, compare, divide, type Exact, exact, multiply, smaller, subtract, ZERO } from './exact.js';
import { type ContractTerms, contractValue, gain, type PnlSide } from './pnl.js';

/** One execution of one leg of one instrument. */
export interface LotFill {
  /** Unique; the same fill may be put in again when more is known of it. */
  readonly key: string;
  /** Whose it is. */
  readonly orderId: string;
  readonly side: OrderSide;
  readonly amount: Decimal;
  readonly price: Decimal;
  /** ms. */
  readonly time: number;
  /** In the settle currency; `null` while unknown, and in other currencies. */
  readonly fee: Decimal | null;
  /** What the venue says that it realised; `null` where it does not say. */
  readonly realizedPnl: Decimal | null;
}

/** What one order opened and what became of it, exactly. Quantities as positive numbers, money in the settle currency. */
export interface OrderLots {
  readonly side: PnlSide;
  /** Of the first fill, ms. */
  readonly openedAt: number;
  readonly opened: Exact;
  /** Mean price of what was opened: on inverse contracts that of its value. `null` when the order only closed. */
  readonly entryPrice: Exact | null;
  /** What is left of it. */
  readonly left: Exact;
  /** Gain of what was closed; of an order that opened nothing, of what it closed itself. */
  readonly realized: Exact;
  /** For opening and closing it. */
  readonly fees: Exact;
  /** How much was left when: the last entry that is not later than a time holds at that time. */
  readonly history: readonly { readonly time: number; readonly left: Exact }[];
}

interface Lot {
  readonly owner: Tally;
  readonly side: PnlSide;
  readonly price: Exact;
  left: Exact;
}

interface Tally {
  readonly openedAt: number;
  side: PnlSide;
  opened: Exact;
  openedValue: Exact;
  left: Exact;
  realized: Exact;
  closedGain: Exact;
  fees: Exact;
  closingFees: Exact;
  readonly history: { time: number; left: Exact }[];
}

const SHARE_SCALE = 24;
const PRICE_SCALE = 16;

/**
 * Who opened and who closed what of one position: first in, first out. Fills may come in any order and more than once;
 * the result is that of the order in which they happened.
 */
export class LotBook {
  readonly #fills = new Map<string, LotFill>();
  #sorted: LotFill[] = [];
  #lots: Lot[] = [];
  #tallies = new Map<string, Tally>();

  constructor(private readonly terms: ContractTerms) {}

  /** Takes a fill in; true when it told something new. */
  add(fill: LotFill): boolean {
    const known = this.#fills.get(fill.key);
    if (known && same(known, fill)) return false;
    this.#fills.set(fill.key, fill);
    const last = this.#sorted.at(-1);
    if (!known && (last === undefined || inOrder(last, fill) <= 0)) {
      this.#sorted.push(fill);
      this.#apply(fill);
    } else this.#rebuild();
    return true;
  }

  /** What an order opened; `undefined` before its first fill. */
  order(orderId: string): OrderLots | undefined {
    const tally = this.#tallies.get(orderId);
    if (!tally) return undefined;
    const { openedAt, opened, left, history } = tally;
    const entryPrice = this.#entryPrice(tally);
    const about = { openedAt, opened, left, history, entryPrice };
    if (opened.units > 0n) return { ...about, side: tally.side, realized: tally.realized, fees: tally.fees };
    const side = tally.side === 'long' ? 'short' : 'long';
    return { ...about, side, realized: tally.closedGain, fees: tally.closingFees };
  }

  /** Gain of what is left of an order at a price. */
  unrealized(orderId: string, price: Exact): Exact {
    const tally = this.#tallies.get(orderId);
    let sum = ZERO;
    for (const { owner, side, left, price: entry } of this.#lots) {
      if (owner === tally) sum = add(sum, gain(this.terms, side, { amount: left, entry, exit: price }));
    }
    return sum;
  }

  #entryPrice({ opened, openedValue }: Tally): Exact | null {
    if (opened.units === 0n) return null;
    const size = multiply(opened, exact(this.terms.contractSize));
    return this.terms.inverse ? divide(size, openedValue, PRICE_SCALE) : divide(openedValue, size, PRICE_SCALE);
  }

  #rebuild(): void {
    this.#sorted = [...this.#fills.values()].sort(inOrder);
    this.#lots = [];
    this.#tallies = new Map();
    for (const fill of this.#sorted) this.#apply(fill);
  }

  #apply(fill: LotFill): void {
    const side = fill.side === 'buy' ? 'long' : 'short';
    const tally = this.#tally(fill, side);
    const amount = exact(fill.amount);
    let rest = amount;
    while (rest.units > 0n && this.#lots[0] && this.#lots[0].side !== side)
      rest = subtract(rest, this.#close(this.#lots[0], fill, rest, tally));
    if (rest.units === 0n) return;
    if (this.#closesUnknown(fill)) this.#closeUnknown(fill, rest, tally);
    else this.#open(fill, rest, tally, side);
  }

  /** Closes as much of the oldest lot as the fill can. @returns how much */
  #close(lot: Lot, fill: LotFill, rest: Exact, closer: Tally): Exact {
    const amount = smaller(lot.left, rest);
    const won = gain(this.terms, lot.side, { amount, entry: lot.price, exit: exact(fill.price) });
    const fee = shareOf(fill.fee, amount, exact(fill.amount));
    lot.left = subtract(lot.left, amount);
    if (lot.left.units === 0n) this.#lots.shift();
    const { owner } = lot;
    owner.realized = add(owner.realized, won);
    owner.fees = add(owner.fees, fee);
    closer.closedGain = add(closer.closedGain, won);
    closer.closingFees = add(closer.closingFees, fee);
    this.#note(owner, subtract(owner.left, amount), fill.time);
    return amount;
  }

  #open(fill: LotFill, amount: Exact, owner: Tally, side: PnlSide): void {
    const price = exact(fill.price);
    this.#lots.push({ owner, side, price, left: amount });
    owner.side = side;
    owner.opened = add(owner.opened, amount);
    owner.openedValue = add(owner.openedValue, contractValue(this.terms, amount, price));
    owner.fees = add(owner.fees, shareOf(fill.fee, amount, exact(fill.amount)));
    this.#note(owner, add(owner.left, amount), fill.time);
  }

  /** The venue booked a gain and no lot is known: the position was opened before anything was on record here. */
  #closesUnknown({ realizedPnl }: LotFill): boolean {
    return realizedPnl !== null && exact(realizedPnl).units !== 0n;
  }

  #closeUnknown(fill: LotFill, rest: Exact, closer: Tally): void {
    closer.closedGain = add(closer.closedGain, shareOf(fill.realizedPnl, rest, exact(fill.amount)));
    closer.closingFees = add(closer.closingFees, shareOf(fill.fee, rest, exact(fill.amount)));
  }

  #note(owner: Tally, left: Exact, time: number): void {
    owner.left = left;
    owner.history.push({ time, left });
  }

  #tally({ orderId, time }: LotFill, side: PnlSide): Tally {
    const known = this.#tallies.get(orderId);
    if (known) return known;
    const sums = { opened: ZERO, openedValue: ZERO, left: ZERO, realized: ZERO, closedGain: ZERO, fees: ZERO, closingFees: ZERO };
    const tally: Tally = { openedAt: time, side, ...sums, history: [] };
    this.#tallies.set(orderId, tally);
    return tally;
  }
}

/** The part of a sum that goes with a part of an amount. */
function shareOf(sum: Decimal | null, part: Exact, whole: Exact): Exact {
  if (sum === null) return ZERO;
  if (compare(part, whole) === 0) return exact(sum);
  return divide(multiply(exact(sum), part), whole, SHARE_SCALE);
}

function inOrder(a: LotFill, b: LotFill): number {
  return a.time - b.time || a.key.length - b.key.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function same(a: LotFill, b: LotFill): boolean {
  return (Object.keys(a) as (keyof LotFill)[]).every((key) => a[key] === b[key]);
}
