import { type CallOptions, type Connector, SpeedError, systemClock } from '@speed-protocol/core';
import type { DatasetName } from '@speed-protocol/history';
import { PriceReader, readPricesFrom } from './price-reader.js';
import type { RecordedPrices } from './prices.js';
import { Rate } from './rate.js';
import { type RecordingOptions, type RunningRecording, startRecording } from './recording.js';

interface RecordingsOptions extends RecordingOptions {
  /** The connector of a venue; shared with whoever else uses it. */
  readonly connect: (venue: string) => Promise<Connector>;
}

/** One symbol that is being recorded. */
interface RecordedSymbolStatus {
  readonly venue: string;
  readonly symbol: string;
  /** Events taken since the start, and per second over the last seconds. */
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Gaps that its feeds reported since the start. */
  readonly gaps: number;
  /** State of the book: `live`, `syncing`, `stale`. */
  readonly book: string;
  /** Feeds that ended by themselves, and why. */
  readonly problems: readonly string[];
}

/** What is being recorded, and how well. */
interface RecordingsStatus {
  /** Where it goes, for people. */
  readonly location: string;
  /** `idle`: nothing was started yet. The others are the writer's. */
  readonly state: 'idle' | 'recording' | 'full' | 'failed' | 'closed';
  readonly problem: string | null;
  /** Rows safe on disk, and per second over the last seconds. */
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** ms that the oldest row waits for the disk. */
  readonly lagMs: number;
  readonly gaps: number;
  /** Rows lost for want of room; each is in a listed gap. */
  readonly dropped: number;
  readonly files: number;
  readonly bytes: number;
  /** Bytes in the log that the store does not have yet. */
  readonly backlogBytes: number;
  readonly store: 'ok' | 'spilling';
  readonly symbols: readonly RecordedSymbolStatus[];
}

interface PricesOptions extends CallOptions {
  /** ms; default: an hour before `until`. */
  readonly from?: number | undefined;
  /** ms, not included; default: now. */
  readonly until?: number | undefined;
  /** Points at most; default 600. */
  readonly points?: number | undefined;
}

const MARK_MS = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Recordings that are started and stopped while something else runs: a server, a demo. Nothing is opened before the first
 * symbol; all symbols share one log and one store.
 */
export class Recordings implements AsyncDisposable {
  readonly #options: RecordingsOptions;
  readonly #rates = new Map<string, Rate>();
  #opening: Promise<RunningRecording> | undefined;
  #running: RunningRecording | undefined;
  #prices: PriceReader | undefined;
  #rows: Rate | undefined;
  #cancelMark: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /**
   * Starts to record a symbol; twice is the same as once.
   * @throws SpeedError when the store cannot be used (a later call tries again), `not-found`, `unsupported`
   */
  async start(venue: string, symbol: string, datasets?: readonly DatasetName[], options: CallOptions = {}): Promise<void> {
    const { recorder } = await this.#open();
    await recorder.add(await this.#options.connect(venue), symbol, datasets, options);
    const key = `${venue} ${symbol}`;
    if (this.#rates.has(key)) return;
    const events = () => recorder.status.symbols.find((each) => `${each.venue} ${each.symbol}` === key)?.events ?? 0;
    this.#rates.set(key, new Rate(this.#options.clock ?? systemClock, events));
  }

  /** Stops recording a symbol; what was taken is kept. False when it was not being recorded. */
  async stop(venue: string, symbol: string): Promise<boolean> {
    const key = `${venue} ${symbol}`;
    if (!this.#rates.delete(key)) return false;
    await this.#running?.recorder.remove(venue, symbol);
    return true;
  }

  get status(): RecordingsStatus {
    const running = this.#running;
    if (running === undefined) return { location: this.#options.to, ...IDLE };
    const { state, problem, acknowledged, lagMs, gaps, dropped, store } = running.writer.status;
    return {
      location: running.store.location,
      state,
      problem: problem ?? store.problem,
      rows: acknowledged,
      rowsPerSecond: this.#rows?.perSecond ?? 0,
      lagMs,
      gaps,
      dropped,
      files: store.files,
      bytes: store.bytes,
      backlogBytes: store.backlogBytes,
      store: store.store,
      symbols: running.recorder.status.symbols.map((each) => ({
        ...each,
        eventsPerSecond: this.#rates.get(`${each.venue} ${each.symbol}`)?.perSecond ?? 0,
      })),
    };
  }

  /**
   * Best prices of a recorded range, thinned out to what a plot can show, with the gaps in it.
   * @throws SpeedError `not-found` when nothing of the symbol is recorded, `invalid-request` on a range that is none
   */
  async prices(venue: string, symbol: string, options: PricesOptions = {}): Promise<RecordedPrices> {
    const { store, recorder, persister } = await this.#open();
    const until = options.until ?? (this.#options.clock ?? systemClock).now() + 1;
    const range = { from: options.from ?? until - HOUR_MS, until, points: options.points ?? 600 };
    if (!(range.from < until)) throw new SpeedError('invalid-request', 'The range ends before it begins.');
    const query = { venue, symbol, ...range, recent: recorder.touches(venue, symbol) };
    if (this.#options.thread === false) return readPricesFrom(store, query, options.signal);
    this.#prices ??= new PriceReader({ persister, location: this.#options.to, config: this.#options.storeConfig });
    return this.#prices.read(query, options.signal);
  }

  /** Stops everything: what is in the log goes into the store. Twice is the same as once. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #open(): Promise<RunningRecording> {
    if (this.#closing) return Promise.reject(new SpeedError('aborted', 'The recording has ended.'));
    this.#opening ??= startRecording(this.#options);
    const opening = this.#opening;
    return opening.then(
      (running) => {
        if (this.#running === undefined) this.#watch(running);
        return running;
      },
      (error: unknown) => {
        // Not kept: the next start tries again, perhaps with the cause gone.
        if (this.#opening === opening) this.#opening = undefined;
        throw error;
      },
    );
  }

  #watch(running: RunningRecording): void {
    this.#running = running;
    const clock = this.#options.clock ?? systemClock;
    this.#rows = new Rate(clock, () => running.writer.status.acknowledged);
    const mark = () => {
      this.#rows?.mark();
      for (const rate of this.#rates.values()) rate.mark();
      this.#cancelMark = clock.schedule(MARK_MS, mark);
    };
    mark();
  }

  async #close(): Promise<void> {
    this.#cancelMark();
    const running = this.#running ?? (await this.#opening?.catch(() => undefined));
    await this.#prices?.[Symbol.asyncDispose]();
    await running?.[Symbol.asyncDispose]();
    this.#cancelMark();
  }
}

const IDLE = {
  state: 'idle',
  problem: null,
  rows: 0,
  rowsPerSecond: 0,
  lagMs: 0,
  gaps: 0,
  dropped: 0,
  files: 0,
  bytes: 0,
  backlogBytes: 0,
  store: 'ok',
  symbols: [],
} as const;
