import type { DatasetName } from '../datasets/dataset.js';
import type { Block, StreamId } from '../datasets/stream.js';
import type { Slice } from '../rollover/runs.js';
import { enlarged } from './columns/column.js';
import { type Chunk, Pages } from './pages.js';
import { type TableColumns, tableColumns } from './table-columns.js';

/** Parquet rows per row group: big enough to compress, small enough to skip and to fit memory. */
export const ROW_GROUP = 131_072;
/** Levels per side of a row group's lists: memory does not depend on how deep the books are. */
const LEVELS_GROUP = 524_288;

/** A row group that is full. */
export interface FinishedGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
  /** Its bytes, which belong to the caller. */
  readonly bytes: Uint8Array;
}

/** Where a builder stands in a block. */
interface Place {
  row: number;
  level: number;
  text: number;
  /** Levels of the event here that are in an earlier row group. */
  done: number;
}

/** Turns log rows into row groups. Its arrays are used again group after group and file after file. */
export class RowGroups {
  readonly dataset: DatasetName;
  readonly columns: TableColumns;
  readonly #pages = new Pages();
  #places = new WeakMap<Block, Place>();
  /** Rows of each event that is being added. */
  #counts = new Int32Array(0);
  #room = 0;
  #length = 0;

  constructor(dataset: DatasetName) {
    this.dataset = dataset;
    this.columns = tableColumns(dataset);
  }

  begin({ venue, symbol }: StreamId): void {
    this.columns.exchange.value = venue;
    this.columns.symbol.value = symbol;
    this.#places = new WeakMap();
    this.#length = 0;
  }

  /** Adds a slice, handing out every row group that gets full with it. Slices of one block come in order of their rows. */
  *add({ block, from, to, times }: Slice): Generator<FinishedGroup> {
    const place = this.#placeAt(block, from);
    this.#reserve(this.#length + to - from + (this.columns.rows === undefined ? 0 : block.levels.length / 2));
    while (place.row < to) {
      if (this.#isFull()) yield this.#finish();
      if (this.columns.rows === undefined) this.#addRows(block, to, times, place);
      else this.#addLevelRows(block, to, times, place);
    }
  }

  /** The last row group, unless there is nothing in it. */
  *end(): Generator<FinishedGroup> {
    if (this.#length > 0) yield this.#finish();
  }

  #isFull(): boolean {
    const { lists } = this.columns;
    return this.#length >= ROW_GROUP || (lists !== undefined && Math.max(lists.bids.length, lists.asks.length) >= LEVELS_GROUP);
  }

  #reserve(rows: number): void {
    const room = Math.min(rows, ROW_GROUP);
    if (room <= this.#room) return;
    this.#room = Math.min(Math.max(room, 2 * this.#room), ROW_GROUP);
    for (const column of this.columns.all) column.reserve(this.#room);
    this.#counts = enlarged(this.#counts, this.#room);
  }

  /** Where row `from` of a block is; walks there from the last place that is known. */
  #placeAt(block: Block, from: number): Place {
    let place = this.#places.get(block);
    if (place === undefined || place.row > from) {
      place = { row: 0, level: 0, text: 0, done: 0 };
      this.#places.set(block, place);
    }
    const { slots } = block;
    const width = slots.length / block.rows;
    for (let at = place.row * width; place.row < from; place.row++, at += width) {
      if (block.levels.length > 0) place.level += 2 * (slots[at + width - 2]! + slots[at + width - 1]!);
      for (const { at: slot } of this.columns.texts) place.text += Math.max(0, slots[at + slot]!);
    }
    return place;
  }

  /** Events of which each is one row; as many as there is room for. */
  #addRows(block: Block, to: number, times: Float64Array, place: Place): void {
    const { lists, texts } = this.columns;
    const { slots, levels } = block;
    const width = slots.length / block.rows;
    const first = place.row * width;
    // Deep books: a few at a time, so that the group ends near its limit.
    const most = Math.min(to - place.row, ROW_GROUP - this.#length);
    const events = lists === undefined ? most : Math.min(most, 64);
    this.#common(slots, place.row, width, times, events, undefined);
    for (const { column, at } of texts) {
      for (let k = 0, slot = first + at; k < events; k++, slot += width) {
        column.put(this.#length + k, block.text, place.text, slots[slot]!);
        place.text += Math.max(0, slots[slot]!);
      }
    }
    if (lists !== undefined) {
      const counts = { values: slots, from: first + width - 2, stride: width, events };
      lists.bids.put(this.#length, levels, place.level, counts, 0);
      lists.asks.put(this.#length, levels, place.level, counts, 1);
      for (let k = 0, slot = counts.from; k < events; k++, slot += width) place.level += 2 * (slots[slot]! + slots[slot + 1]!);
    }
    this.#length += events;
    place.row += events;
  }

  /** Events of which each level is a row; the last one may go on in the next row group. */
  #addLevelRows(block: Block, to: number, times: Float64Array, place: Place): void {
    const { slots } = block;
    const width = slots.length / block.rows;
    const first = place.row;
    const start = this.#length;
    let events = 0;
    for (let slot = first * width + width - 2; place.row < to && this.#length < ROW_GROUP; slot += width) {
      const [bids, asks] = [slots[slot]!, slots[slot + 1]!];
      const all = Math.max(1, bids + asks);
      const count = Math.min(ROW_GROUP - this.#length, all - place.done);
      this.#putLevels(block.levels, place, bids, bids + asks, count);
      this.#counts[events++] = count;
      this.#length += count;
      place.level += 2 * Math.min(count, bids + asks);
      place.done = place.done + count === all ? 0 : place.done + count;
      if (place.done === 0) place.row++;
    }
    const end = this.#length;
    this.#length = start;
    this.#common(slots, first, width, times, events, this.#counts);
    this.#length = end;
  }

  /** `count` level rows of one event; bids come first. An event without levels is one row of nulls. */
  #putLevels(levels: Float64Array, { level, done }: Place, bids: number, all: number, count: number): void {
    const { side, price, size } = this.columns.rows!;
    const row = this.#length;
    if (all === 0) {
      side.fill(row, Number.NaN, 1);
      price.putNull(row);
      size.putNull(row);
      return;
    }
    const asBids = Math.max(0, Math.min(count, bids - done));
    side.fill(row, 0, asBids);
    side.fill(row + asBids, 1, count - asBids);
    price.put(row, { values: levels, from: level, stride: 2, events: count });
    size.put(row, { values: levels, from: level + 1, stride: 2, events: count });
  }

  /** Columns that every event has once, `counts` times each. */
  #common(
    slots: Float64Array,
    row: number,
    width: number,
    times: Float64Array,
    events: number,
    counts: Int32Array | undefined,
  ): void {
    this.columns.time.put(this.#length, { values: times, from: row, stride: 1, events, counts });
    for (const { column, at } of this.columns.slots)
      column.put(this.#length, { values: slots, from: row * width + at, stride: width, events, counts });
  }

  #finish(): FinishedGroup {
    this.#pages.clear();
    for (const column of this.columns.all) column.encode(this.#length, this.#pages);
    const rows = this.#length;
    this.#length = 0;
    return { rows, chunks: this.#pages.chunks, bytes: this.#pages.bytes.copy() };
  }
}
