import { COMMON_SLOTS } from './datasets/columns.js';
import type { Dataset } from './datasets/dataset.js';
import type { StreamId } from './datasets/stream.js';
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

/** Where one stream of a writer stands, and how its rows are written. */
export class PendingStream {
  readonly id: StreamId;
  /** Its place among the writer's streams. */
  readonly number: number;
  readonly dataset: Dataset<unknown>;
  /** Slots of a row. */
  readonly width: number;
  readonly hasLevels: boolean;
  /** The stream's last row, of this run or an earlier one. */
  last: { time: number; sequence: number | null } | undefined;
  /** The recorder's own number of this run's last row; NaN before the first. */
  lastSeq = Number.NaN;
  /** Set when rows are missing before the next one: why. */
  gapBefore: StoredGapReason | undefined;
  /** How many events were dropped since the last row. */
  missed = 0;
  readonly #sequenceSlot: number;

  constructor(id: StreamId, number: number, before: LastRow | undefined) {
    this.id = id;
    this.number = number;
    this.last = before === undefined ? undefined : { time: before.time, sequence: before.sequence };
    if (before !== undefined && id.dataset !== 'gaps') this.gapBefore = before.clean ? 'stopped' : 'crashed';
    this.dataset = DATASETS[id.dataset] as Dataset<unknown>;
    this.width = rowWidth(id.dataset);
    this.hasLevels = this.dataset.levels !== 'none';
    this.#sequenceSlot = this.dataset.columns.findIndex(({ name }) => name === 'sequence') + COMMON_SLOTS;
  }

  /** Its next row is this one, with these slots. */
  wrote(seq: number, head: RowHead, slots: Float64Array): void {
    const sequence = this.#sequenceSlot < COMMON_SLOTS ? Number.NaN : slots[this.#sequenceSlot]!;
    this.lastSeq = seq;
    this.last ??= { time: 0, sequence: null };
    this.last.time = head.venueTime ?? head.receivedAt;
    this.last.sequence = !Number.isNaN(sequence) ? sequence : null;
  }
}
