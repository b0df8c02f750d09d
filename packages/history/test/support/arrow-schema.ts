import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Timestamp,
  TimeUnit,
  Utf8,
} from 'apache-arrow';
import { type Column, flag, float, integer, micros, time } from '../../src/datasets/columns.js';
import type { DatasetName } from '../../src/datasets/dataset.js';
import { DATASETS } from '../../src/datasets/table.js';

const KIND = {
  float: () => new Float64(),
  integer: () => new Int64(),
  time: () => new Timestamp(TimeUnit.MILLISECOND, 'UTC'),
  micros: () => new Timestamp(TimeUnit.MICROSECOND, 'UTC'),
  flag: () => new Bool(),
  text: () => new Utf8(),
  choice: () => words(0),
  constant: () => words(0),
} satisfies Record<Column['kind'], () => DataType>;

/**
 * An Arrow dictionary with 32-bit indices is the very type that pyarrow gives to the partition column `exchange`: with plain
 * strings in the file pandas refuses to merge the two.
 */
function words(id: number): Dictionary {
  return new Dictionary(new Utf8(), new Int32(), id, false);
}

const LEVEL = new Struct([new Field('price', new Float64(), false), new Field('size', new Float64(), false)]);
const LEVELS = new List(new Field('element', LEVEL, false));

const fieldOf = (column: Column) => new Field(column.name, KIND[column.kind](), column.kind !== 'flag');
const wordsOf = (name: string) => new Field(name, words(0), true);

/** The columns of a dataset as an Arrow schema, the way that Parquet files carry it: an IPC message in base64. */
export function arrowSchema(dataset: DatasetName): string {
  const { columns, levels } = DATASETS[dataset];
  const fields = [
    fieldOf(time('timestamp')),
    ...['exchange', 'symbol'].map(wordsOf),
    ...(levels === 'lists' ? ['bids', 'asks'].map((name) => new Field(name, LEVELS, false)) : []),
    ...columns.map(fieldOf),
    ...(levels === 'rows' ? [wordsOf('side'), fieldOf(float('price')), fieldOf(float('size'))] : []),
    ...[integer('seq'), micros('received_at'), micros('venue_time'), flag('recovered')].map(fieldOf),
  ];
  // Dictionaries are told apart by number.
  const numbered = fields.map((field, id) =>
    field.type instanceof Dictionary ? new Field(field.name, words(id), field.nullable) : field,
  );
  const schema = new Schema(numbered);
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  const stream = writer.toUint8Array(true);
  // Behind the message stands the mark of the stream's end, eight bytes.
  return Buffer.from(stream.subarray(0, stream.length - 8)).toString('base64');
}
