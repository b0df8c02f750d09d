import type { Pages } from '../pages.js';
import type { Field } from '../thrift.js';

/** Values of one column of consecutive events, as they lie in the log: every `stride` doubles from `from` on. */
export interface Slots {
  readonly values: Float64Array;
  readonly from: number;
  readonly stride: number;
  readonly events: number;
  /** Parquet rows of each event; absent: one. */
  readonly counts?: Int32Array | undefined;
}

/**
 * One column of a row group under construction; its arrays are used again for the next one. A column at a time: loops
 * over one array of one kind are what is fast.
 */
export interface ColumnWriter {
  /** Elements of the file's schema, the outermost first. */
  readonly schema: readonly (readonly Field[])[];
  /** Makes room for so many rows in all. */
  reserve(rows: number): void;
  /** Writes the column's chunks and forgets its rows. */
  encode(rows: number, pages: Pages): void;
}

/** One that is filled from slots; NaN is null. */
export interface SlotColumn extends ColumnWriter {
  put(row: number, slots: Slots): void;
}

/** A larger copy of an array, or the same when it is large enough. */
export function enlarged<A extends Float64Array | Int32Array | Uint32Array | Uint8Array>(array: A, length: number): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
