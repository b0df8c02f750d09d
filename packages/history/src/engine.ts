import type { Clock, Logger, Persister } from '@speed-protocol/core';
import { SpeedError, silentLogger, systemClock } from '@speed-protocol/core';
import type { Batch } from './batch/chunk.js';
import { BatchSorter } from './batch/sorter.js';
import { DATASET_NAMES } from './datasets/table.js';
import { isPassing } from './log/errors.js';
import { type LogFiles, realFiles } from './log/files.js';
import { type LastRow, noteLast, Spool } from './log/spool.js';
import { compact } from './maintenance/compact.js';
import { expire } from './maintenance/retention.js';
import { Mover } from './rollover/mover.js';

export interface EngineOptions {
  readonly store: Persister;
  /** Local folder of the log. */
  readonly spool: string;
  readonly files?: LogFiles | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  /** A segment is rolled over when it has this many bytes; default 32 MiB. */
  readonly segmentBytes?: number | undefined;
  /** ... or is this old; default 120 s. Each roll-over makes a file per stream, however few its rows: seldom is cheap. */
  readonly segmentMs?: number | undefined;
  /** First wait after a failed roll-over; doubles up to 30 s. Default 250 ms. */
  readonly retryMs?: number | undefined;
}

/** What an earlier run left, for whoever numbers the rows now. */
export interface Opening {
  readonly last: ReadonlyMap<string, LastRow>;
  readonly lastSeq: number;
  readonly tornBytes: number;
}

export interface Maintenance {
  readonly before: number;
  readonly expireBefore?: number | undefined;
}

/** What the store side is doing. */
export interface EngineStatus {
  /** `spilling`: the store is away or slow; the log keeps everything until it is back. */
  readonly store: 'ok' | 'spilling';
  /** Bytes that are in the log and not yet in the store. */
  readonly backlogBytes: number;
  /** Files and rows that reached the store since the start. */
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly holes: number;
  /** The last failure of the store, until it works again. */
  readonly problem: string | null;
}

/** Longest wait for the store before a recording goes on that it already took rows of. */
const PATIENCE_MS = 500;

