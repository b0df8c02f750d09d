import { DIGIT_VARIABLES, decimal, wideDecimal } from '../generate/digits.js';
import { instantiate } from '../generate/instantiate.js';
import { bytes, levelValues, words } from '../scratch.js';
import { scanNum } from './numbers.js';
import { plainEnd } from './runs.js';
import { skipValue } from './skip.js';
import { space } from './strings.js';
import { counters, LEVELS, leadPowers, powers } from './tables.js';

const B = bytes;
const L = levelValues;

type ScanLevels = (start: number, out: Int32Array, at: number) => number;

const QUOTE_COMMA_QUOTE = 0x222c22;
const QUOTE_CLOSE_CLOSE = 0x5d5d22;
const QUOTE_CLOSE_COMMA_OPEN = 0x5b2c5d22;
const OPEN_QUOTE = 0x225b;

/** Code of a level that is read in line: the bytes between its numbers are compared by the word. `tail`: what follows them. */
const level = (number: typeof decimal, tail: string) => `usual: if (D.getUint16(p, true) === ${OPEN_QUOTE}) {
      q = p + 2;
      ${number((value) => `L[next] = ${value};`, 'break usual;')}
      if ((D.getInt32(q, true) & 0xffffff) !== ${QUOTE_COMMA_QUOTE}) break usual;
      q += 3;
      ${number((value) => `L[next + 1] = ${value};`, 'break usual;')}
      t = D.getInt32(q, true);
      ${tail}
      if (t === ${QUOTE_CLOSE_COMMA_OPEN}) { next += 2; p = q + 3; continue; }
      if ((t & 0xffffff) === ${QUOTE_CLOSE_CLOSE}) { next += 2; p = q + 3; break; }
    }`;

/** Goes over plain texts behind the size, as in `["123.45","6.7","0","2"]`. */
const TAIL = `while ((t & 0xffffff) === ${QUOTE_COMMA_QUOTE}) {
        q = plainEnd(q + 3);
        if (B[q] !== 34) break usual;
        t = D.getInt32(q, true);
      }`;

/** Code that notes where the levels are. */
const FINISH = `
  counters[${LEVELS}] = next;
  out[at] = first;
  out[at + 1] = (next - first) >> 1;
  return p;`;

/** The rest of a list from a level at `p` on that is not a usual one: wider numbers and texts behind the size are read in line. */
const wideSource = `
return function scanWideLevels(start, out, at, first, filled) {
  ${DIGIT_VARIABLES}
  let next = filled;
  let p = start;
  for (;;) {
    ${level(wideDecimal, TAIL)}
    p = scanPlainLevel(space(p), next);
    if (p < 0) return -1;
    next += 2;
    p = space(p);
    const byte = B[p++];
    if (byte === 93) break;
    if (byte !== 44) return -1;
    p = space(p);
  }
  ${FINISH}
}`;

/* The usual level is ["123.45","6.7"]; from the first other one on the wide code goes on. */
const source = `
return function scanLevels(start, out, at) {
  ${DIGIT_VARIABLES}
  if (B[start] !== 91) return -1;
  const first = counters[${LEVELS}];
  let next = first;
  let p = start + 1;
  if (B[p] === 93) p++;
  else for (;;) {
    ${level(decimal, '')}
    return scanWideLevels(p, out, at, first, next);
  }
  ${FINISH}
}`;

/** A level of any form: numbers plain or quoted, more elements behind them, white space. */
function scanPlainLevel(start: number, at: number): number {
  return B[start] === 91 ? scanLevel(start, at) : -1;
}

/** Price, size and whatever follows, from the character before the price to the end of the level. @returns where it ends, or -1 */
export function scanLevel(start: number, at: number): number {
  let p = scanNum(space(start + 1), L, at);
  if (p < 0) return -1;
  p = space(p);
  if (B[p] !== 44) return -1;
  p = scanNum(space(p + 1), L, at + 1);
  if (p < 0) return -1;
  p = space(p);
  while (B[p] === 44) {
    p = skipValue(space(p + 1));
    if (p < 0) return -1;
    p = space(p);
  }
  return B[p] === 93 ? p + 1 : -1;
}

const SCOPE = {
  B: bytes,
  D: words,
  L: levelValues,
  LEAD: leadPowers,
  POWERS: powers,
  counters,
  plainEnd,
  space,
  scanPlainLevel,
};

const scanWideLevels = instantiate<ScanLevels>(wideSource, SCOPE);

/** Scans `[[price, size, ...], ...]` into the levels array, its start and count into `out`. @returns where it ends, or -1 */
export const scanLevels = instantiate<ScanLevels>(source, { ...SCOPE, scanWideLevels });
