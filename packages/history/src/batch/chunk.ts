import type { StreamId } from '../datasets/stream.js';

/**
 * Rows of all streams one behind the other, as they came, in memory that another thread can read too. All numbers; of a row:
 *
 * | number         | what                                                                        |
 * |----------------|-----------------------------------------------------------------------------|
 * | 0              | number of its stream                                                        |
 * | 1              | sequence of the stream's row before, NaN for the first                      |
 * | 2              | numbers in its levels                                                       |
 * | 3              | bytes of its text                                                           |
 * | 4 ...          | its slots, as many as the dataset's rows are wide                           |
 * | then           | levels (price, size, price, size ...), bids first                           |
 * | then           | text, filled up to a whole number                                           |
 */
export interface Chunk {
  /** The number under which the other thread keeps it; `ONCE` when it is not kept. */
  readonly number: number;
  readonly data: Float64Array<SharedArrayBuffer>;
  /** The same memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Numbers that are written. */
  length: number;
}

/** Consecutive rows on their way to the log. */
export interface Batch {
  /** All streams so far, by number. */
  readonly streams: readonly StreamId[];
  readonly chunks: readonly Chunk[];
}

/** Numbers before a row's slots. */
export const HEAD = 4;
/** Number of a chunk that goes away after its batch. */
export const ONCE = -1;

/** Numbers in a chunk: large against what comes between two commits, small against the memory of a processor. */
const SIZE = 32_768;
/** So many are kept once they were needed, 16 MiB; beyond them chunks come and go, e.g. while a disk is full. */
const KEPT = 64;

export function chunkOver(number: number, buffer: SharedArrayBuffer, length = 0): Chunk {
  return { number, data: new Float64Array(buffer), bytes: new Uint8Array(buffer), length };
}

/** Chunks to write into: the one that came back last goes out first, it is still in the processor's cache. */
export class ChunkPool {
  readonly #kept: number;
  readonly #free: Chunk[] = [];
  #made = 0;

  constructor(kept = KEPT) {
    this.#kept = kept;
  }

  /** An empty chunk with room for `least` numbers. */
  take(least: number): Chunk {
    if (least > SIZE) return chunkOver(ONCE, memory(least));
    return this.#free.pop() ?? chunkOver(this.#made < this.#kept ? this.#made++ : ONCE, memory(SIZE));
  }

  /** Nobody reads it any more. */
  release(chunk: Chunk): void {
    chunk.length = 0;
    if (chunk.number !== ONCE) this.#free.push(chunk);
  }
}

const memory = (numbers: number) => new SharedArrayBuffer(8 * numbers);
