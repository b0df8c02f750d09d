import { type Field, i32 } from './thrift.js';

/** Numbers of the Parquet format (parquet.thrift), as far as they are used here. */
export const TYPE = { boolean: 0, int64: 2, double: 5, bytes: 6 } as const;
export const ENCODING = { plain: 0, rle: 3, deltas: 5, deltaBytes: 7, dictionary: 8 } as const;
export const CODEC = { zstd: 6 } as const;
export const PAGE = { data: 0, dictionary: 2 } as const;

type Repetition = 'required' | 'optional' | 'repeated';
const REPETITION: Readonly<Record<Repetition, number>> = { required: 0, optional: 1, repeated: 2 };

const CONVERTED = { utf8: 0, list: 3, millis: 9, micros: 10 } as const;
const NOTHING: readonly Field[] = [];
const logical = (id: number, members: readonly Field[] = NOTHING): Field => [10, { struct: [[id, { struct: members }]] }];
const timestamp = (unit: number): Field =>
  logical(8, [
    [1, { flag: true }],
    [2, { struct: [[unit, { struct: NOTHING }]] }],
  ]);

/** What a column's numbers mean, in both of Parquet's vocabularies. */
const MEANING = {
  text: [[6, i32(CONVERTED.utf8)], logical(1)],
  list: [[6, i32(CONVERTED.list)], logical(3)],
  millis: [[6, i32(CONVERTED.millis)], timestamp(1)],
  micros: [[6, i32(CONVERTED.micros)], timestamp(2)],
} satisfies Record<string, readonly Field[]>;
export type Meaning = keyof typeof MEANING;

/** One element of the schema that holds values. */
export const leafElement = (name: string, type: number, repetition: Repetition, meaning?: Meaning): readonly Field[] => [
  [1, i32(type)],
  [3, i32(REPETITION[repetition])],
  [4, { text: name }],
  ...(meaning === undefined ? NOTHING : MEANING[meaning]),
];

/** One that holds others. */
export const groupElement = (
  name: string,
  repetition: Repetition | undefined,
  children: number,
  meaning?: Meaning,
): readonly Field[] => [
  ...(repetition === undefined ? NOTHING : ([[3, i32(REPETITION[repetition])]] as const)),
  [4, { text: name }],
  [5, i32(children)],
  ...(meaning === undefined ? NOTHING : MEANING[meaning]),
];
