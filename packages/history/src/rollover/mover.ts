import type { Clock, Logger, Persister } from '@speed-protocol/core';
import type { SealedSegment } from '../log/segment-log.js';
import type { Spool } from '../log/spool.js';
import { type Rest, Roller } from './roller.js';

interface MoverOptions {
  readonly store: Persister;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retryMs?: number | undefined;
  /** Called before a segment that says where the streams stand goes away. */
  readonly saveState: () => Promise<void>;
}

/** First wait after a failure, and the longest, ms. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/**
 * A file is followed by so many times the time that it took: a segment has hundreds, and what writing them at one go does to disk,
 * memory and processor is felt by whoever receives. A segment of two minutes still goes out within seconds.
 */
const REST = 9;
/** The longest rest, ms; a store that is slow by itself disturbs nobody. */
const LONGEST_REST_MS = 100;

/**
 * Moves sealed segments into the store, one after the other, in the background, for as long as it takes. Not faster than need be, unless
 * somebody waits for it or the next segment does.
 */
export class Mover {
  readonly #options: MoverOptions;
  readonly #queue: SealedSegment[] = [];
  #roller: Roller | undefined;
  #rolling: Promise<void> = Promise.resolve();
  #busy = false;
  #stopped = false;
  #wake: (() => void) | undefined;
  #waiting: ((error: unknown) => void)[] = [];
  #status = { store: 'ok' as 'ok' | 'spilling', files: 0, rows: 0, bytes: 0, holes: 0, problem: null as string | null };

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  get status() {
    return { ...this.#status, queuedBytes: this.#queue.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** Absent while nothing was moved yet. */
  get roller(): Roller | undefined {
    return this.#roller;
  }

  add(segments: readonly SealedSegment[]): void {
    this.#queue.push(...segments);
    this.#kick();
  }

  /** The store does not take rows, for that reason. */
  failed(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    // It is tried again and again: once is enough to say.
    if (this.#status.store === 'ok')
      this.#options.logger.warn({ problem }, 'the store does not take rows; the log keeps them until it does');
    this.#status.store = 'spilling';
    this.#status.problem = problem;
  }

  /** Also finishes what a crash interrupted in the store. */
  async openRoller(): Promise<Roller> {
    this.#roller ??= await Roller.open(this.#options.store, this.#options.spool.id);
    return this.#roller;
  }

  /** Waits until the queue is empty, without waiting out the pause after a failure. @throws the next failure */
  async drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const outcome = new Promise<unknown>((resolve) => this.#waiting.push(resolve));
      if (this.#stopped) void this.#attempt();
      else this.#kick();
      this.#wake?.();
      const error = await outcome;
      if (error !== undefined) throw error;
    }
  }

  /** Ends the background work; {@link drain} still moves what is there. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#rolling;
  }

  /** Starts the background loop unless it runs. */
  #kick(): void {
    if (this.#busy || this.#stopped || this.#queue.length === 0) return;
    this.#busy = true;
    this.#rolling = this.#loop().finally(() => {
      this.#busy = false;
    });
  }

  async #loop(): Promise<void> {
    const { retryMs = RETRY_MS } = this.#options;
    let wait = retryMs;
    while (this.#queue.length > 0 && !this.#stopped) {
      const error = await this.#attempt();
      if (error === undefined) wait = retryMs;
      else {
        await this.#pause(wait);
        wait = Math.min(2 * wait, LONGEST_RETRY_MS);
      }
    }
  }

  /** One attempt at the oldest segment; tells whoever waits for it how it went. */
  async #attempt(): Promise<unknown> {
    const error = await this.#moveFirst().then(
      () => undefined,
      (reason: unknown) => reason ?? new Error('unknown'),
    );
    if (error !== undefined) this.failed(error);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell(error);
    return error;
  }

  async #moveFirst(): Promise<void> {
    const { spool, logger, saveState } = this.#options;
    const segment = this.#queue[0]!;
    const roller = await this.openRoller();
    const content = await spool.read(segment);
    const { files, rows, holes } = await roller.roll(content, this.#restAfterFile());
    await saveState();
    if (content.damagedBytes > 0) {
      const kept = await spool.setAside(segment);
      logger.error(
        { kept, bytes: content.damagedBytes },
        'a log segment is damaged; every readable row was saved, the rest is listed as a gap',
      );
    } else await spool.remove(segment);
    this.#queue.shift();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const { files: filesBefore, rows: rowsBefore, bytes: bytesBefore, holes: holesBefore } = this.#status;
    this.#status = {
      store: 'ok',
      problem: null,
      files: filesBefore + files.length,
      rows: rowsBefore + rows,
      bytes: bytesBefore + bytes,
      holes: holesBefore + holes,
    };
  }

  get #isHurried(): boolean {
    return this.#stopped || this.#waiting.length > 0 || this.#queue.length > 1;
  }

  #restAfterFile(): Rest {
    const { clock } = this.#options;
    let begun = clock.now();
    return async () => {
      const ms = Math.min(REST * (clock.now() - begun), LONGEST_REST_MS);
      if (ms > 0 && !this.#isHurried) await this.#pause(ms);
      begun = clock.now();
    };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.schedule(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
