import { bytes } from '../scratch.js';
import { digitsEnd, plainEnd } from './runs.js';
import { isFalse, isNull, space } from './strings.js';

const B = bytes;
/** Deeper values go to the slow path. */
const MAX_DEPTH = 64;

/** Goes over one JSON value, checking it. @returns the index after it, or -1 when it is not JSON or too deep */
export function skipValue(p: number): number {
  return skip(p, 0);
}

function skip(p: number, depth: number): number {
  const first = B[p] as number;
  // The two that nearly all values are.
  if (first === 34) return skipString(p + 1);
  if (first >= 48 && first <= 57) return skipNumber(p);
  switch (first) {
    case 123:
      return depth < MAX_DEPTH ? skipObject(p + 1, depth + 1) : -1;
    case 91:
      return depth < MAX_DEPTH ? skipArray(p + 1, depth + 1) : -1;
    case 116:
      return B[p + 1] === 114 && B[p + 2] === 117 && B[p + 3] === 101 ? p + 4 : -1;
    case 102:
      return isFalse(p) ? p + 5 : -1;
    case 110:
      return isNull(p) ? p + 4 : -1;
    default:
      return skipNumber(p);
  }
}

/** `p` is after the opening quote. */
function skipString(p: number): number {
  let at = p;
  for (;;) {
    at = plainEnd(at);
    if (B[at] === 34) return at + 1;
    if (B[at] !== 92) return -1;
    at = skipEscape(at + 1);
    if (at < 0) return -1;
  }
}

/** `p` is after the backslash. */
function skipEscape(p: number): number {
  if (B[p] === 117) return isHex(p + 1) && isHex(p + 2) && isHex(p + 3) && isHex(p + 4) ? p + 5 : -1;
  return '"\\/bfnrt'.includes(String.fromCharCode(B[p] as number)) ? p + 1 : -1;
}

function isHex(p: number): boolean {
  const lower = (B[p] as number) | 32;
  return isDigit(p) || (lower >= 97 && lower <= 102);
}

function skipObject(start: number, depth: number): number {
  let p = space(start);
  if (B[p] === 125) return p + 1;
  for (;;) {
    if (B[p] !== 34) return -1;
    p = skipString(p + 1);
    if (p < 0) return -1;
    p = space(p);
    if (B[p] !== 58) return -1;
    p = skip(space(p + 1), depth);
    if (p < 0) return -1;
    p = space(p);
    if (B[p] === 125) return p + 1;
    if (B[p] !== 44) return -1;
    p = space(p + 1);
  }
}

function skipArray(start: number, depth: number): number {
  let p = space(start);
  if (B[p] === 93) return p + 1;
  for (;;) {
    p = skip(p, depth);
    if (p < 0) return -1;
    p = space(p);
    if (B[p] === 93) return p + 1;
    if (B[p] !== 44) return -1;
    p = space(p + 1);
  }
}

function skipNumber(start: number): number {
  let p = B[start] === 45 ? start + 1 : start;
  const digits = p;
  p = digitsEnd(p);
  if (p === digits || (B[digits] === 48 && p > digits + 1)) return -1;
  if (B[p] === 46) {
    const fraction = p + 1;
    p = digitsEnd(fraction);
    if (p === fraction) return -1;
  }
  if (B[p] === 69 || B[p] === 101) {
    const exponent = B[p + 1] === 43 || B[p + 1] === 45 ? p + 2 : p + 1;
    p = digitsEnd(exponent);
    if (p === exponent) return -1;
  }
  return p;
}

function isDigit(p: number): boolean {
  return (B[p] as number) >= 48 && (B[p] as number) <= 57;
}
