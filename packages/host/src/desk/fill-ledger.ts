import { add, average, type Exact, exact, multiply, ZERO } from '@speed-protocol/book';
import type { Decimal, Fill, OrderSide } from '@speed-protocol/core';

/** The fills of one order, each once, with exact sums. */
export class FillLedger implements Iterable<Fill> {
  readonly #fills = new Map<string, Fill>();
  #amount: Exact = ZERO;
  #cost: Exact = ZERO;

  /** Adds a fill, or what a known one left open (a fee, say); true when something new was learnt. */
  add(fill: Fill): boolean {
    const key = fillKey(fill);
    const known = this.#fills.get(key);
    if (known === undefined) {
      this.#fills.set(key, fill);
      this.#count(fill);
      return true;
    }
    const merged = merge(known, fill);
    if (merged === known) return false;
    this.#fills.set(key, merged);
    this.#recount();
    return true;
  }

  has(fill: Fill): boolean {
    return this.#fills.has(fillKey(fill));
  }

  get amount(): Exact {
    return this.#amount;
  }

  get averagePrice(): Decimal | null {
    return this.#amount.units > 0n ? average(this.#cost, this.#amount) : null;
  }

  get side(): OrderSide | null {
    for (const fill of this) return fill.side;
    return null;
  }

  [Symbol.iterator](): Iterator<Fill> {
    return this.#fills.values();
  }

  #count(fill: Fill): void {
    const amount = exact(fill.amount);
    this.#amount = add(this.#amount, amount);
    this.#cost = add(this.#cost, multiply(exact(fill.price), amount));
  }

  #recount(): void {
    this.#amount = ZERO;
    this.#cost = ZERO;
    for (const fill of this) this.#count(fill);
  }
}

/** Trade ids are unique per order, not always per account: a trade with oneself has one id and two orders. */
function fillKey(fill: Fill): string {
  return `${fill.tradeId} ${fill.venueOrderId}`;
}

/** Field by field what is known; of two contradicting values always the same one. `known` itself when nothing is new. */
function merge(known: Fill, fill: Fill): Fill {
  const merged: Record<string, unknown> = { ...known };
  let changed = false;
  for (const [key, value] of Object.entries(fill)) {
    const before = merged[key];
    if (value === before || value === null || value === undefined) continue;
    if (before !== null && before !== undefined && String(before) <= String(value)) continue;
    merged[key] = value;
    changed = true;
  }
  return changed ? (merged as unknown as Fill) : known;
}
