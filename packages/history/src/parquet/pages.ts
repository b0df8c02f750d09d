import { zstd, zstdBound } from '../zstd/compress.js';
import { Bytes } from './bytes.js';
import { ENCODING, PAGE } from './format.js';
import { writeHybrid, writeRun } from './packing.js';
import { type Field, i32, writeStruct } from './thrift.js';

/** Smallest and largest value of a chunk as PLAIN bytes, and how many are null. */
export interface Statistics {
  readonly nulls: number;
  readonly least?: Uint8Array | undefined;
  readonly most?: Uint8Array | undefined;
}

/** One column of one row group, as the footer describes it. Offsets count from the start of the row group. */
export interface Chunk {
  readonly path: readonly string[];
  readonly type: number;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly dictionaryAt: number | undefined;
  readonly dataAt: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly statistics: Statistics;
}

/** The pages of one row group, one behind the other. Fill {@link body}, then say which page it is. */
export class Pages {
  readonly bytes = new Bytes();
  readonly body = new Bytes();
  #compressed = new Uint8Array(1 << 16);
  #chunks: Chunk[] = [];
  #from = 0;
  #uncompressed = 0;
  #dictionaryAt: number | undefined;

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  clear(): void {
    this.bytes.clear();
    this.#chunks = [];
    this.#begin();
  }

  /** The dictionary of the chunk that begins here: so many PLAIN values. */
  dictionary(values: number): void {
    this.#dictionaryAt = this.bytes.length;
    this.#page(PAGE.dictionary, [
      7,
      {
        struct: [
          [1, i32(values)],
          [2, i32(ENCODING.plain)],
        ],
      },
    ]);
  }

  /** The one data page of a chunk ends it. @param values nulls counted */
  data(
    path: readonly string[],
    type: number,
    { values, encoding, statistics }: { values: number; encoding: number; statistics: Statistics },
  ): void {
    const dataAt = this.bytes.length;
    this.#page(PAGE.data, [
      5,
      {
        struct: [
          [1, i32(values)],
          [2, i32(encoding)],
          [3, i32(ENCODING.rle)],
          [4, i32(ENCODING.rle)],
        ],
      },
    ]);
    const dictionaryAt = this.#dictionaryAt;
    this.#chunks.push({
      path,
      type,
      values,
      statistics,
      dictionaryAt,
      dataAt,
      encodings: [...new Set([encoding, ENCODING.rle, ...(dictionaryAt === undefined ? [] : [ENCODING.plain])])],
      compressedBytes: this.bytes.length - this.#from,
      uncompressedBytes: this.#uncompressed,
    });
    this.#begin();
  }

  #begin(): void {
    this.body.clear();
    this.#from = this.bytes.length;
    this.#uncompressed = 0;
    this.#dictionaryAt = undefined;
  }

  #page(kind: number, header: Field): void {
    const { bytes, body } = this;
    const bound = zstdBound(body.length);
    if (this.#compressed.length < bound) this.#compressed = new Uint8Array(2 * bound);
    const size = zstd(body.data.subarray(0, body.length), this.#compressed);
    const from = bytes.length;
    writeStruct(bytes, [[1, i32(kind)], [2, i32(body.length)], [3, i32(size)], header]);
    this.#uncompressed += bytes.length - from + body.length;
    bytes.set(this.#compressed.subarray(0, size));
    body.clear();
  }
}

/**
 * Repetition or definition levels of a data page: 0 or 1 each, their length in front.
 * @param levels absent: 1 throughout
 */
export function writeLevels(body: Bytes, levels: Uint8Array | undefined, count: number): void {
  const at = body.length;
  body.uint32(0);
  if (levels === undefined) writeRun(body, 1, count, 1);
  else writeHybrid(body, levels, count, 1);
  body.uint32At(at, body.length - at - 4);
}
