import { DIGIT_VARIABLES, decimal } from '../generate/digits.js';
import { instantiate } from '../generate/instantiate.js';
import { bytes, levelValues, words } from '../scratch.js';
import { scanLevel } from './levels.js';
import { plainEnd } from './runs.js';
import { skipValue } from './skip.js';
import { space } from './strings.js';
import { counters, LEVELS, leadPowers, powers } from './tables.js';

const B = bytes;

type ScanLevels = (start: number, out: Int32Array, at: number) => number;

const OPEN_QUOTE = 0x225b;
const QUOTE_COMMA = 0x2c22;

/** A plain number at `q`; what begins with a zero and goes on is left to the other way. */
const plain = (slot: string) => `
  if (B[q] === 48 && B[q + 1] !== 46 && B[q + 1] >= 48 && B[q + 1] <= 57) break usual;
  ${decimal((value) => `L[${slot}] = ${value};`, 'break usual;')}`;

/* The usual level, ["change",123.5,6.7], is read in line; any other goes through `scanTagged`. */
const source = `
return function scanTaggedLevels(start, out, at) {
  ${DIGIT_VARIABLES}
  if (B[start] !== 91) return -1;
  const first = counters[${LEVELS}];
  let next = first;
  let p = start + 1;
  if (B[p] === 93) p++;
  else for (;;) {
    level: {
      usual: if (D.getUint16(p, true) === ${OPEN_QUOTE}) {
        q = plainEnd(p + 2);
        if (D.getUint16(q, true) !== ${QUOTE_COMMA}) break usual;
        q += 2;
        ${plain('next')}
        if (B[q++] !== 44) break usual;
        ${plain('next + 1')}
        if (B[q] !== 93) break usual;
        p = q + 1;
        break level;
      }
      p = scanTagged(space(p), next);
      if (p < 0) return -1;
    }
    next += 2;
    if (B[p] <= 32) p = space(p);
    const byte = B[p++];
    if (byte === 93) break;
    if (byte !== 44) return -1;
    if (B[p] <= 32) p = space(p);
  }
  counters[${LEVELS}] = next;
  out[at] = first;
  out[at + 1] = (next - first) >> 1;
  return p;
}`;

/** A level of any form behind a string. */
function scanTagged(start: number, at: number): number {
  if (B[start] !== 91) return -1;
  const tag = space(start + 1);
  if (B[tag] !== 34) return -1;
  let p = skipValue(tag);
  if (p < 0) return -1;
  p = space(p);
  return B[p] === 44 ? scanLevel(p, at) : -1;
}

/** Scans `[[tag, price, size, ...], ...]` as `scanLevels` scans levels without tags. */
export const scanTaggedLevels = instantiate<ScanLevels>(source, {
  B: bytes,
  D: words,
  L: levelValues,
  LEAD: leadPowers,
  POWERS: powers,
  counters,
  plainEnd,
  space,
  scanTagged,
});
