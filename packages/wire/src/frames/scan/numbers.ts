import { DIGIT_VARIABLES, wideDecimal } from '../generate/digits.js';
import { instantiate } from '../generate/instantiate.js';
import { bytes, scratch, words } from '../scratch.js';
import { leadPowers, limits, powers } from './tables.js';

// Local names: the compiler takes them for constants, which it does not do with imports.
const B = bytes;
const LIMITS = limits;
const P = powers;

/** Every integer below it is exact, and so was each that led to it, digit by digit. */
const MOST_EXACT = 1e15;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
// No two ways to match the same digits: a long run of them must not take quadratic time to refuse.
const QUOTED_NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Scans an integer, as a number or a quoted string of digits.
 * @returns where it ends, or -1 when the slow path must look
 */
export function scanInt(start: number, out: Float64Array, at: number): number {
  const quoted = B[start] === 34;
  const first = quoted ? start + 1 : start;
  const digits = B[first] === 45 ? first + 1 : first;
  let p = digits;
  let value = 0;
  for (; isDigit(B[p] as number); p++) value = value * 10 + ((B[p] as number) - 48);
  const length = p - digits;
  if (length === 0 || length > 16 || value > (LIMITS[0] as number)) return -1;
  if (!quoted && B[digits] === 48 && length > 1) return -1;
  if (quoted && B[p] !== 34) return -1;
  out[at] = first === digits ? value : -value;
  return quoted ? p + 1 : p;
}

type ScanNumber = (start: number, out: Float64Array, at: number) => number;

const source = `
return function scanNum(start, out, at) {
  ${DIGIT_VARIABLES}
  usual: {
    if (B[start] === 34) {
      q = start + 1;
      ${wideDecimal((value) => `out[at] = ${value};`, 'break usual;')}
      if (B[q] === 34) return q + 1;
    } else if (B[start] !== 48 || !isDigit(B[start + 1])) {
      q = start;
      ${wideDecimal((value) => `out[at] = ${value};`, 'break usual;')}
      if (endsNumber(B[q])) return q;
    }
  }
  return scanLongNum(start, out, at);
}`;

/**
 * The numbers that the usual code leaves. Up to 15 digits and a power of ten up to 22 are reckoned here: both are exact in a
 * float64, so that the one division or multiplication rounds as `Number(text)` does.
 */
function scanLongNum(start: number, out: Float64Array, at: number): number {
  const quoted = B[start] === 34;
  const from = quoted ? start + 1 : start;
  const negative = B[from] === 45;
  const first = negative ? from + 1 : from;
  let p = first;
  let value = 0;
  for (; isDigit(B[p] as number); p++) value = value * 10 + ((B[p] as number) - 48);
  if (p === first || (B[first] === 48 && p > first + 1)) return scanAnyNum(start, out, at);
  let scale = 0;
  if (B[p] === 46) {
    const point = ++p;
    for (; isDigit(B[p] as number); p++) value = value * 10 + ((B[p] as number) - 48);
    scale = point - p;
    if (scale === 0) return scanAnyNum(start, out, at);
  }
  if ((B[p] as number | 32) === 101) {
    const sign = B[p + 1] === 45 ? -1 : 1;
    const power = sign < 0 || B[p + 1] === 43 ? p + 2 : p + 1;
    let exponent = 0;
    for (p = power; isDigit(B[p] as number) && p - power < 3; p++) exponent = exponent * 10 + ((B[p] as number) - 48);
    if (p === power) return scanAnyNum(start, out, at);
    scale += sign * exponent;
  }
  const exact = value < MOST_EXACT && scale >= -22 && scale <= 22;
  if (!exact || !(quoted ? B[p] === 34 : endsNumber(B[p] as number))) return scanAnyNum(start, out, at);
  const size = scale < 0 ? value / (P[-scale] as number) : value * (P[scale] as number);
  out[at] = negative ? -size : size;
  return quoted ? p + 1 : p;
}

/** Numbers of any form: very long, very large, not numbers at all. */
function scanAnyNum(start: number, out: Float64Array, at: number): number {
  const quoted = B[start] === 34;
  const from = quoted ? start + 1 : start;
  let p = from;
  while (isNumberByte(B[p] as number)) p++;
  const text = scratch.latin1Slice(from, p);
  if (!(quoted ? QUOTED_NUMBER : JSON_NUMBER).test(text)) return -1;
  const value = Number(text);
  if (!Number.isFinite(value)) return -1;
  if (quoted && B[p++] !== 34) return -1;
  out[at] = value;
  return p;
}

/**
 * Scans a number, plain or quoted, as `Number(text)`.
 * @returns where it ends, or -1 when the slow path must look
 */
export const scanNum = instantiate<ScanNumber>(source, {
  B: bytes,
  D: words,
  LEAD: leadPowers,
  POWERS: powers,
  isDigit,
  endsNumber,
  scanLongNum,
});

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === 45 || byte === 43 || byte === 46 || byte === 69 || byte === 101;
}

/** True when a plain number cannot go on with this byte. */
function endsNumber(byte: number): boolean {
  return byte === 44 || byte === 93 || byte === 125 || byte <= 32;
}
