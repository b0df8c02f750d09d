import { bytes, words } from '../scratch.js';
import { stringClass } from './tables.js';

const B = bytes;
const D = words;
const CLASS = stringClass;

/** Index after the digits at `p`, four at a time (see `generate/digits.ts`). */
export function digitsEnd(p: number): number {
  let at = p;
  for (;;) {
    const x = D.getInt32(at, true) ^ 0x30303030;
    const stops = ((x + 0x76767676) | x) & 0x80808080;
    if (stops !== 0) return at + 3 - (Math.clz32(stops & -stops) >> 3);
    at += 4;
  }
}

/**
 * Index of the first byte from `p` on that is not a plain character of a string: a quote, a backslash, a control character
 * (the zero byte that ends every frame is one). Words without any of them are gone over whole: a byte is below 0x20
 * when subtracting that borrows from its high bit, and equal to a mark when it is zero after an exclusive or with it.
 */
export function plainEnd(p: number): number {
  let at = p;
  for (;;) {
    const word = D.getInt32(at, true);
    const quote = word ^ 0x22222222;
    const slash = word ^ 0x5c5c5c5c;
    const marks = ((word - 0x20202020) & ~word) | ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash);
    if ((marks & 0x80808080) !== 0) break;
    at += 4;
  }
  while (CLASS[B[at] as number] === 0) at++;
  return at;
}
