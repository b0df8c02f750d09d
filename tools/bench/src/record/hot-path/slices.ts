import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatasetName, EngineThread, HistoryWriter } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { Recorder } from '@speed-protocol/recorder';
import { BOOKS, drawFrames, type Frame, nameOf, stamp } from './frames.js';
import { Gate } from './gate.js';
import { Pipeline } from './pipeline.js';
import { Waits } from './waits.js';

/** What one slice showed. Latencies of its frames in us, in their order. */
export interface Slice {
  /** From the moment when a frame is there until the strategy has its event and its book is up to date. */
  readonly seen: Float64Array;
  /** ... until the recorder, too, has taken the row. */
  readonly taken: Float64Array;
  /** Share of the time in which the thread waited for a processor; `null` when nobody knows. */
  readonly waited: number | null;
}

const DATASETS: readonly DatasetName[] = ['orderbooks', 'depth', 'trades', 'quotes'];
/** Before the first frame of a slice: what the one before left is done by then. */
const SETTLE_MS = 200;
/** Two kinds of slices take turns: two minutes of recording, the default, are over after four. */
const SEGMENT_MS = 2 * 120_000;
/** Longest time without a turn of the event loop, ms. */
const TURN_MS = 0.025;
/** Steps between two looks at the clock, which costs garbage; about 1.5 us. */
const STEPS = 1_000;

/** A strategy at work, with a recorder beside it or not. */
export class Slices implements AsyncDisposable {
  readonly #folder: string;
  readonly #frames = drawFrames();
  readonly #seen = new Float64Array(this.#frames.length);
  readonly #taken = new Float64Array(this.#frames.length);
  readonly #writer: HistoryWriter;
  readonly #recorder: Recorder;
  readonly #gate: Gate;
  readonly #pipeline = new Pipeline(() => {
    this.#seen[this.#at] = performance.now();
  });
  #at = 0;
  #steps = 0;

  private constructor(folder: string, thread: EngineThread, gate: Gate) {
    this.#folder = folder;
    this.#gate = gate;
    this.#writer = new HistoryWriter(thread);
    this.#recorder = new Recorder({ writer: this.#writer, store: local.create(path.join(folder, 'data')) });
  }

  static async open(): Promise<Slices> {
    const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-hot-'));
    const [location, spool] = [path.join(folder, 'data'), path.join(folder, 'spool')];
    const gate = new Gate();
    // Opening proves that the store can be written to.
    gate.isOpen = true;
    const persister = new URL('./gated-store.js', import.meta.url).href;
    const config = { gate: gate.memory };
    const thread = await EngineThread.open({ persister, location, spool, config, segmentMs: SEGMENT_MS });
    gate.isOpen = false;
    return new Slices(folder, thread, gate);
  }

  /** @throws Error when a book is not where it should be or a row was not kept: then there is nothing to compare */
  async run(isRecording: boolean): Promise<Slice> {
    const frames = this.#frames;
    if (isRecording) await this.#record();
    this.#pipeline.restart();
    const start = performance.now() + SETTLE_MS;
    for (const frame of frames) stamp(frame, performance.timeOrigin + start + frame.due);
    await sleep(start - performance.now());
    const waits = new Waits();
    await this.#play(start);
    const { share } = waits;
    if (isRecording) await this.#rest();
    if (this.#pipeline.broken > 0) throw new Error(`${this.#pipeline.broken} books are not live`);
    const latencies = (times: Float64Array) => times.map((time, i) => (time - start - frames[i]!.due) * 1000);
    return { seen: latencies(this.#seen), taken: latencies(this.#taken), waited: share };
  }

  /** Files that the store has: a measurement without any did not see them being written. */
  get files(): number {
    return this.#writer.status.store.files;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gate.isOpen = true;
    await this.#recorder[Symbol.asyncDispose]();
    await this.#writer.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * The thread does not rest, as one that must not oversleep; it takes what has come, and the event loop turns so often that nothing waits for
   * it. It looks at the clock no more than need be: a loop that does nothing else makes so much garbage that its collection, a
   * millisecond each, is all that the 99th percentile shows.
   */
  #play(start: number): Promise<void> {
    this.#at = 0;
    return new Promise((resolve) => {
      const turn = () => {
        let now = performance.now() - start;
        for (const until = now + TURN_MS; now < until; now = performance.now() - start) {
          this.#take(now);
          this.#steps ^= spend(STEPS);
        }
        if (this.#at < this.#frames.length) setImmediate(turn);
        else resolve();
      };
      turn();
    });
  }

  #take(now: number): void {
    const frames = this.#frames;
    while (this.#at < frames.length && frames[this.#at]!.due <= now) {
      this.#pipeline.accept((frames[this.#at] as Frame).bytes);
      this.#taken[this.#at] = performance.now();
      this.#at++;
    }
  }

  async #record(): Promise<void> {
    const { connector } = this.#pipeline;
    for (let book = 0; book < BOOKS; book++) await this.#recorder.add(connector, nameOf(book).symbol, DATASETS);
    this.#gate.isOpen = true;
  }

  /** The next slice may be one without: nothing of this one is done in it. */
  async #rest(): Promise<void> {
    const { venue } = this.#pipeline.connector;
    for (let book = 0; book < BOOKS; book++) await this.#recorder.remove(venue, nameOf(book).symbol);
    await this.#writer.flush();
    this.#gate.isOpen = false;
    const { accepted, acknowledged, dropped } = this.#writer.status;
    if (dropped > 0 || acknowledged !== accepted) throw new Error(`${acknowledged} of ${accepted} rows kept, ${dropped} dropped`);
  }
}

/** Does nothing for so many steps. */
function spend(steps: number): number {
  let x = steps;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 31) + i) | 0;
  return x;
}
