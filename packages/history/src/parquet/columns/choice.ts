import { ENCODING, leafElement, TYPE } from '../format.js';
import { bitsFor, writeHybrid, writeRun } from '../packing.js';
import { type Pages, writeLevels } from '../pages.js';
import { type ColumnWriter, enlarged, type SlotColumn, type Slots } from './column.js';

const encoder = new TextEncoder();
/** Stands for null: no list of choices is that long. */
const NULL = 255;

/** Strings of a small set. */
export class ChoiceColumn implements SlotColumn {
  readonly schema;
  readonly #path: readonly string[];
  readonly #choices: readonly string[];
  readonly #width: number;
  #values = new Uint8Array(0);
  #nulls = 0;

  constructor(name: string, choices: readonly string[]) {
    this.schema = [leafElement(name, TYPE.bytes, 'optional', 'text')];
    this.#path = [name];
    this.#choices = choices;
    this.#width = Math.max(1, bitsFor(choices.length - 1));
  }

  reserve(rows: number): void {
    this.#values = enlarged(this.#values, rows);
  }

  put(row: number, { values, from, stride, events, counts }: Slots): void {
    for (let event = 0, at = from, i = row; event < events; event++, at += stride) {
      const count = counts === undefined ? 1 : counts[event]!;
      this.fill(i, values[at]!, count);
      i += count;
    }
  }

  /** The same choice by its number, or NaN for null, in `count` rows. */
  fill(row: number, value: number, count: number): void {
    const isNull = Number.isNaN(value);
    if (isNull) this.#nulls += count;
    const stored = isNull ? NULL : value;
    for (let i = row; i < row + count; i++) this.#values[i] = stored;
  }

  encode(rows: number, pages: Pages): void {
    for (const choice of this.#choices) pages.body.text(choice);
    pages.dictionary(this.#choices.length);
    const { values, levels } = this.#split(rows);
    writeLevels(pages.body, levels, rows);
    pages.body.byte(this.#width);
    writeHybrid(pages.body, values, values.length, this.#width);
    const statistics = { nulls: this.#nulls };
    pages.data(this.#path, TYPE.bytes, { values: rows, encoding: ENCODING.dictionary, statistics });
    this.#nulls = 0;
  }

  #split(rows: number): { values: Uint8Array; levels?: Uint8Array } {
    const all = this.#values.subarray(0, rows);
    if (this.#nulls === 0) return { values: all };
    return { values: all.filter((value) => value !== NULL), levels: all.map((value) => (value === NULL ? 0 : 1)) };
  }
}

/** One string for the whole file, or all null. */
export class ConstantColumn implements ColumnWriter {
  readonly schema;
  readonly #path: readonly string[];
  /** Set before rows are written. */
  value: string | null = null;

  constructor(name: string) {
    this.schema = [leafElement(name, TYPE.bytes, 'optional', 'text')];
    this.#path = [name];
  }

  reserve(): void {}

  encode(rows: number, pages: Pages): void {
    const { body } = pages;
    const { value } = this;
    if (value !== null) {
      body.text(value);
      pages.dictionary(1);
    }
    writeLevels(body, value === null ? new Uint8Array(rows) : undefined, rows);
    if (value !== null) {
      body.byte(1);
      writeRun(body, 0, rows, 1);
    }
    const bytes = value === null ? undefined : encoder.encode(value);
    const statistics = { nulls: value === null ? rows : 0, least: bytes, most: bytes };
    const encoding = value === null ? ENCODING.plain : ENCODING.dictionary;
    pages.data(this.#path, TYPE.bytes, { values: rows, encoding, statistics });
  }
}
