import {
  add,
  ceilTo,
  compare,
  type Exact,
  exact,
  floorTo,
  larger,
  multiply,
  negate,
  smaller,
  subtract,
  toDecimal,
  ZERO,
} from '@speed-protocol/book';
import { type Decimal, type Instrument, type NewOrder, SpeedError } from '@speed-protocol/core';
import { leastForNotional, mostForNotional } from './notional.js';

/** What the owner of an account allows beyond what the venue does. All in the units of the instrument. */
export interface TradingLimits {
  /** How far a limit price may lie from the reference, as a fraction: 0.05 is 5 %. Needs `reference`. */
  readonly priceBand?: Decimal | undefined;
  /** Largest price x amount (x contract size), in quote. On market orders it needs `reference`. */
  readonly maxOrderValue?: Decimal | undefined;
  /** Largest position either way, working orders of the same side included. */
  readonly maxPosition?: Decimal | undefined;
}

/** What an order is checked against. */
export interface TradingContext {
  readonly instrument: Instrument;
  readonly limits?: TradingLimits | undefined;
  /** The price of the market now: mark, last or mid. */
  readonly reference?: Decimal | undefined;
  /** Signed position; negative is short. Default 0. */
  readonly position?: Decimal | undefined;
}

export interface OrderProblem {
  readonly field: 'price' | 'amount';
  readonly message: string;
  /** Nearest legal values on either side, `null` where there is none. */
  readonly below: Decimal | null;
  readonly above: Decimal | null;
}

/** Price and amount as they would pass. */
export interface LegalValues {
  /** `null` on market orders. */
  readonly price: Decimal | null;
  readonly amount: Decimal;
}

export interface CheckResult {
  readonly problems: readonly OrderProblem[];
  /**
   * The nearest order that passes: where the user's side of the price has a legal value that one (buy: not above, sell:
   * not below), and an amount not above the wanted one where that is legal. `null` when nothing passes, or none is needed.
   */
  readonly suggestion: LegalValues | null;
}

/** Legal values of one field: multiples of `step` from `low` to `high`. */
interface Range {
  readonly step: Exact;
  readonly low: Exact;
  readonly high: Exact | null;
}

type CheckedOrder = Pick<NewOrder, 'symbol' | 'side' | 'type' | 'amount' | 'price' | 'reduceOnly'>;

/** Holds an order against the rules of its instrument and the limits of its owner. Nothing is ever rounded here. */
export function checkOrder(order: CheckedOrder, context: TradingContext): CheckResult {
  const wanted = order.type === 'limit' ? (order.price ?? null) : null;
  const price = order.type === 'limit' ? checkPrice(order, context) : null;
  const legalPrice = price === null ? null : price.problem ? preferred(price.problem, order.side) : wanted;
  const amount = checkAmount(order, context, legalPrice);
  const problems = [price?.problem, amount].filter((each) => each !== null && each !== undefined);
  const legalAmount = amount ? (amount.below ?? amount.above) : order.amount;
  const possible = problems.length > 0 && legalAmount !== null && (order.type !== 'limit' || legalPrice !== null);
  return { problems, suggestion: possible ? { price: legalPrice, amount: legalAmount } : null };
}

/** @throws SpeedError `invalid-request` naming every problem and the nearest legal values */
export function assertLegal(order: CheckedOrder, context: TradingContext): void {
  const { problems } = checkOrder(order, context);
  if (problems.length === 0) return;
  throw new SpeedError('invalid-request', `${order.symbol}: ${problems.map(explain).join('; ')}`, {
    venue: context.instrument.venue,
  });
}

function checkPrice(order: CheckedOrder, context: TradingContext): { readonly problem: OrderProblem | null } {
  const range = priceRange(context);
  if (order.price === undefined) {
    const near = context.reference ? around(exact(context.reference), range) : { below: null, above: null };
    return { problem: { field: 'price', message: 'a limit order needs a price', ...near } };
  }
  return { problem: outside('price', order.price, range) };
}

