/** An exact decimal number in plain notation (`-?\d+(\.\d+)?`), e.g. `"0.00015000"`. Money that belongs to somebody is always this. */
export type Decimal = string & { readonly __decimal: true };

const PLAIN = /^-?\d+(?:\.\d+)?$/;

/** True when `text` is plain decimal notation: no exponent, no sign other than `-`, no spaces. */
export function isDecimal(text: string): text is Decimal {
  return PLAIN.test(text);
}

/**
 * Brands a decimal string; numbers are refused because they have already lost their digits.
 * @throws RangeError when the text is not plain decimal notation
 */
export function decimal(text: string): Decimal {
  if (!isDecimal(text))
    throw new RangeError(`"${text}" is not a decimal number; write digits with an optional point, e.g. "0.001"`);
  return text;
}

/** Number of digits after the point: `decimalPlaces("0.010")` is 3. */
export function decimalPlaces(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/**
 * The value as an integer count of 10^-scale. Digits beyond the scale must be zero.
 * @throws RangeError when the value cannot be held exactly at that scale
 */
export function toScaled(value: Decimal, scale: number): bigint {
  const point = value.indexOf('.');
  const whole = point < 0 ? value : value.slice(0, point);
  const fraction = point < 0 ? '' : value.slice(point + 1);
  if (/[1-9]/.test(fraction.slice(scale))) throw new RangeError(`${value} has more than ${scale} decimal places`);
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** Inverse of {@link toScaled}: `fromScaled(1500n, 3)` is `"1.500"`. */
export function fromScaled(units: bigint, scale: number): Decimal {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return (negative ? `-${text}` : text) as Decimal;
}

/** -1, 0 or 1, exactly. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(decimalPlaces(a), decimalPlaces(b));
  const x = toScaled(a, scale);
  const y = toScaled(b, scale);
  return x < y ? -1 : x > y ? 1 : 0;
}
