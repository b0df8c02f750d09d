import type { Bytes } from '../bytes.js';
import { DoubleDictionary } from '../dictionary.js';
import { ENCODING, TYPE } from '../format.js';
import { bitsFor, writeHybrid } from '../packing.js';
import type { Pages, Statistics } from '../pages.js';
import { enlarged } from './column.js';

const dictionary = new DoubleDictionary();
let numbers = new Uint32Array(1 << 10);

/** What stands before the values in a data page. */
export interface Prefix {
  /** Values and nulls. */
  readonly count: number;
  readonly nulls: number;
  write(body: Bytes): void;
}

/** One chunk of doubles: numbers of a dictionary where that is shorter, else as they are. Nothing here waits: the scratch is shared. */
export function writeDoubles(pages: Pages, path: readonly string[], values: Float64Array, { count, nulls, write }: Prefix): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  numbers = enlarged(numbers, values.length);
  dictionary.clear();
  for (let i = 0; i < values.length; i++) numbers[i] = dictionary.number(words, 2 * i);
  const distinct = dictionary.values;
  const width = Math.max(1, bitsFor(distinct.length - 1));
  const isShorter = 64 * distinct.length + width * values.length < 64 * values.length;
  if (isShorter) {
    pages.body.set(new Uint8Array(distinct.buffer, 0, 8 * distinct.length));
    pages.dictionary(distinct.length);
  }
  write(pages.body);
  if (isShorter) {
    pages.body.byte(width);
    writeHybrid(pages.body, numbers, values.length, width);
  } else pages.body.set(new Uint8Array(values.buffer, values.byteOffset, 8 * values.length));
  const encoding = isShorter ? ENCODING.dictionary : ENCODING.plain;
  pages.data(path, TYPE.double, { values: count, encoding, statistics: { nulls, ...extremes(distinct) } });
}

/** Zeros count as the sign that keeps every zero within (parquet.thrift, ColumnOrder); a NaN has no place in an order. */
function extremes(values: Float64Array): Pick<Statistics, 'least' | 'most'> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
    if (Number.isNaN(value)) return {};
  }
  if (values.length === 0) return {};
  return { least: plain(least === 0 ? -0 : least), most: plain(most === 0 ? 0 : most) };
}

const plain = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);
