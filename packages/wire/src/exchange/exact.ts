import { type Decimal, decimal, decimalPlaces, fromScaled, SpeedError, toScaled } from '@speed-protocol/core';

/** An exact number as venues send it: text, or a JSON number of no more digits than a float64 keeps. */
export type Exact = string | number;
type Sent = Exact | undefined | null;

/**
 * What must be an exact number.
 * @throws SpeedError `protocol` naming the field
 */
export function exactOf(sent: Sent, field: string): Decimal {
  try {
    return typeof sent === 'number' ? plain(sent) : decimal(String(sent));
  } catch (cause) {
    throw new SpeedError('protocol', `field "${field}" must be a decimal number and is ${JSON.stringify(sent)}`, { cause });
  }
}

/** A number in plain notation: `1e-8` is `0.00000001`. Text stays as it is. @throws SpeedError when it is no number */
export function plain(value: Exact): Decimal {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return decimal(text);
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, '0').padStart(whole.length + fraction.length - Math.min(0, point - 1), '0');
  const at = Math.max(1, point);
  const rest = digits.slice(at);
  return decimal(`${mantissa.startsWith('-') ? '-' : ''}${digits.slice(0, at)}${rest === '' ? '' : `.${rest}`}`);
}

/** `null` where there is none: "" is how many venues say so. @throws SpeedError as {@link exactOf} */
export function exactOrNull(sent: Sent, field: string): Decimal | null {
  return sent === undefined || sent === null || sent === '' ? null : exactOf(sent, field);
}

/** As {@link exactOrNull}, where 0 says that there is none, too. */
export function exactUnlessZero(sent: Sent, field: string): Decimal | null {
  return isMoreThanZero(sent) || Number(sent) !== 0 ? exactOrNull(sent, field) : null;
}

/** Text that begins with another digit than 0: seen in a tenth of the time that a number takes. */
function isMoreThanZero(sent: Sent): boolean {
  if (typeof sent !== 'string') return false;
  const first = sent.charCodeAt(0);
  return first > 48 && first <= 57;
}

/** For venues whose fees are negative when they are paid. */
export function negated(value: Decimal): Decimal {
  if (value.startsWith('-')) return value.slice(1) as Decimal;
  return Number(value) === 0 ? value : (`-${value}` as Decimal);
}

export function sumOf(...parts: readonly Decimal[]): Decimal {
  const scale = Math.max(...parts.map(decimalPlaces));
  const sum = parts.reduce((total, part) => total + toScaled(part, scale), 0n);
  return fromScaled(sum, scale);
}

/** Places after the point of an average: far below what any venue's fee or tick is made of. */
const AVERAGE_PLACES = 12;

/** `cost / amount`, cut off after 12 places; `null` when nothing is filled. */
export function averageOf(cost: Decimal, amount: Decimal): Decimal | null {
  const scale = Math.max(decimalPlaces(cost), decimalPlaces(amount));
  const units = toScaled(amount, scale);
  if (units === 0n) return null;
  const average = fromScaled((toScaled(cost, scale) * 10n ** BigInt(AVERAGE_PLACES)) / units, AVERAGE_PLACES);
  return average.replace(/\.?0+$/, '') as Decimal;
}
