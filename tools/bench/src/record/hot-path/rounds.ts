import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatasetName, EngineThread, HistoryWriter } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { Recorder } from '@speed-protocol/recorder';
import { BOOKS, drawFrames, type Frame, nameOf, ROUND_MS, stamp } from './frames.js';
import { Pipeline } from './pipeline.js';
import { Waits } from './waits.js';

/** Latencies of one round's frames, us. */
export interface Round {
  /** From the moment when a frame is there until the strategy has its event and its book is up to date. */
  readonly p50: number;
  readonly p99: number;
  /** ... until the recorder, too, has taken the row. */
  readonly taken99: number;
  /** Share of the time in which the thread waited for a processor; `null` when nobody knows. */
  readonly waited: number | null;
}

const DATASETS: readonly DatasetName[] = ['orderbooks', 'depth', 'trades', 'quotes'];
/** Before the first frame of a round: what the one before left is done by then. */
const SETTLE_MS = 200;

/** A strategy at work, with a recorder beside it or not. */
export class Rounds implements AsyncDisposable {
  readonly #folder: string;
  readonly #frames = drawFrames();
  readonly #seen = new Float64Array(this.#frames.length);
  readonly #taken = new Float64Array(this.#frames.length);
  readonly #writer: HistoryWriter;
  readonly #recorder: Recorder;
  readonly #pipeline = new Pipeline(() => {
    this.#seen[this.#at] = performance.now();
  });
  #at = 0;

  private constructor(folder: string, thread: EngineThread) {
    this.#folder = folder;
    this.#writer = new HistoryWriter(thread);
    this.#recorder = new Recorder({ writer: this.#writer, store: local.create(path.join(folder, 'data')) });
  }

  static async open(): Promise<Rounds> {
    const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-hot-'));
    const [location, spool] = [path.join(folder, 'data'), path.join(folder, 'spool')];
    const persister = import.meta.resolve('@speed-protocol/persister-local');
    return new Rounds(folder, await EngineThread.open({ persister, location, spool }));
  }

  /** @throws Error when a book is not where it should be or a row was not kept: then there is nothing to compare */
  async run(isRecording: boolean, ms = ROUND_MS): Promise<Round> {
    const frames = this.#frames.filter(({ due }) => due <= ms);
    if (isRecording) await this.#record();
    this.#pipeline.restart();
    const start = performance.now() + SETTLE_MS;
    for (const frame of frames) stamp(frame, performance.timeOrigin + start + frame.due);
    await sleep(start - performance.now());
    const waits = new Waits();
    await this.#play(frames, start);
    const { share } = waits;
    if (isRecording) await this.#rest();
    if (this.#pipeline.broken > 0) throw new Error(`${this.#pipeline.broken} books are not live`);
    const latencies = (times: Float64Array) => frames.map(({ due }, i) => (times[i]! - start - due) * 1000).sort((a, b) => a - b);
    const seen = latencies(this.#seen);
    return { p50: at(seen, 0.5), p99: at(seen, 0.99), taken99: at(latencies(this.#taken), 0.99), waited: share };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recorder[Symbol.asyncDispose]();
    await this.#writer.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The event loop turns without rest, as one does that must not oversleep, and takes what has come at each turn. */
  #play(frames: readonly Frame[], start: number): Promise<void> {
    this.#at = 0;
    return new Promise((resolve) => {
      const turn = () => {
        const now = performance.now() - start;
        while (this.#at < frames.length && frames[this.#at]!.due <= now) {
          this.#pipeline.accept(frames[this.#at]!.bytes);
          this.#taken[this.#at] = performance.now();
          this.#at++;
        }
        if (this.#at < frames.length) setImmediate(turn);
        else resolve();
      };
      turn();
    });
  }

  async #record(): Promise<void> {
    const { connector } = this.#pipeline;
    for (let book = 0; book < BOOKS; book++) await this.#recorder.add(connector, nameOf(book).symbol, DATASETS);
  }

  /** The next round may be one without: nothing of this one is left to do then. */
  async #rest(): Promise<void> {
    const { venue } = this.#pipeline.connector;
    for (let book = 0; book < BOOKS; book++) await this.#recorder.remove(venue, nameOf(book).symbol);
    await this.#writer.rollNow();
    const { accepted, acknowledged, dropped } = this.#writer.status;
    if (dropped > 0 || acknowledged !== accepted) throw new Error(`${acknowledged} of ${accepted} rows kept, ${dropped} dropped`);
  }
}

const at = (sorted: readonly number[], q: number) => sorted[Math.floor(q * sorted.length)] ?? Number.NaN;
