import type { Levels } from '@speed-protocol/core';
import { COMMON_SLOTS, RECEIVED_AT, RECOVERED, SEQ, VENUE_TIME } from '../datasets/columns.js';
import { RowBuffer } from '../datasets/rows.js';
import { DATASET_NAMES, rowWidth } from '../datasets/table.js';
import type { PendingStream, RowHead } from '../pending.js';
import { type Chunk, ChunkPool, HEAD } from './chunk.js';

interface WithLevels {
  readonly bids: Levels;
  readonly asks: Levels;
}

/**
 * Rows that are not on disk: those being filled, and those in flight. Written one behind the other whatever their stream,
 * into memory that is there already and that the log's thread reads in place: a row costs its copy, a commit next to nothing.
 */
export class PendingRows {
  readonly #pool: ChunkPool;
  /** A row's own slots and text before its size is known. */
  readonly #row = new RowBuffer(Math.max(...DATASET_NAMES.map(rowWidth)), 1);
  #filling: Chunk[] = [];
  #last: Chunk | undefined;
  #flight: Chunk[] = [];
  #rows = 0;
  #lastSeq = 0;
  #flightRows = 0;
  #flightLastSeq = 0;
  #bytes = 0;

  constructor(pool = new ChunkPool()) {
    this.#pool = pool;
  }

  /** Rows in memory, in flight ones included. */
  get rows(): number {
    return this.#rows + this.#flightRows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is in flight: its chunks, how many rows, and the sequence of the last one. */
  get flight(): readonly Chunk[] {
    return this.#flight;
  }

  get flightRows(): number {
    return this.#flightRows;
  }

  get flightLastSeq(): number {
    return this.#flightLastSeq;
  }

  /** Copies one row of a stream. Sequences only ever grow. */
  write(stream: PendingStream, seq: number, head: RowHead, record: unknown): void {
    const { width, hasLevels } = stream;
    const row = this.#row;
    row.clear();
    stream.dataset.write(record, row, COMMON_SLOTS);
    const { slots, textBytes } = row;
    const levelSlots = hasLevels ? 2 * ((record as WithLevels).bids.count + (record as WithLevels).asks.count) : 0;
    const size = HEAD + width + levelSlots + ((textBytes + 7) >> 3);
    const chunk = this.#room(size);
    const { data } = chunk;
    let at = chunk.length;
    data[at] = stream.number;
    data[at + 1] = stream.lastSeq;
    data[at + 2] = levelSlots;
    data[at + 3] = textBytes;
    at += HEAD;
    for (let slot = COMMON_SLOTS; slot < width; slot++) data[at + slot] = slots[slot] as number;
    data[at + SEQ] = seq;
    data[at + RECEIVED_AT] = head.receivedAt;
    data[at + VENUE_TIME] = head.venueTime ?? Number.NaN;
    data[at + RECOVERED] = head.recovered === true ? 1 : 0;
    if (hasLevels) {
      const { bids, asks } = record as WithLevels;
      data[at + width - 2] = bids.count;
      data[at + width - 1] = asks.count;
      putLevels(data, putLevels(data, at + width, bids), asks);
    }
    if (textBytes > 0) putText(chunk.bytes, 8 * (at + width + levelSlots), row);
    chunk.length += size;
    this.#bytes += 8 * size;
    this.#rows++;
    this.#lastSeq = seq;
    stream.wrote(seq, head, slots);
  }

  /** Moves the rows into flight, unless some are: those go again as they are. True when there are any. */
  take(): boolean {
    if (this.#flightRows > 0) return true;
    if (this.#rows === 0) return false;
    const empty = this.#flight;
    this.#flight = this.#filling;
    this.#filling = empty;
    this.#last = undefined;
    this.#flightRows = this.#rows;
    this.#flightLastSeq = this.#lastSeq;
    this.#rows = 0;
    return true;
  }

  /** The flight is on disk. */
  acknowledge(): void {
    for (const chunk of this.#flight) {
      this.#bytes -= 8 * chunk.length;
      this.#pool.release(chunk);
    }
    this.#flight.length = 0;
    this.#flightRows = 0;
  }

  #room(size: number): Chunk {
    if (this.#last !== undefined && this.#last.length + size <= this.#last.data.length) return this.#last;
    this.#last = this.#pool.take(size);
    this.#filling.push(this.#last);
    return this.#last;
  }
}

/** @returns where the next ones go */
function putLevels(data: Float64Array, at: number, { values, start, count }: Levels): number {
  const end = at + 2 * count;
  // A plain loop beats `set(subarray)` on the short lists that deltas are.
  for (let to = at, from = start; to < end; to++, from++) data[to] = values[from] as number;
  return end;
}

function putText(bytes: Uint8Array, at: number, { text, textBytes }: RowBuffer): void {
  for (let i = 0; i < textBytes; i++) bytes[at + i] = text[i] as number;
}