function priceRange({ instrument, limits, reference }: TradingContext): Range {
  const step = exact(instrument.tickSize);
  let low = larger(step, instrument.minPrice ? exact(instrument.minPrice) : step);
  let high = instrument.maxPrice && exact(instrument.maxPrice).units > 0n ? exact(instrument.maxPrice) : null;
  if (limits?.priceBand) {
    if (!reference) throw unreferenced(instrument, 'priceBand');
    const width = multiply(exact(reference), exact(limits.priceBand));
    low = larger(low, subtract(exact(reference), width));
    high = least(high, add(exact(reference), width));
  }
  return { step, low, high };
}

function checkAmount(order: CheckedOrder, context: TradingContext, price: Decimal | null): OrderProblem | null {
  return outside('amount', order.amount, amountRange(order, context, price));
}

function amountRange(order: CheckedOrder, context: TradingContext, limitPrice: Decimal | null): Range {
  const { instrument, limits } = context;
  const price = limitPrice ?? context.reference ?? null;
  const step = exact(instrument.lotSize);
  let low = larger(step, instrument.minAmount ? exact(instrument.minAmount) : step);
  let high = instrument.maxAmount ? exact(instrument.maxAmount) : null;
  // Venues let a position be closed whatever its rest is worth.
  if (instrument.minNotional && !order.reduceOnly)
    low = larger(low, leastForNotional(instrument, exact(instrument.minNotional), price) ?? low);
  if (limits?.maxOrderValue) {
    const most = mostForNotional(instrument, exact(limits.maxOrderValue), price);
    if (most === null) throw unreferenced(instrument, 'maxOrderValue');
    high = least(high, most);
  }
  if (limits?.maxPosition && !order.reduceOnly) high = least(high, room(order, context, exact(limits.maxPosition)));
  return { step, low, high };
}

/** How much more of this side the position may take. */
function room(order: CheckedOrder, { position }: TradingContext, most: Exact): Exact {
  const held = position ? exact(position) : ZERO;
  return subtract(most, order.side === 'buy' ? held : negate(held));
}

function outside(field: 'price' | 'amount', value: Decimal, range: Range): OrderProblem | null {
  const given = exact(value);
  const { below, above } = around(given, range);
  if (below !== null && compare(exact(below), given) === 0) return null;
  return { field, message: `${field} ${value} ${complaint(given, range)}`, below, above };
}

function complaint(value: Exact, { step, low, high }: Range): string {
  if (compare(value, low) < 0) return `is below the least allowed, ${toDecimal(low)}`;
  if (high !== null && compare(value, high) > 0) return `is above the most allowed, ${toDecimal(high)}`;
  return `is not a multiple of ${toDecimal(step)}`;
}

function around(value: Exact, { step, low, high }: Range): { readonly below: Decimal | null; readonly above: Decimal | null } {
  const least = ceilTo(low, step);
  const below = floorTo(high === null ? value : smaller(value, high), step);
  const above = ceilTo(larger(value, low), step);
  return {
    below: compare(below, least) >= 0 ? toDecimal(below) : null,
    above: high === null || compare(above, high) <= 0 ? toDecimal(above) : null,
  };
}

function preferred({ below, above }: OrderProblem, side: NewOrder['side']): Decimal | null {
  return side === 'buy' ? (below ?? above) : (above ?? below);
}

function explain({ message, below, above }: OrderProblem): string {
  const values = [...new Set([below, above])].filter((each) => each !== null);
  return `${message}; ${values.length > 0 ? `nearest legal: ${values.join(' or ')}` : 'no value is legal now'}`;
}

function least(known: Exact | null, value: Exact): Exact {
  return known === null ? value : smaller(known, value);
}

function unreferenced({ venue, symbol }: Instrument, limit: string): SpeedError {
  return new SpeedError(
    'invalid-request',
    `${symbol}: the limit ${limit} cannot be held without a reference price; wait for one or give a limit price`,
    {
      venue,
    },
  );
}
