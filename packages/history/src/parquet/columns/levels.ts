import type { Bytes } from '../bytes.js';
import { groupElement, leafElement, TYPE } from '../format.js';
import { type Pages, writeLevels } from '../pages.js';
import { type ColumnWriter, enlarged, type Slots } from './column.js';
import { writeDoubles } from './doubles.js';

/** One side of a book: list<struct<price, size>>. */
export class LevelsColumn implements ColumnWriter {
  readonly schema;
  readonly #name: string;
  #counts = new Uint32Array(0);
  #prices = new Float64Array(0);
  #sizes = new Float64Array(0);
  #repetition = new Uint8Array(0);
  #definition = new Uint8Array(0);
  /** Levels so far. */
  length = 0;

  constructor(name: string) {
    this.#name = name;
    this.schema = [
      groupElement(name, 'required', 1, 'list'),
      groupElement('list', 'repeated', 1),
      groupElement('element', 'required', 2),
      leafElement('price', TYPE.double, 'required'),
      leafElement('size', TYPE.double, 'required'),
    ];
  }

  reserve(rows: number): void {
    this.#counts = enlarged(this.#counts, rows);
  }

  /**
   * This side of consecutive books.
   * @param levels of all sides of all books, from `at` on
   * @param counts slots of the numbers of bids; those of asks follow each
   * @param side 0: bids, 1: asks
   */
  put(row: number, levels: Float64Array, at: number, counts: Slots, side: 0 | 1): void {
    const { values, from, stride, events } = counts;
    let length = this.length;
    for (let event = 0, slot = from, here = at; event < events; event++, slot += stride) {
      const [bids, asks] = [values[slot]!, values[slot + 1]!];
      const count = side === 0 ? bids : asks;
      const end = length + count;
      if (end > this.#prices.length) this.#grow(end);
      const [prices, sizes] = [this.#prices, this.#sizes];
      for (let level = side === 0 ? here : here + 2 * bids; length < end; length++, level += 2) {
        prices[length] = levels[level]!;
        sizes[length] = levels[level + 1]!;
      }
      here += 2 * (bids + asks);
      this.#counts[row + event] = count;
    }
    this.length = length;
  }

  encode(rows: number, pages: Pages): void {
    const { entries, empty } = this.#shape(rows);
    const write = (body: Bytes) => {
      writeLevels(body, this.#repetition, entries);
      writeLevels(body, empty === 0 ? undefined : this.#definition, entries);
    };
    const prefix = { count: entries, nulls: empty, write };
    const path = (leaf: string) => [this.#name, 'list', 'element', leaf];
    writeDoubles(pages, path('price'), this.#prices.subarray(0, this.length), prefix);
    writeDoubles(pages, path('size'), this.#sizes.subarray(0, this.length), prefix);
    this.length = 0;
  }

  /** Repetition 0 begins a list; an empty one is an entry that is not defined. */
  #shape(rows: number): { entries: number; empty: number } {
    const most = this.length + rows;
    this.#repetition = enlarged(this.#repetition, most);
    this.#definition = enlarged(this.#definition, most);
    let [entries, empty] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const count = this.#counts[row]!;
      this.#repetition[entries] = 0;
      this.#definition[entries++] = count === 0 ? 0 : 1;
      if (count === 0) empty++;
      for (const end = entries + count - 1; entries < end; entries++) this.#repetition[entries] = this.#definition[entries] = 1;
    }
    return { entries, empty };
  }

  #grow(length: number): void {
    this.#prices = enlarged(this.#prices, length);
    this.#sizes = enlarged(this.#sizes, length);
  }
}
