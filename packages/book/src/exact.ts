import { type Decimal, decimalPlaces, fromScaled, toScaled } from '@speed-protocol/core';

/** A decimal number as an integer count of 10^-scale: arithmetic on it is exact. */
export interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

export const ZERO: Exact = { units: 0n, scale: 0 };

/** Digits of an average beyond those of the prices it is made of. */
const AVERAGE_DIGITS = 8;

export function exact(value: Decimal): Exact {
  const scale = decimalPlaces(value);
  return { units: toScaled(value, scale), scale };
}

/** Plain decimal text without needless zeros: `1.500` is `"1.5"`. */
export function toDecimal({ units, scale }: Exact): Decimal {
  let [rest, places] = [units, scale];
  while (places > 0 && rest % 10n === 0n) {
    rest /= 10n;
    places--;
  }
  return fromScaled(rest, places);
}

export function add(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function negate({ units, scale }: Exact): Exact {
  return { units: -units, scale };
}

export function subtract(a: Exact, b: Exact): Exact {
  return add(a, negate(b));
}

export function multiply(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Negative, zero or positive, as a sort wants it. */
export function compare(a: Exact, b: Exact): number {
  const { units } = subtract(a, b);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

export function smaller(a: Exact, b: Exact): Exact {
  return compare(a, b) <= 0 ? a : b;
}

export function larger(a: Exact, b: Exact): Exact {
  return compare(a, b) >= 0 ? a : b;
}

/** The largest multiple of `step` (> 0) that is not above `value`. */
export function floorTo(value: Exact, step: Exact): Exact {
  return multiply({ units: floorRatio(value, step), scale: 0 }, step);
}

/** The smallest multiple of `step` (> 0) that is not below `value`. */
export function ceilTo(value: Exact, step: Exact): Exact {
  return negate(floorTo(negate(value), step));
}

/** How often `b` (> 0) goes into `a`, rounded down. */
export function floorRatio(a: Exact, b: Exact): bigint {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [unitsAt(a, scale), unitsAt(b, scale)];
  const quotient = x / y;
  return x % y < 0n ? quotient - 1n : quotient;
}

/** a / b (not 0) to so many decimals, the nearest; halves away from zero. */
export function divide(a: Exact, b: Exact, scale: number): Exact {
  const most = Math.max(a.scale, b.scale);
  const [x, y] = [unitsAt(a, most) * 10n ** BigInt(scale), unitsAt(b, most)];
  return { units: nearestRatio(x, y), scale };
}

/** The value with at most so many decimals, the nearest; halves away from zero. */
export function round(value: Exact, scale: number): Exact {
  if (value.scale <= scale) return value;
  return { units: nearestRatio(value.units, 10n ** BigInt(value.scale - scale)), scale };
}

function nearestRatio(x: bigint, y: bigint): bigint {
  const negative = x < 0n !== y < 0n;
  const [top, bottom] = [x < 0n ? -x : x, y < 0n ? -y : y];
  const nearest = (2n * top + bottom) / (2n * bottom);
  return negative ? -nearest : nearest;
}

/** cost / amount (> 0), rounded half up, with eight digits more than the prices of the cost have. */
export function average(cost: Exact, amount: Exact): Decimal {
  const scale = Math.max(0, cost.scale - amount.scale) + AVERAGE_DIGITS;
  const doubled = floorRatio({ units: cost.units * 2n * 10n ** BigInt(scale), scale: cost.scale }, amount);
  return toDecimal({ units: (doubled + 1n) / 2n, scale });
}

function unitsAt({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}
