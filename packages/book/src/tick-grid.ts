import { type Decimal, isDecimal, SpeedError } from '@speed-protocol/core';

/**
 * Prices as whole numbers of ticks. With a tick of `numerator / denominator` (both whole, the second a power of ten)
 * tick `t` is the price `t * numerator / denominator`: one division of two exact numbers, so the result is the float64
 * nearest to the decimal price, which is what `Number(text)` gives. Reading back returns the price exactly as sent.
 */
export interface TickGrid {
  readonly numerator: number;
  readonly denominator: number;
}

/** Powers of ten up to this are exact in float64. */
const MAX_DECIMALS = 22;

/**
 * The grid of a tick size such as `"0.10"` or `"25"`; `null` when it is finer or coarser than float64 can index
 * (the book then works without an index).
 * @throws SpeedError `invalid-request` when the text is not a positive decimal number
 */
export function tickGrid(tickSize: Decimal | string): TickGrid | null {
  if (!isDecimal(tickSize) || !(Number(tickSize) > 0)) {
    throw new SpeedError('invalid-request', `tick size "${tickSize}" is not a positive decimal number; write e.g. "0.01"`);
  }
  const [whole, fraction = ''] = tickSize.split('.') as [string, string?];
  const digits = fraction.replace(/0+$/, '');
  const numerator = Number(whole + digits);
  if (digits.length > MAX_DECIMALS || !Number.isSafeInteger(numerator)) return null;
  return { numerator, denominator: 10 ** digits.length };
}
