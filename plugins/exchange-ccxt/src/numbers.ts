import { type Decimal, isDecimal, SpeedError } from '@speed-protocol/core';
import type { Num } from './types.js';

/** A number of ccxt as exact text, without exponent; `null` where there is none. @throws RangeError when it is none */
export function decimalOrNull(value: Num | null): Decimal | null {
  if (value === undefined || value === null || value === '') return null;
  const text = plain(String(value));
  if (!isDecimal(text)) throw new RangeError(`${JSON.stringify(value)} is not a number`);
  return text;
}

/** @throws SpeedError `protocol` where there is none */
export function requiredDecimal(value: Num | null, field: string): Decimal {
  const found = decimalOrNull(value);
  if (found === null) throw new SpeedError('protocol', `field "${field}" is missing`);
  return found;
}

/** Market data: a float64; `NaN` where there is none. */
export function float(value: Num | null): number {
  return value === undefined || value === null || value === '' ? Number.NaN : Number(value);
}

/** `null` where there is none. */
export function floatOrNull(value: Num | null): number | null {
  const found = float(value);
  return Number.isNaN(found) ? null : found;
}

/** Digits without exponent, sign `+`, or a bare point. */
function plain(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match) return text;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${digits}` : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const rest = padded.slice(at);
  return `${sign === '-' ? '-' : ''}${padded.slice(0, at).replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
}

/** Can a JS number, which is what ccxt's methods take, hold it to the last digit? */
export function isExactNumber(value: Decimal): boolean {
  return canonical(plain(String(Number(value)))) === canonical(value);
}

/** Without zeros that mean nothing. */
function canonical(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
