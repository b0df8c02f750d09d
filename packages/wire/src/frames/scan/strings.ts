import { bytes } from '../scratch.js';
import { digitsEnd, plainEnd } from './runs.js';

const B = bytes;

/** Index of the closing quote of a string whose characters start at `p`; -1 on escapes and control characters. */
export function stringClose(p: number): number {
  const at = plainEnd(p);
  return B[at] === 34 ? at : -1;
}

/** Index after white space. */
export function space(p: number): number {
  let at = p;
  while (isSpace(B[at] as number)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** Scans a string into [start, end) of its characters. @returns where it ends, or -1 */
function scanText(p: number, out: Int32Array, at: number): number {
  if (B[p] !== 34) return -1;
  const close = stringClose(p + 1);
  if (close < 0) return -1;
  out[at] = p + 1;
  out[at + 1] = close;
  return close + 1;
}

/** Scans an id, a string or an integer, into [start, end) of its characters. @returns where it ends, or -1 */
export function scanId(p: number, out: Int32Array, at: number): number {
  if (B[p] === 34) {
    const end = scanText(p, out, at);
    return end === p + 2 ? -1 : end;
  }
  const digits = B[p] === 45 ? p + 1 : p;
  const q = digitsEnd(digits);
  if (q === digits || (B[digits] === 48 && q > digits + 1)) return -1;
  out[at] = p;
  out[at + 1] = q;
  return q;
}

/** Scans `true` or `false` into 1 or 0. @returns where it ends, or -1 */
export function scanBool(p: number, out: Int32Array, at: number): number {
  if (B[p] === 116) {
    out[at] = 1;
    return B[p + 1] === 114 && B[p + 2] === 117 && B[p + 3] === 101 ? p + 4 : -1;
  }
  out[at] = 0;
  return isFalse(p) ? p + 5 : -1;
}

/** Index after `null` or `""`, or `p` itself when neither is there. */
export function skipAbsent(p: number): number {
  if (B[p] === 34 && B[p + 1] === 34) return p + 2;
  return isNull(p) ? p + 4 : p;
}

export function isFalse(p: number): boolean {
  return B[p] === 102 && B[p + 1] === 97 && B[p + 2] === 108 && B[p + 3] === 115 && B[p + 4] === 101;
}

export function isNull(p: number): boolean {
  return B[p] === 110 && B[p + 1] === 117 && B[p + 2] === 108 && B[p + 3] === 108;
}
