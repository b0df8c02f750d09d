import { type Decimal, decimal } from '@speed-protocol/core';
import { divide, type Exact, exact, multiply, negate, round, subtract, toDecimal } from './exact.js';

/** What a contract is worth. */
export interface ContractTerms {
  /** Base units on linear contracts, quote units on inverse ones, `"1"` on spot. */
  readonly contractSize: Decimal;
  /** Inverse contracts are worth a fixed amount of quote and settle in base. */
  readonly inverse: boolean;
}

export type PnlSide = 'long' | 'short';

/** Decimals of money as venues book it; every result is rounded to them once, at its end. */
const MONEY_SCALE = 8;
/** Decimals of what an inverse contract is worth, which is a quotient. */
const VALUE_SCALE = 24;

/** What so many contracts are worth at a price, in the settle currency. */
export function contractValue({ contractSize, inverse }: ContractTerms, amount: Exact, price: Exact): Exact {
  const size = multiply(amount, exact(contractSize));
  return inverse ? divide(size, price, VALUE_SCALE) : multiply(size, price);
}

/** Gain of a position from one price to another, in the settle currency, before it is rounded. */
export function gain(
  terms: ContractTerms,
  side: PnlSide,
  { amount, entry, exit }: { readonly amount: Exact; readonly entry: Exact; readonly exit: Exact },
): Exact {
  const difference = subtract(contractValue(terms, amount, exit), contractValue(terms, amount, entry));
  // An inverse contract is worth less of the base when the price rises, and a long gains then.
  return (side === 'long') === terms.inverse ? negate(difference) : difference;
}

/** What a funding settlement brings to a position: a long pays a positive rate. */
export function fundingPayment(
  terms: ContractTerms,
  side: PnlSide,
  { amount, markPrice, rate }: { readonly amount: Exact; readonly markPrice: Exact; readonly rate: Exact },
): Exact {
  const paid = multiply(contractValue(terms, amount, markPrice), rate);
  return side === 'long' ? negate(paid) : paid;
}

/** An exact amount of money as it is shown. */
export function toMoney(value: Exact): Decimal {
  return toDecimal(round(value, MONEY_SCALE));
}

/** A float64 as the digits it prints as, without exponent. `null` for what is no number. */
export function decimalOf(value: number | null): Decimal | null {
  if (value === null || !Number.isFinite(value)) return null;
  const text = String(value);
  return decimal(text.includes('e') ? plain(value) : text);
}

/** The shortest digits of a float64 that prints with an exponent. */
function plain(value: number): string {
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const places = Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(power));
  return places > 100 ? '0' : value.toFixed(places);
}
