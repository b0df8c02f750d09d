import type { Table, Vector } from 'apache-arrow';
import { COMMON_SLOTS, type Column, RECEIVED_AT, RECOVERED, SEQ, VENUE_TIME } from '../datasets/columns.js';
import { RowBuffer } from '../datasets/rows.js';
import type { StreamId } from '../datasets/stream.js';
import { DATASETS, rowWidth } from '../datasets/table.js';
import type { StoredRows } from './reader.js';

const TWO_32 = 4_294_967_296;

/** One Parquet column as numbers: `NaN` for null. */
type Numbers = Float64Array;

/** Builds log rows back from Parquet rows. Level rows of one event may straddle row groups: the last event waits. */
export class BlockAssembler {
  readonly #stream: StreamId;
  readonly #width: number;
  #rows: RowBuffer;
  #times: number[] = [];
  /** First slot of the last event, when it may go on. */
  #openEvent = -1;

  constructor(stream: StreamId) {
    this.#stream = stream;
    this.#width = rowWidth(stream.dataset);
    this.#rows = new RowBuffer(this.#width, 1024);
  }

  add(table: Table): void {
    const { columns, levels } = DATASETS[this.#stream.dataset];
    const own = columns.map((column) => (column.kind === 'text' ? undefined : numbers(table, column)));
    const texts = columns.flatMap((column, i) => (column.kind === 'text' ? [{ i, vector: child(table, column.name) }] : []));
    const common = commonColumns(table);
    if (levels === 'rows') {
      this.#addLevelRows(table, common, own as Numbers[]);
      return;
    }
    const lists = levels === 'lists' ? [list(table, 'bids'), list(table, 'asks')] : undefined;
    for (let i = 0; i < table.numRows; i++) {
      const at = this.#begin(common, own, i);
      for (const text of texts)
        this.#rows.slots[at + COMMON_SLOTS + text.i] = this.#rows.putText(text.vector.get(i) as string | null);
      lists?.forEach((read, side) => {
        this.#rows.slots[at + this.#width - 2 + side] = read(i, this.#rows);
      });
    }
  }

  /** The rows so far; unless it is the end, the last event of a `rows` dataset stays for the next call. */
  take(atEnd: boolean): StoredRows | undefined {
    const held = !atEnd && this.#openEvent >= 0 ? 1 : 0;
    const rows = this.#rows.rows - held;
    if (rows <= 0) return undefined;
    const { slots, levels, text, textBytes } = this.#rows;
    const end = rows * this.#width;
    const heldLevels = held === 0 ? 0 : 2 * (slots[end + this.#width - 2]! + slots[end + this.#width - 1]!);
    const levelEnd = this.#rows.levelSlots - heldLevels;
    const block = {
      stream: this.#stream,
      prevSeq: Number.NaN,
      rows,
      slots: slots.subarray(0, end),
      levels: levels.subarray(0, levelEnd),
      text: text.subarray(0, textBytes),
    };
    const times = Float64Array.from(this.#times.slice(0, rows));
    this.#restart(held, end, levelEnd);
    return { block, times };
  }

  #restart(held: number, end: number, levelEnd: number): void {
    const old = this.#rows;
    this.#rows = new RowBuffer(this.#width, 1024);
    this.#times = this.#times.slice(-held || this.#times.length);
    this.#openEvent = held === 0 ? -1 : 0;
    if (held === 0) return;
    const at = this.#rows.next();
    this.#rows.slots.set(old.slots.subarray(end, end + this.#width), at);
    this.#rows.putLevels({ values: old.levels, start: levelEnd, count: (old.levelSlots - levelEnd) / 2 });
  }

  #begin(common: CommonColumns, own: readonly (Numbers | undefined)[], i: number): number {
    const at = this.#rows.next();
    const { slots } = this.#rows;
    slots[at + SEQ] = common.seq[i]!;
    slots[at + RECEIVED_AT] = common.receivedAt[i]! / 1000;
    slots[at + VENUE_TIME] = common.venueTime[i]! / 1000;
    slots[at + RECOVERED] = common.recovered[i]!;
    for (let k = 0; k < own.length; k++) if (own[k] !== undefined) slots[at + COMMON_SLOTS + k] = own[k]![i]!;
    this.#times.push(common.timestamp[i]!);
    return at;
  }

  #addLevelRows(table: Table, common: CommonColumns, own: Numbers[]): void {
    const side = numbers(table, { name: 'side', kind: 'choice', values: ['bid', 'ask'] });
    const price = numbers(table, { name: 'price', kind: 'float' });
    const size = numbers(table, { name: 'size', kind: 'float' });
    for (let i = 0; i < table.numRows; i++) {
      if (this.#openEvent < 0 || this.#rows.slots[this.#openEvent + SEQ] !== common.seq[i]) {
        this.#openEvent = this.#begin(common, own, i);
        this.#rows.slots.fill(0, this.#openEvent + this.#width - 2, this.#openEvent + this.#width);
      }
      const which = side[i]!;
      if (Number.isNaN(which)) continue;
      this.#rows.putLevel(price[i]!, size[i]!);
      this.#rows.slots[this.#openEvent + this.#width - 2 + which]!++;
    }
  }
}

interface CommonColumns {
  readonly timestamp: Numbers;
  readonly seq: Numbers;
  /** us. */
  readonly receivedAt: Numbers;
  readonly venueTime: Numbers;
  readonly recovered: Numbers;
}

const commonColumns = (table: Table): CommonColumns => ({
  timestamp: numbers(table, { name: 'timestamp', kind: 'time' }),
  seq: numbers(table, { name: 'seq', kind: 'integer' }),
  receivedAt: numbers(table, { name: 'received_at', kind: 'micros' }),
  venueTime: numbers(table, { name: 'venue_time', kind: 'micros' }),
  recovered: numbers(table, { name: 'recovered', kind: 'flag' }),
});

function child(table: Table, name: string): Vector {
  const vector = table.getChild(name);
  if (vector === null) throw new Error(`the column "${name}" is missing`);
  return vector;
}

function numbers(table: Table, column: Column): Numbers {
  const vector = child(table, column.name);
  const out = new Float64Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const values = data.values as Float64Array | BigInt64Array | Uint8Array;
    if (column.kind === 'float') out.set((values as Float64Array).subarray(0, data.length), at);
    else if (column.kind === 'flag')
      for (let i = 0; i < data.length; i++) out[at + i] = bit(values as Uint8Array, data.offset + i);
    else if (column.kind === 'choice') {
      const codes = dictionaryCodes(data.dictionary, column.values);
      for (let i = 0; i < data.length; i++) out[at + i] = codes[Number(values[i])] ?? Number.NaN;
    } else words(values as BigInt64Array, out, at, data.length);
    if (data.nullCount > 0)
      for (let i = 0; i < data.length; i++) if (bit(data.nullBitmap, data.offset + i) === 0) out[at + i] = Number.NaN;
    at += data.length;
  }
  return out;
}

/** What each index of a file's dictionary means in the dataset's table. */
const dictionaryCodes = (dictionary: Vector | undefined, values: readonly string[]): number[] =>
  Array.from(dictionary ?? [], (text) => values.indexOf(text as string)).map((code) => (code < 0 ? Number.NaN : code));

const bit = (bits: Uint8Array, i: number) => (bits[i >> 3]! >> (i & 7)) & 1;

function words(values: BigInt64Array, out: Float64Array, at: number, length: number): void {
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * length);
  for (let i = 0; i < length; i++) out[at + i] = halves[2 * i + 1]! * TWO_32 + (halves[2 * i]! >>> 0);
}

/** Reads one list of levels into the buffer and returns its length. */
function list(table: Table, name: string): (row: number, into: RowBuffer) => number {
  const vector = child(table, name);
  const [data, ...more] = vector.data;
  if (data === undefined || more.length > 0) throw new Error(`the column "${name}" came in ${vector.data.length} pieces`);
  const offsets = data.valueOffsets;
  const [prices, sizes] = data.children[0]!.children.map(({ values }) => values as Float64Array);
  return (row, into) => {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) into.putLevel(prices![i]!, sizes![i]!);
    return offsets[row + 1]! - offsets[row]!;
  };
}
