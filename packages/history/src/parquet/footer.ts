import { Bytes } from './bytes.js';
import { CODEC, groupElement, TYPE } from './format.js';
import type { Chunk } from './pages.js';
import { type Field, i32, i64, writeStruct } from './thrift.js';

export const MAGIC = new TextEncoder().encode('PAR1');

/** A row group as it lies in the file. */
export interface StoredGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
  /** Offset of its first byte. */
  readonly at: number;
}

export interface FileDescription {
  readonly columns: readonly { readonly schema: readonly (readonly Field[])[] }[];
  readonly groups: readonly StoredGroup[];
  /** For whoever knows the keys. */
  readonly pairs: Readonly<Record<string, string>>;
}

/** The end of a file: its metadata, their length, the magic bytes. */
export function footer({ columns, groups, pairs }: FileDescription): Uint8Array {
  const out = new Bytes();
  const schema = columns.flatMap((column) => column.schema);
  const leaves = groups[0]?.chunks.length ?? 0;
  writeStruct(out, [
    [1, i32(2)],
    [2, { structs: [groupElement('schema', undefined, columns.length), ...schema] }],
    [3, i64(groups.reduce((sum, { rows }) => sum + rows, 0))],
    [4, { structs: groups.map(rowGroup) }],
    [5, { structs: Object.entries(pairs).map(pair) }],
    [6, { text: 'SPEED' }],
    // Without it readers must not believe the statistics: every leaf is ordered as its type is.
    [7, { structs: Array.from({ length: leaves }, () => [[1, { struct: [] }]] as const) }],
  ]);
  out.uint32(out.length);
  out.set(MAGIC);
  return out.copy();
}

const pair = ([key, value]: [string, string]): readonly Field[] => [
  [1, { text: key }],
  [2, { text: value }],
];

const sum = (chunks: readonly Chunk[], of: (chunk: Chunk) => number) => chunks.reduce((total, chunk) => total + of(chunk), 0);

const rowGroup = ({ rows, chunks, at }: StoredGroup, ordinal: number): readonly Field[] => [
  [1, { structs: chunks.map((chunk) => columnChunk(chunk, at)) }],
  [2, i64(sum(chunks, (chunk) => chunk.uncompressedBytes))],
  [3, i64(rows)],
  [5, i64(at)],
  [6, i64(sum(chunks, (chunk) => chunk.compressedBytes))],
  ...(ordinal < 1 << 15 ? ([[7, { i16: ordinal }]] as const) : []),
];

function columnChunk(chunk: Chunk, at: number): readonly Field[] {
  const { dictionaryAt, dataAt } = chunk;
  const metadata: Field[] = [
    [1, i32(chunk.type)],
    [2, { i32s: chunk.encodings }],
    [3, { texts: chunk.path }],
    [4, i32(CODEC.zstd)],
    [5, i64(chunk.values)],
    [6, i64(chunk.uncompressedBytes)],
    [7, i64(chunk.compressedBytes)],
    [9, i64(at + dataAt)],
    ...(dictionaryAt === undefined ? [] : [[11, i64(at + dictionaryAt)] as const]),
    [12, { struct: statisticsFields(chunk) }],
  ];
  return [
    [2, i64(0)],
    [3, { struct: metadata }],
  ];
}

/** Numbers also the old way, for readers of before 2018; strings had no order that could be trusted then. */
function statisticsFields({ type, statistics: { nulls, least, most } }: Chunk): readonly Field[] {
  if (least === undefined || most === undefined) return [[3, i64(nulls)]];
  const old: Field[] = [
    [1, { binary: most }],
    [2, { binary: least }],
  ];
  return [...(type === TYPE.bytes ? [] : old), [3, i64(nulls)], [5, { binary: most }], [6, { binary: least }]];
}
