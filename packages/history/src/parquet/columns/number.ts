import type { Bytes } from '../bytes.js';
import { writeDeltas } from '../delta.js';
import { ENCODING, leafElement, type Meaning, TYPE } from '../format.js';
import { type Pages, type Statistics, writeLevels } from '../pages.js';
import { enlarged, type SlotColumn, type Slots } from './column.js';
import { writeDoubles } from './doubles.js';
import { Nulls } from './nulls.js';

/** How a column of numbers is stored. */
interface NumberKind {
  readonly type: typeof TYPE.int64 | typeof TYPE.double;
  readonly meaning?: Meaning;
  /** Integers: what a slot is multiplied with. */
  readonly factor?: number;
}

const nulls = new Nulls();

export class NumberColumn implements SlotColumn {
  readonly schema;
  readonly #path: readonly string[];
  readonly #kind: NumberKind;
  #values = new Float64Array(0);
  #nulls = 0;

  constructor(name: string, kind: NumberKind) {
    this.schema = [leafElement(name, kind.type, 'optional', kind.meaning)];
    this.#path = [name];
    this.#kind = kind;
  }

  reserve(rows: number): void {
    this.#values = enlarged(this.#values, rows);
  }

  put(row: number, { values, from, stride, events, counts }: Slots): void {
    const out = this.#values;
    const factor = this.#kind.factor ?? 0;
    for (let event = 0, at = from, i = row; event < events; event++, at += stride) {
      const value = factor === 0 ? values[at]! : Math.round(values[at]! * factor);
      const end = i + (counts === undefined ? 1 : counts[event]!);
      if (Number.isNaN(value)) this.#nulls += end - i;
      for (; i < end; i++) out[i] = value;
    }
  }

  putNull(row: number): void {
    this.#values[row] = Number.NaN;
    this.#nulls++;
  }

  encode(rows: number, pages: Pages): void {
    const { values, levels } =
      this.#nulls === 0 ? { values: this.#values.subarray(0, rows), levels: undefined } : nulls.split(this.#values, rows);
    const prefix = { count: rows, nulls: this.#nulls, write: (body: Bytes) => writeLevels(body, levels, rows) };
    if (this.#kind.type === TYPE.double) writeDoubles(pages, this.#path, values, prefix);
    else {
      prefix.write(pages.body);
      const { encoding, ...extremes } = writeIntegers(pages.body, values);
      const statistics: Statistics = { nulls: this.#nulls, ...extremes };
      pages.data(this.#path, TYPE.int64, { values: rows, encoding, statistics });
    }
    this.#nulls = 0;
  }
}

/** Doubles hold integers exactly up to here; differences of numbers within half of it too. */
const SPREAD = 2 ** 52;

function writeIntegers(
  body: Bytes,
  values: Float64Array,
): { encoding: number; least?: Uint8Array | undefined; most?: Uint8Array | undefined } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (values.length === 0) return { encoding: ENCODING.plain };
  const packed = most - least < SPREAD && Math.max(Math.abs(least), Math.abs(most)) < SPREAD;
  if (packed) writeDeltas(body, values, values.length);
  else body.set(plain(values));
  return { encoding: packed ? ENCODING.deltas : ENCODING.plain, least: plain([least]), most: plain([most]) };
}

const plain = (values: ArrayLike<number> & Iterable<number>): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values, (value) => BigInt(value)).buffer);
