import type { Clock, GapEvent, MarketEvent, SpeedEvent } from '@speed-protocol/core';
import { systemClock } from '@speed-protocol/core';
import type { Batch } from './batch/chunk.js';
import { PendingRows } from './batch/pending-rows.js';
import type { DatasetName } from './datasets/dataset.js';
import { type BookSnapshot, datasetOf, type GapRow, type StoredGapReason } from './datasets/table.js';
import type { EngineStatus, Maintenance, Opening } from './engine.js';
import { isFull, isPassing } from './log/errors.js';
import type { PendingStream, RowHead } from './pending.js';
import { PendingStreams } from './pending-streams.js';

/** Where acknowledged rows go: the engine in this thread, or its proxy to another one. */
export interface RowStore extends AsyncDisposable {
  readonly opening: Opening;
  readonly status: EngineStatus;
  /** Resolves when the rows are on disk; until then they stay as they are. After a failure the same batch may come again. */
  append(batch: Batch): Promise<void>;
  sealIfDue(): Promise<void>;
  rollNow(): Promise<void>;
  maintain(maintenance: Maintenance): Promise<number>;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly clock?: Clock | undefined;
  /**
   * Longest time a row waits for its group commit; default 1 s. A commit wakes another thread and the disk, which whoever
   * receives feels, and a crash costs what comes until the next start: seconds, beside which a shorter wait saves little.
   */
  readonly commitMs?: number | undefined;
  /** Rows in memory that the disk has not taken yet; beyond it rows are dropped and listed as gaps. Default 64 MiB. */
  readonly bufferBytes?: number | undefined;
  /** Wait between attempts while the disk is full; default 1 s. */
  readonly retryMs?: number | undefined;
  /** Called after every group commit with the sequence up to which everything is safe. */
  readonly onAcknowledged?: ((seq: number, rows: number) => void) | undefined;
}

/**
 * `recording`: all is well. `full`: the disk takes nothing; rows wait in memory, then are dropped and listed as gaps.
 * `failed`: the log cannot be written at all. `closed`.
 */
export type WriterState = 'recording' | 'full' | 'failed' | 'closed';

export interface WriterStatus {
  readonly state: WriterState;
  readonly problem: string | null;
  /** Rows taken, rows safe on disk, rows lost for want of room. */
  readonly accepted: number;
  readonly acknowledged: number;
  readonly dropped: number;
  /** Gap rows written, whatever the reason. */
  readonly gaps: number;
  /** Rows and bytes in memory, not on disk yet. */
  readonly pendingRows: number;
  readonly pendingBytes: number;
  /** ms that the oldest of them waits. */
  readonly lagMs: number;
  readonly store: EngineStatus;
}

const COMMIT_MS = 1_000;
/** Rows of so many bytes do not wait: a processor's cache holds them, its memory would have to. */
const COMMIT_BYTES = 1 << 20;

/**
 * Takes events on the hot path and gets them to disk: `push` copies a few numbers and returns; group commits run beside
 * it. Every row gets a sequence number, increasing over all streams and runs of one recorder.
 */
export class HistoryWriter implements AsyncDisposable {
  readonly #store: RowStore;
  readonly #clock: Clock;
  readonly #options: WriterOptions;
  readonly #streams: PendingStreams;
  readonly #pending = new PendingRows();
  #seq: number;
  #timer: (() => void) | undefined;
  /** The timer is due at once. */
  #isHurried = false;
  #committing: Promise<void> | undefined;
  #oldest = 0;
  #counts = { accepted: 0, acknowledged: 0, dropped: 0, gaps: 0 };
  #state: WriterState = 'recording';
  #problem: string | null = null;
  readonly #stopHousekeeping: () => void;

