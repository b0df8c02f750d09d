import type { Levels } from '@speed-protocol/core';
import { COMMON_SLOTS, RECEIVED_AT, RECOVERED, SEQ, VENUE_TIME } from './datasets/columns.js';
import type { Dataset } from './datasets/dataset.js';
import { RowBuffer } from './datasets/rows.js';
import type { Block, StreamId } from './datasets/stream.js';
import { DATASETS, rowWidth, type StoredGapReason } from './datasets/table.js';
import type { LastRow } from './log/spool.js';

/** Which instrument and when: what all rows share. Every event is one. */
export interface RowHead {
  readonly venue: string;
  readonly symbol: string | null;
  readonly venueSymbol: string;
  readonly venueTime: number | null;
  readonly receivedAt: number;
  readonly recovered?: boolean;
}

interface WithLevels {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Rows of one stream that are not on disk: those being filled, and those in flight. */
export class PendingStream {
  readonly id: StreamId;
  /** The stream's last row, of this run or an earlier one. */
  last: { time: number; sequence: number | null } | undefined;
  /** Set when rows are missing before the next one: why. */
  gapBefore: StoredGapReason | undefined;
  /** How many events were dropped since the last row. */
  missed = 0;
  readonly #dataset: Dataset<unknown>;
  readonly #width: number;
  readonly #hasLevels: boolean;
  readonly #sequenceSlot: number;
  #active: RowBuffer;
  #spare: RowBuffer;
  #flight: Block | undefined;
  #flightBytes = 0;
  #prevSeq = Number.NaN;

  constructor(id: StreamId, before: LastRow | undefined) {
    this.id = id;
    this.last = before === undefined ? undefined : { time: before.time, sequence: before.sequence };
    if (before !== undefined && id.dataset !== 'gaps') this.gapBefore = before.clean ? 'stopped' : 'crashed';
    this.#dataset = DATASETS[id.dataset] as Dataset<unknown>;
    this.#width = rowWidth(id.dataset);
    this.#hasLevels = this.#dataset.levels !== 'none';
    this.#sequenceSlot = this.#dataset.columns.findIndex(({ name }) => name === 'sequence') + COMMON_SLOTS;
    this.#active = new RowBuffer(this.#width);
    this.#spare = new RowBuffer(this.#width);
  }

  /** Bytes in memory, in flight ones included. */
  get bytes(): number {
    return this.#active.size + this.#flightBytes;
  }

  write(seq: number, head: RowHead, record: unknown): void {
    const rows = this.#active;
    const at = rows.next();
    this.#dataset.write(record, rows, at + COMMON_SLOTS);
    const { slots } = rows;
    slots[at + SEQ] = seq;
    slots[at + RECEIVED_AT] = head.receivedAt;
    slots[at + VENUE_TIME] = head.venueTime ?? Number.NaN;
    slots[at + RECOVERED] = head.recovered === true ? 1 : 0;
    if (this.#hasLevels) {
      const counts = at + this.#width - 2;
      slots[counts] = rows.putLevels((record as WithLevels).bids);
      slots[counts + 1] = rows.putLevels((record as WithLevels).asks);
    }
    const sequence = this.#sequenceSlot < COMMON_SLOTS ? Number.NaN : slots[at + this.#sequenceSlot]!;
    this.last ??= { time: 0, sequence: null };
    this.last.time = head.venueTime ?? head.receivedAt;
    this.last.sequence = !Number.isNaN(sequence) ? sequence : null;
  }

  /** Moves the rows into flight; true when there are any. Only after the last flight was acknowledged. */
  take(): boolean {
    const rows = this.#active;
    if (rows.rows === 0) return false;
    this.#flight = {
      stream: this.id,
      prevSeq: this.#prevSeq,
      rows: rows.rows,
      slots: rows.slots.subarray(0, rows.rows * this.#width),
      levels: rows.levels.subarray(0, rows.levelSlots),
      text: rows.text.subarray(0, rows.textBytes),
    };
    this.#flightBytes = rows.size;
    this.#active = this.#spare;
    this.#spare = rows;
    return true;
  }

  get flight(): Block {
    return this.#flight!;
  }

  get flightRows(): number {
    return this.flight.rows;
  }

  get flightLastSeq(): number {
    const { rows, slots } = this.flight;
    return slots[(rows - 1) * this.#width + SEQ]!;
  }

  /** The flight is on disk. Returns the bytes that are free now. */
  acknowledge(): number {
    const freed = this.#flightBytes;
    this.#prevSeq = this.flightLastSeq;
    this.#spare.clear();
    this.#flight = undefined;
    this.#flightBytes = 0;
    return freed;
  }
}
