import type { Bytes } from './bytes.js';

/** Types of the compact protocol, as far as Parquet's headers use them. */
const TYPE = { true: 1, false: 2, i16: 4, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** One member of a Thrift struct. */
export type Field = readonly [id: number, value: Value];
type Value =
  | { readonly i16: number }
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly binary: Uint8Array }
  | { readonly struct: readonly Field[] }
  | { readonly structs: readonly (readonly Field[])[] }
  | { readonly i32s: readonly number[] }
  | { readonly texts: readonly string[] };

export const i32 = (value: number): Value => ({ i32: value });
export const i64 = (value: number): Value => ({ i64: value });

const encoder = new TextEncoder();

/** Writes a struct in Thrift's compact protocol: members in ascending order of their ids. */
export function writeStruct(out: Bytes, fields: readonly Field[]): void {
  let last = 0;
  for (const [id, value] of fields) {
    out.byte(((id - last) << 4) | typeOf(value));
    last = id;
    writeValue(out, value);
  }
  out.byte(0);
}

function typeOf(value: Value): number {
  if ('flag' in value) return value.flag ? TYPE.true : TYPE.false;
  if ('i16' in value) return TYPE.i16;
  if ('i32' in value) return TYPE.i32;
  if ('i64' in value) return TYPE.i64;
  if ('struct' in value) return TYPE.struct;
  return 'text' in value || 'binary' in value ? TYPE.binary : TYPE.list;
}

function writeValue(out: Bytes, value: Value): void {
  if ('i16' in value) out.zigzag(value.i16);
  else if ('i32' in value) out.zigzag(value.i32);
  else if ('i64' in value) out.zigzag(value.i64);
  else if ('text' in value) writeBinary(out, encoder.encode(value.text));
  else if ('binary' in value) writeBinary(out, value.binary);
  else if ('struct' in value) writeStruct(out, value.struct);
  else if ('structs' in value) writeList(out, TYPE.struct, value.structs, (each) => writeStruct(out, each));
  else if ('i32s' in value) writeList(out, TYPE.i32, value.i32s, (each) => out.zigzag(each));
  else if ('texts' in value) writeList(out, TYPE.binary, value.texts, (each) => writeBinary(out, encoder.encode(each)));
}

function writeBinary(out: Bytes, bytes: Uint8Array): void {
  out.varint(bytes.length);
  out.set(bytes);
}

function writeList<T>(out: Bytes, type: number, list: readonly T[], write: (each: T) => void): void {
  if (list.length < 15) out.byte((list.length << 4) | type);
  else {
    out.byte(0xf0 | type);
    out.varint(list.length);
  }
  for (const each of list) write(each);
}
