import { ABSENT_BOOL, type FieldKind, type FieldPlan, type ObjectPlan, TEXT_ABSENT } from '../plan.js';
import { matches } from './bytes.js';
import { decimal, longInteger } from './digits.js';
import type { Emitter } from './generate.js';

type Emit = (field: FieldPlan, emitter: Emitter) => string;

const FAIL = 'if (p < 0) return -1;';
const I = (field: FieldPlan) => `I${field.record}`;
const N = (field: FieldPlan) => `N${field.record}`;

/** Goes over any value: strings and plain integers in line, the others, and all that is odd, through `skipValue`. */
export const SKIP = `{
  t = B[p]; q = p;
  if (t === 34) { q = plainEnd(p + 1); if (B[q] === 34) q++; else q = p; }
  else if (t >= 48 && t <= 57) { q = t === 48 ? p + 1 : digitsEnd(p + 1); t = B[q]; if (t !== 44 && t !== 125) q = p; }
  if (q === p) { q = skipValue(p); if (q < 0) return -1; }
  p = q;
}`;

/** Code that notes where a text's characters are. */
const range = (field: FieldPlan, { slots }: Emitter, start: string, end: string): string =>
  `${I(field)}[${slots.int(field)}] = ${start}; ${I(field)}[${slots.int(field, 1)}] = ${end};`;

/** Code that calls a scanner with the array and slot to write to. */
const scanNumber = (scanner: string, field: FieldPlan, { slots }: Emitter): string =>
  `p = ${scanner}(p, ${N(field)}, ${slots.number(field)}); ${FAIL}`;
const scanInts =
  (scanner: string): Emit =>
  (field, { slots }) =>
    `p = ${scanner}(p, ${I(field)}, ${slots.int(field)}); ${FAIL}`;

/** How each kind is scanned: code that reads the value at `p`, writes it to its slots and moves `p` behind it. */
export const VALUES: Readonly<Record<FieldKind, Emit>> = {
  int: (field, emitter) => {
    if (!emitter.straight) return scanNumber('scanInt', field, emitter);
    const store = (value: string) => `${N(field)}[${emitter.slots.number(field)}] = ${value};`;
    const label = emitter.label();
    return `${label}: { from = p; u${label}: {
      if (B[p] !== 34) { ${longInteger(store, `break u${label};`)} break ${label}; }
      p++; ${longInteger(store, `break u${label};`)}
      if (B[p] === 34) { p++; break ${label}; } }
      p = from; ${scanNumber('scanInt', field, emitter)} }`;
  },
  num: (field, emitter) => {
    if (!emitter.straight) return scanNumber('scanNum', field, emitter);
    const store = (value: string) => `${N(field)}[${emitter.slots.number(field)}] = ${value};`;
    const label = emitter.label();
    return `${label}: { if (B[p] === 34) u${label}: { q = p + 1; ${decimal(store, `break u${label};`)}
      if (B[q] !== 34) break u${label}; p = q + 1; break ${label}; } ${scanNumber('scanNum', field, emitter)} }`;
  },
  // The usual id, digits, and the usual text are found in line; the scanners see to the others.
  id: (field, emitter) => {
    const other = scanInts('scanId')(field, emitter);
    return `if (B[p] > 48 && B[p] <= 57) { q = digitsEnd(p + 1); ${range(field, emitter, 'p', 'q')} p = q; } else { ${other} }`;
  },
  text: (field, emitter) =>
    `if (B[p] !== 34) return -1; q = plainEnd(p + 1); if (B[q] !== 34) return -1; ${range(field, emitter, 'p + 1', 'q')} p = q + 1;`,
  bool: scanInts('scanBool'),
  levels: scanInts('scanLevels'),
  taggedLevels: scanInts('scanTaggedLevels'),
  skip: () => `if (known[0] === p) p = known[1]; else ${SKIP}`,
  literal: (field, { slots }) => {
    const expected = Buffer.from(JSON.stringify(field.literal));
    const present = field.optional ? `${I(field)}[${slots.int(field)}] = 1;` : '';
    return `if (!(${matches(expected)})) return -1; p += ${expected.length}; ${present}`;
  },
  object: (field, emitter) => {
    const present = field.optional ? `${I(field)}[${emitter.slots.int(field)}] = 1;` : '';
    return `${present}\n${emitter.object(field.object as ObjectPlan)}`;
  },
  list: (field, emitter) => {
    const rows = field.rows?.index as number;
    const loop = emitter.label();
    return [
      `if (B[p] !== 91) return -1;`,
      `${I(field)}[${emitter.slots.int(field)}] = rows[${rows}];`,
      `p = space(p + 1);`,
      `if (B[p] === 93) p++; else ${loop}: for (;;) {`,
      `if (rows[${rows}] === capacities[${rows}]) return -2;`,
      `const row${rows} = rows[${rows}]++;`,
      emitter.row(field.rows?.object as ObjectPlan),
      `if (B[p] <= 32) p = space(p);`,
      `if (B[p] === 93) { p++; break ${loop}; }`,
      `if (B[p] !== 44) return -1;`,
      `p = space(p + 1);`,
      `}`,
      `${I(field)}[${emitter.slots.int(field, 1)}] = rows[${rows}] - ${I(field)}[${emitter.slots.int(field)}];`,
    ].join('\n');
  },
};

/** Code that writes what an optional field reads as when it is not there. */
const absentInt =
  (value: number, plus = 0): Emit =>
  (field, { slots }) =>
    `${I(field)}[${slots.int(field, plus)}] = ${value};`;
const absentNumber: Emit = (field, { slots }) => `${N(field)}[${slots.number(field)}] = NaN;`;

export const ABSENT: Readonly<Record<FieldKind, Emit>> = {
  int: absentNumber,
  num: absentNumber,
  id: absentInt(TEXT_ABSENT),
  text: absentInt(TEXT_ABSENT),
  bool: absentInt(ABSENT_BOOL),
  literal: absentInt(0),
  object: absentInt(0),
  levels: absentInt(0, 1),
  taggedLevels: absentInt(0, 1),
  list: absentInt(0, 1),
  skip: () => '',
};