  constructor(store: RowStore, options: WriterOptions = {}) {
    this.#store = store;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // Microseconds since 1970: later runs begin above earlier ones even if the state file is lost.
    this.#seq = Math.max(Math.floor(this.#clock.now() * 1000), store.opening.lastSeq + 1);
    this.#streams = new PendingStreams(store.opening.last);
    this.#stopHousekeeping = this.#housekeeping();
  }

  /**
   * Takes one event. Feeds without a dataset (ticker, open interest) are not kept.
   * @returns the row's sequence, or 0 when it was not taken
   */
  push(event: SpeedEvent): number {
    if (event.type === 'gap') return this.#pushGap(event);
    const dataset = datasetOf.get(event.type);
    return dataset === undefined ? 0 : this.#put(dataset, event, event);
  }

  /** Takes one periodic picture of a book. `receivedAt` is when it was taken. */
  pushBook(head: RowHead, snapshot: BookSnapshot): number {
    return this.#put('orderbooks', head, snapshot);
  }

  /** Lists a hole in a dataset that its feed cannot report itself, e.g. periodic books while the book is stale. */
  noteGap(dataset: DatasetName, head: RowHead, reason: StoredGapReason): number {
    const last = this.#streams.of(dataset, head).last;
    return this.#putGap(head, {
      dataset,
      reason,
      from: last?.time ?? null,
      until: null,
      lastSequence: last?.sequence ?? null,
      nextSequence: null,
      missed: null,
    });
  }

  /** See the engine's `maintain`. */
  maintain(maintenance: Maintenance): Promise<number> {
    return this.#store.maintain(maintenance);
  }

  get status(): WriterStatus {
    return {
      state: this.#state,
      problem: this.#problem,
      ...this.#counts,
      pendingRows: this.#pending.rows,
      pendingBytes: this.#pending.bytes,
      lagMs: this.#pending.rows === 0 ? 0 : this.#clock.now() - this.#oldest,
      store: this.#store.status,
    };
  }

  /** Resolves when every row taken so far is safe. @throws what keeps the disk from taking them */
  async flush(): Promise<void> {
    const upTo = this.#counts.accepted;
    while (this.#counts.acknowledged < upTo) {
      await this.#commit();
      if (this.#state === 'full' || this.#state === 'failed') throw this.#error;
    }
  }

  /** Flushes, then moves everything into the store. */
  async rollNow(): Promise<void> {
    await this.flush();
    await this.#committing;
    await this.#store.rollNow();
  }

  /** Ends the recording on purpose: flushes, rolls over what the store takes, marks the end. Twice is the same as once. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#stopHousekeeping();
    this.#timer?.();
    const failure = await this.flush().then(
      () => undefined,
      (error: unknown) => error,
    );
    await this.#committing;
    this.#state = 'closed';
    await this.#store.close();
    if (failure !== undefined) throw failure;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #error: unknown;

  #pushGap(event: GapEvent): number {
    const dataset = datasetOf.get(event.feed);
    if (dataset === undefined) return 0;
    return this.noteGap(dataset, event, event.reason);
  }

  #put(dataset: DatasetName, head: RowHead, record: MarketEvent | BookSnapshot): number {
    const stream = this.#streams.of(dataset, head);
    if (this.#state === 'closed' || this.#pending.bytes >= (this.#options.bufferBytes ?? 64 << 20)) return this.#drop(stream);
    if (stream.gapBefore !== undefined) this.#explain(stream, head, record);
    return this.#append(stream, head, record);
  }

  /** Rows are missing before this one: the gap row goes first. */
  #explain(stream: PendingStream, head: RowHead, record: MarketEvent | BookSnapshot): void {
    const { last, missed } = stream;
    const reason = stream.gapBefore as StoredGapReason;
    stream.gapBefore = undefined;
    stream.missed = 0;
    if (last === undefined || (missed === 0 && follows(last.sequence, record))) return;
    const until = head.venueTime ?? head.receivedAt;
    const nextSequence = 'sequence' in record ? record.sequence : null;
    const { dataset } = stream.id;
    this.#putGap(head, {
      dataset,
      reason,
      from: last.time,
      until,
      lastSequence: last.sequence,
      nextSequence,
      missed: missed > 0 ? missed : null,
    });
  }

  #putGap(head: RowHead, gap: GapRow): number {
    this.#counts.gaps++;
    return this.#append(this.#streams.of('gaps', head), head, gap);
  }

  #append(stream: PendingStream, head: RowHead, record: MarketEvent | BookSnapshot | GapRow): number {
    const seq = ++this.#seq;
    if (this.#pending.rows === 0) this.#oldest = this.#clock.now();
    this.#pending.write(stream, seq, head, record);
    this.#counts.accepted++;
    if (this.#committing === undefined) this.#planCommit();
    return seq;
  }

  #drop(stream: PendingStream): 0 {
    stream.gapBefore ??= 'overflow';
    stream.missed++;
    this.#counts.dropped++;
    return 0;
  }

  /** After a while; at once when much is waiting. */
  #planCommit(): void {
    // A disk that is full is asked again when its time comes, not with every row.
    const isMuch = this.#state === 'recording' && this.#pending.bytes >= COMMIT_BYTES;
    if (this.#timer !== undefined && (!isMuch || this.#isHurried)) return;
    this.#timer?.();
    this.#isHurried = isMuch;
    this.#schedule(isMuch ? 0 : (this.#options.commitMs ?? COMMIT_MS));
  }

  #schedule(ms: number): void {
    this.#timer = this.#clock.schedule(ms, () => {
      this.#timer = undefined;
      void this.#commit();
    });
  }

  /** One group commit; joins the one that runs. Failures end up in {@link status} and are tried again. */
  #commit(): Promise<void> {
    this.#committing ??= this.#commitOnce().finally(() => {
      this.#committing = undefined;
      if (this.#pending.rows === 0 || this.#timer !== undefined || this.#state === 'closed') return;
      if (this.#state === 'recording') this.#planCommit();
      else this.#schedule(this.#options.retryMs ?? 1000);
    });
    return this.#committing;
  }

  async #commitOnce(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    // A batch that failed goes again as it was: acknowledgements are in order of sequence.
    const pending = this.#pending;
    if (!pending.take()) return;
    const { flightRows: rows, flightLastSeq: seq } = pending;
    try {
      await this.#store.append({ streams: this.#streams.ids, chunks: pending.flight });
    } catch (error) {
      this.#failed(error);
      return;
    }
    pending.acknowledge();
    this.#oldest = this.#clock.now();
    this.#counts.acknowledged += rows;
    this.#state = this.#state === 'closed' ? 'closed' : 'recording';
    this.#problem = null;
    this.#options.onAcknowledged?.(seq, rows);
  }

  #failed(error: unknown): void {
    this.#error = error;
    this.#problem = error instanceof Error ? error.message : String(error);
    this.#state = isFull(error) || isPassing(error) ? 'full' : 'failed';
  }

  /** Old segments end even when nothing comes in. */
  #housekeeping(): () => void {
    let cancel: () => void = () => {};
    const turn = () => {
      cancel = this.#clock.schedule(1000, turn);
      if (this.#committing === undefined && this.#pending.rows === 0) {
        this.#committing = this.#store
          .sealIfDue()
          .catch(() => undefined)
          .finally(() => {
            this.#committing = undefined;
            if (this.#pending.rows > 0 && this.#timer === undefined) this.#schedule(0);
          });
      }
    };
    cancel = this.#clock.schedule(1000, turn);
    return () => cancel();
  }
}

/** A depth event that continues exactly where the last row ended: nothing was missed, whatever happened between. */
function follows(sequence: number | null, record: MarketEvent | BookSnapshot): boolean {
  if (sequence === null || !('type' in record) || record.type !== 'depth') return false;
  return record.kind === 'delta' ? record.prevSequence === sequence : record.sequence === sequence;
}
