import { ENCODING, leafElement, TYPE } from '../format.js';
import { pack } from '../packing.js';
import type { Pages } from '../pages.js';
import { enlarged, type SlotColumn, type Slots } from './column.js';

/** Yes or no, never null. */
export class FlagColumn implements SlotColumn {
  readonly schema;
  readonly #path: readonly string[];
  #values = new Uint8Array(0);

  constructor(name: string) {
    this.schema = [leafElement(name, TYPE.boolean, 'required')];
    this.#path = [name];
  }

  reserve(rows: number): void {
    this.#values = enlarged(this.#values, rows);
  }

  put(row: number, { values, from, stride, events, counts }: Slots): void {
    const out = this.#values;
    for (let event = 0, at = from, i = row; event < events; event++, at += stride) {
      const value = values[at] === 0 ? 0 : 1;
      const end = i + (counts === undefined ? 1 : counts[event]!);
      for (; i < end; i++) out[i] = value;
    }
  }

  encode(rows: number, pages: Pages): void {
    pack(pages.body, this.#values, 0, rows, 1);
    const used = this.#values.subarray(0, rows);
    const statistics = {
      nulls: 0,
      least: Uint8Array.of(used.includes(0) ? 0 : 1),
      most: Uint8Array.of(used.includes(1) ? 1 : 0),
    };
    pages.data(this.#path, TYPE.boolean, { values: rows, encoding: ENCODING.plain, statistics });
  }
}
