import type { Persister, SpeedEvent } from '@speed-protocol/core';
import { SEQ } from '../datasets/columns.js';
import type { StreamId } from '../datasets/stream.js';
import { checkedRows } from '../parquet/checked.js';
import type { StoredRows } from '../parquet/reader.js';
import type { FileEntry } from '../store/manifest.js';
import { BlockCursor } from './events.js';

/** A gap row, to be woven into the stream that it belongs to. */
export interface PlacedGap {
  readonly seq: number;
  readonly time: number;
  readonly event: SpeedEvent;
}

/** Where in its stream a source stands. */
interface Position {
  readonly seq: number;
  readonly time: number;
}

/**
 * One recorded stream with its gaps, row by row in the order in which the rows came. Holds one row group at a time.
 * `time` never goes back: a row that is earlier than the one before it counts as simultaneous.
 */
export class StreamSource implements AsyncDisposable {
  readonly stream: StreamId;
  readonly #store: Persister;
  readonly #files: FileEntry[];
  readonly #gaps: PlacedGap[];
  #rows: AsyncGenerator<StoredRows> | undefined;
  #cursor: BlockCursor | undefined;
  #times: Float64Array = new Float64Array(0);
  #row: Position | undefined;
  #gap: PlacedGap | undefined;
  #atGap = false;
  seq = -1;
  time = Number.NEGATIVE_INFINITY;

  constructor(store: Persister, stream: StreamId, files: readonly FileEntry[], gaps: readonly PlacedGap[]) {
    this.#store = store;
    this.stream = stream;
    this.#files = [...files];
    this.#gaps = [...gaps].sort((a, b) => a.seq - b.seq);
    this.#gap = this.#gaps.shift();
  }

  /** Steps to the first row. */
  async open(): Promise<boolean> {
    await this.#nextRow();
    return this.#choose();
  }

  /** Steps on; a promise only when the next row group has to be read. False at the end. */
  advance(): boolean | Promise<boolean> {
    if (this.#atGap) {
      this.#gap = this.#gaps.shift();
      return this.#choose();
    }
    if (this.#stepInBlock()) return this.#choose();
    return this.#nextRow().then(() => this.#choose());
  }

  /** The event here; its levels are valid until the next step. `undefined` on periodic books. */
  event(): SpeedEvent | undefined {
    return this.#atGap ? this.#gap!.event : this.#cursor!.event();
  }

  /** The row here, unless it is a gap. */
  get cursor(): BlockCursor | undefined {
    return this.#atGap ? undefined : this.#cursor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rows?.return(undefined);
  }

  /** The row or the gap before it, whichever comes first. */
  #choose(): boolean {
    const here = this.#gap !== undefined && (this.#row === undefined || this.#gap.seq < this.#row.seq) ? this.#gap : this.#row;
    if (here === undefined) return false;
    this.#atGap = here === this.#gap;
    this.seq = here.seq;
    // A gap has no time of its own that counts: it stands between two rows.
    const { time } = this.#atGap ? (this.time === Number.NEGATIVE_INFINITY ? (this.#row ?? here) : this) : here;
    if (time > this.time) this.time = time;
    return true;
  }

  #stepInBlock(): boolean {
    const cursor = this.#cursor;
    if (cursor === undefined || !cursor.next()) return false;
    this.#row = { seq: cursor.slot(SEQ), time: this.#times[cursor.row]! };
    return true;
  }

  async #nextRow(): Promise<void> {
    for (;;) {
      const rows = await this.#nextBlock();
      if (rows === undefined) {
        this.#row = undefined;
        return;
      }
      this.#cursor = new BlockCursor(rows.block);
      this.#times = rows.times;
      if (this.#stepInBlock()) return;
    }
  }

  async #nextBlock(): Promise<StoredRows | undefined> {
    for (;;) {
      const next = await this.#rows?.next();
      if (next !== undefined && !next.done) return next.value;
      const file = this.#files.shift();
      if (file === undefined) return undefined;
      this.#rows = checkedRows(this.#store, file);
    }
  }
}
