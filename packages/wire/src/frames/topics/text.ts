import { bytes, words } from '../scratch.js';

const B = bytes;
const D = words;
const MIX = 0x9e3779b1 | 0;
const SEED = 0x2545f491;

/** A text as the words that {@link equalText} compares. */
export class TextWords {
  readonly length: number;
  readonly words: Int32Array;

  constructor(text: Uint8Array) {
    this.length = text.length;
    this.words = new Int32Array((text.length + 3) >> 2);
    new Uint8Array(this.words.buffer).set(text);
  }
}

/** True when the scratch buffer holds exactly this text at `start`. */
export function equalText(start: number, text: TextWords): boolean {
  const { length, words: expected } = text;
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) if (D.getInt32(start + 4 * i, true) !== expected[i]) return false;
  const rest = length & 3;
  return rest === 0 || (D.getInt32(start + 4 * whole, true) & ((1 << (8 * rest)) - 1)) === expected[whole];
}

/** Where {@link hashText} found the closing quote; typed, so that it is never boxed. */
export const textEnd = new Int32Array(1);
const END = textEnd;

/**
 * Hashes the characters from `start` to the closing quote, four at a time, and leaves the quote's index in
 * {@link textEnd}: -1 when the frame ends first. Escapes are hashed as they stand: such a text is found by no hash.
 */
export function hashText(start: number, length: number): number {
  let hash = SEED;
  for (let p = start; p < length; p += 4) {
    const word = D.getInt32(p, true);
    const quotes = word ^ 0x22222222;
    const found = (quotes - 0x01010101) & ~quotes & 0x80808080;
    if (found === 0) {
      hash = mix(hash, word);
      continue;
    }
    const lead = (31 - Math.clz32(found & -found)) >> 3;
    END[0] = p + lead < length ? p + lead : -1;
    return lead === 0 ? hash : mix(hash, word & ((1 << (8 * lead)) - 1));
  }
  END[0] = -1;
  return hash;
}

/** The same hash, of a text that is not in the scratch buffer. */
export function hashWords(text: TextWords): number {
  return text.words.reduce(mix, SEED);
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, MIX);
  return mixed ^ (mixed >>> 15);
}

export function hasBackslash(start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (B[p] === 92) return true;
  return false;
}
