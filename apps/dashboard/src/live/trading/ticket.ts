import {
  compareDecimals,
  type Decimal,
  decimalPlaces,
  fromScaled,
  type Instrument,
  isDecimal,
  toScaled,
} from '@speed-protocol/core';
import type { CommandParams } from '@speed-protocol/protocol';

/** What the user has entered, as text. */
export interface Draft {
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  readonly price: string;
  readonly amount: string;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'POST_ONLY';
  readonly reduceOnly: boolean;
}

export type Wish = Omit<CommandParams<'place'>, 'account' | 'ref'>;

export type Checked =
  | { readonly wish: Wish; readonly value: number | null }
  | { readonly problem: string; readonly field: 'price' | 'amount' };

/** Least and nearest legal value below and above an illegal one. */
const sides = (value: Decimal, step: Decimal): string => {
  const [below, above] = neighbours(value, step);
  return Number(below) > 0 ? `${below} or ${above}` : above;
};

/**
 * The order that a draft means, or what is wrong with it: nothing is rounded behind the user's back.
 * @param touch best price of the other side, for the worth of a market order
 */
export function checkDraft(draft: Draft, instrument: Instrument, touch: number | undefined): Checked {
  const amount = checkNumber(draft.amount, 'amount', instrument.lotSize, instrument.minAmount, instrument.maxAmount);
  if ('problem' in amount) return amount;
  const { symbol } = instrument;
  const { side, reduceOnly } = draft;
  const common = { symbol, side, amount: amount.value, ...(reduceOnly && instrument.kind !== 'spot' && { reduceOnly }) };
  if (draft.type === 'market') return worth({ ...common, type: 'market' }, instrument, touch);
  const price = checkNumber(draft.price, 'price', instrument.tickSize, instrument.minPrice, instrument.maxPrice);
  if ('problem' in price) return price;
  const { timeInForce } = draft;
  return worth({ ...common, type: 'limit', price: price.value, timeInForce }, instrument, Number(price.value));
}

function worth(wish: Wish, instrument: Instrument, price: number | undefined): Checked {
  const value = worthOf(Number(wish.amount), price, instrument);
  const least = Number(instrument.minNotional ?? 0);
  if (value === null || value >= least || wish.reduceOnly) return { wish, value };
  return { field: 'amount', problem: `worth ${value.toFixed(2)} ${instrument.quote}; the venue takes ${least} or more` };
}

/** What an amount is worth in the quote currency. */
export function worthOf(amount: number, price: number | undefined, { contractSize, inverse }: Instrument): number | null {
  if (inverse) return amount * Number(contractSize);
  return price === undefined ? null : amount * Number(contractSize) * price;
}

function checkNumber(
  text: string,
  field: 'price' | 'amount',
  step: Decimal,
  least: Decimal | undefined,
  most: Decimal | undefined,
): { readonly value: Decimal } | { readonly problem: string; readonly field: 'price' | 'amount' } {
  const value = text.trim();
  if (!isDecimal(value) || !(Number(value) > 0)) return { field, problem: value === '' ? 'missing' : 'not a positive number' };
  if (least !== undefined && compareDecimals(value, least) < 0) return { field, problem: `at least ${least}` };
  if (most !== undefined && Number(most) > 0 && compareDecimals(value, most) > 0) return { field, problem: `at most ${most}` };
  return isOnGrid(value, step) ? { value } : { field, problem: `steps of ${step}: ${sides(value, step)}` };
}

function isOnGrid(value: Decimal, step: Decimal): boolean {
  const scale = Math.max(decimalPlaces(value), decimalPlaces(step));
  return toScaled(value, scale) % toScaled(step, scale) === 0n;
}

function neighbours(value: Decimal, step: Decimal): [below: Decimal, above: Decimal] {
  const scale = Math.max(decimalPlaces(value), decimalPlaces(step));
  const steps = toScaled(value, scale) / toScaled(step, scale);
  const unit = toScaled(step, decimalPlaces(step));
  return [fromScaled(steps * unit, decimalPlaces(step)), fromScaled((steps + 1n) * unit, decimalPlaces(step))];
}