/**
 * Log first, Parquet later: what {@link append} acknowledged is on the local disk; sealed segments move into the store one
 * after the other, in the background, for as long as it takes.
 */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #spool: Spool;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #last: Map<string, LastRow>;
  #lastSeq: number;
  readonly #mover: Mover;
  readonly #sorter = new BatchSorter();
  #closing = false;
  #segmentStart = 0;
  #maintaining: Promise<unknown> = Promise.resolve();

  private constructor(options: EngineOptions, spool: Spool) {
    this.#options = options;
    this.#spool = spool;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#last = new Map(spool.leftover.last);
    this.#lastSeq = spool.leftover.lastSeq;
    this.#mover = new Mover({ ...options, spool, clock: this.#clock, logger: this.#logger, saveState: () => this.#saveState() });
  }

  /**
   * Opens the log, repairs what a crash left and begins to move it into the store.
   * @throws SpeedError when the spool cannot be used, or when the store says that it never will work (`config`,
   * `unauthorized`, `not-found`); a store that is only away does not stop a recording
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const stop = new AbortController();
    const checking = options.store.check({ signal: stop.signal }).then(
      () => undefined,
      (error: unknown) => error ?? new Error('unknown'),
    );
    const spool = await Spool.open(options.spool, options.files ?? realFiles).catch(async (error: unknown) => {
      stop.abort();
      await checking;
      throw error;
    });
    const engine = new Engine(options, spool);
    const refusal = await engine.#firstAnswer(checking);
    if (refusal !== undefined && !isPassing(refusal)) {
      await spool[Symbol.asyncDispose]();
      throw refusal;
    }
    if (refusal !== undefined) engine.#mover.failed(refusal);
    engine.#mover.add(spool.leftover.segments);
    return engine;
  }

  /**
   * What the store says to the first question. A recording that goes on after a stop does not wait long for it: that store
   * worked before, and until the first row comes everything is a hole; what it says later is in {@link status}.
   */
  async #firstAnswer(checking: Promise<unknown>): Promise<unknown> {
    if (this.#spool.leftover.lastSeq === 0) return checking;
    let cancel: () => void = () => {};
    const late = new Promise((resolve) => {
      cancel = this.#clock.schedule(PATIENCE_MS, () => resolve(new SpeedError('timeout', 'the store has not answered yet')));
    });
    const answer = await Promise.race([checking, late]);
    cancel();
    void checking.then((refusal) => {
      if (refusal !== undefined && refusal !== answer) this.#mover.failed(refusal);
    });
    return answer;
  }

  get opening(): Opening {
    return this.#spool.leftover;
  }

  get status(): EngineStatus {
    const { queuedBytes, ...status } = this.#mover.status;
    return { ...status, backlogBytes: queuedBytes + this.#spool.log.length };
  }

  /** Resolves when the rows are on disk. One call at a time; after a failure the same batch may come again. */
  async append(batch: Batch): Promise<void> {
    const blocks = this.#sorter.sort(batch);
    if (this.#spool.log.length === 0) this.#segmentStart = this.#clock.now();
    try {
      await this.#spool.log.append(blocks);
    } finally {
      this.#mover.add(this.#spool.log.takeAbandoned());
    }
    for (const block of blocks) this.#lastSeq = Math.max(this.#lastSeq, noteLast(this.#last, block));
    await this.sealIfDue();
  }

  /** Ends the segment when it is large or old enough; call it from time to time while nothing is appended. */
  async sealIfDue(): Promise<void> {
    const { segmentBytes = 32 << 20, segmentMs = 120_000 } = this.#options;
    const { length } = this.#spool.log;
    const due = length >= segmentBytes || (length > 0 && this.#clock.now() - this.#segmentStart >= segmentMs);
    if (due) await this.#seal(false);
  }

  /** Moves everything into the store now and resolves when it is there. Rejects when the store fails. */
  async rollNow(): Promise<void> {
    await this.#seal(false);
    await this.#mover.drain();
    await this.#mover.openRoller();
  }

  /**
   * Merges the files of every hour that ended before `before` (ms), and forgets rows older than `expireBefore`.
   * @returns hours merged; 0 while the store is away
   */
  maintain(maintenance: Maintenance): Promise<number> {
    // One at a time: two would merge the same files.
    const turn = this.#maintaining.then(() => this.#maintain(maintenance));
    this.#maintaining = turn.catch(() => undefined);
    return turn;
  }

  async #maintain({ before, expireBefore }: Maintenance): Promise<number> {
    const { roller } = this.#mover;
    if (roller === undefined) return 0;
    let merged = 0;
    let failed: { readonly error: unknown } | undefined;
    for (const dataset of DATASET_NAMES) {
      const manifest = roller.manifest(dataset);
      if (expireBefore !== undefined) await expire(this.#options.store, manifest, expireBefore);
      merged += await compact(this.#options.store, manifest, { before }).then(
        (result) => result.merged,
        (error: unknown) => {
          failed ??= { error };
          return 0;
        },
      );
    }
    if (failed !== undefined) throw failed.error;
    return merged;
  }

  /**
   * Ends the recording; on purpose, unless `clean` is false: then the next run lists what is missing as after a crash (a
   * repair is no recording). Tries to move what is in the log into the store; what does not arrive stays in the log
   * and the next start moves it.
   */
  async close(clean = true): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#mover.stop();
    await this.#maintaining;
    if (this.#last.size > 0) await this.#seal(clean);
    if (clean) for (const [key, row] of this.#last) this.#last.set(key, { ...row, clean: true });
    await this.#mover.drain().catch(() => undefined);
    await this.#saveState().catch((error: unknown) => this.#logger.warn({ error }, 'the state file was not written'));
    await this.#spool[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #seal(clean: boolean): Promise<void> {
    const sealed = await this.#spool.log.seal(clean);
    this.#mover.add([...this.#spool.log.takeAbandoned(), ...(sealed === undefined ? [] : [sealed])]);
  }

  #saveState(): Promise<void> {
    return this.#spool.saveState(this.#last, this.#lastSeq);
  }
}
