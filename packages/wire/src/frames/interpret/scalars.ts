import { ABSENT_BOOL, type FieldPlan, isLevels, TEXT_ABSENT, TEXT_STORED } from '../plan.js';
import type { RecordStore } from '../store.js';

/** Puts the value whose JSON text is `raw` into the row; returns what was expected instead when it does not fit. */
export type ScalarReader = (raw: string, field: FieldPlan, store: RecordStore, row: number) => string | undefined;

// No two ways to match the same digits: a long run of them must not take quadratic time to refuse.
const NUMERIC = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const DIGITS = /^-?\d+$/;
const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/;

/** How each kind of single value is read, from its JSON text. */
export const SCALARS: Readonly<Partial<Record<FieldPlan['kind'], ScalarReader>>> = {
  int: (raw, field, store, row) => storeNumber(integerOf(raw), 'an integer within +-(2^53-1)', field, store, row),
  num: (raw, field, store, row) => storeNumber(numberOf(raw), 'a finite number', field, store, row),
  id: (raw, field, store, row) => storeText(idOf(raw), 'an id (a string, or an integer)', field, store, row),
  text: (raw, field, store, row) => storeText(stringOf(raw), 'a string', field, store, row),
  literal: (raw, field, store, row) => {
    if (stringOf(raw) !== field.literal) return `"${field.literal}"`;
    store.ints[row * store.plan.ints + field.int] = 1;
    return undefined;
  },
  bool: (raw, field, store, row) => {
    if (raw !== 'true' && raw !== 'false') return 'true or false';
    store.ints[row * store.plan.ints + field.int] = raw === 'true' ? 1 : 0;
    return undefined;
  },
  skip: () => undefined,
};

/** How each kind reads when it is not there. */
export function storeAbsent(field: FieldPlan, store: RecordStore, row: number): void {
  const { plan } = store;
  if (field.number >= 0) store.numbers[row * plan.numbers + field.number] = Number.NaN;
  if (field.int < 0) return;
  const at = row * plan.ints + field.int;
  store.ints[at] = field.text >= 0 ? TEXT_ABSENT : field.kind === 'bool' ? ABSENT_BOOL : 0;
  if (isLevels(field) || field.kind === 'list') store.ints[at + 1] = 0;
}

/** A number, or a string that holds one, as `Number(text)`; `undefined` when it is neither or not finite. */
export function numberOf(raw: string): number | undefined {
  const text = stringOf(raw) ?? raw;
  if (!NUMERIC.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function integerOf(raw: string): number | undefined {
  const text = stringOf(raw);
  if (text === undefined ? !isWhole(raw) : !DIGITS.test(text)) return undefined;
  const value = Number(text ?? raw);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** True when a JSON number is an integer in value: `12`, but also `12.0` and `1.2e1`. */
function isWhole(raw: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = PARTS.exec(raw) ?? [];
  if (whole === '') return false;
  const digits = whole + fraction;
  let zeros = 0;
  while (zeros < digits.length && digits.charCodeAt(digits.length - 1 - zeros) === 48) zeros++;
  return zeros === digits.length || Number(exponent) - fraction.length + zeros >= 0;
}

function idOf(raw: string): string | undefined {
  return stringOf(raw) ?? (DIGITS.test(raw) ? raw : undefined);
}

function stringOf(raw: string): string | undefined {
  return raw.startsWith('"') ? (JSON.parse(raw) as string) : undefined;
}

function storeNumber(value: number | undefined, expected: string, field: FieldPlan, store: RecordStore, row: number) {
  if (value === undefined) return expected;
  store.numbers[row * store.plan.numbers + field.number] = value;
  return undefined;
}

function storeText(value: string | undefined, expected: string, field: FieldPlan, store: RecordStore, row: number) {
  if (value === undefined || (value === '' && field.kind === 'id')) return expected;
  store.ints[row * store.plan.ints + field.int] = TEXT_STORED;
  store.texts[row * store.plan.texts + field.text] = value;
  return undefined;
}
