import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatasetName, EngineThread, HistoryWriter } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { Recorder } from '@speed-protocol/recorder';
import { WebSocket } from 'ws';
import { BOOKS, nameOf, ROUND_MS } from './frames.js';
import { Pipeline } from './pipeline.js';
import { Waits } from './waits.js';

/** Latencies of one round's frames, us. */
export interface Round {
  /** From the moment before the venue sends a frame until the strategy has its event and its book is up to date. */
  readonly p50: number;
  readonly p99: number;
  /** ... until the recorder, too, has taken the row. */
  readonly taken99: number;
  /** Mean wait of the thread for a processor, per turn on it; `null` when nobody knows. */
  readonly waits: number | null;
}

const DATASETS: readonly DatasetName[] = ['orderbooks', 'depth', 'trades', 'quotes'];
/** Longer than a frame is on its way. */
const SETTLE_MS = 200;

/** A strategy on a socket of a venue, with a recorder beside it or not. */
export class Rounds implements AsyncDisposable {
  readonly #folder: string;
  readonly #venue: ChildProcess;
  readonly #socket: WebSocket;
  readonly #writer: HistoryWriter;
  readonly #recorder: Recorder;
  readonly #pipeline = new Pipeline(() => this.#seen.push(clock()));
  #seen: number[] = [];
  #taken: number[] = [];

  private constructor(folder: string, venue: ChildProcess, socket: WebSocket, thread: EngineThread) {
    this.#folder = folder;
    this.#venue = venue;
    this.#socket = socket;
    this.#writer = new HistoryWriter(thread);
    this.#recorder = new Recorder({ writer: this.#writer, store: local.create(path.join(folder, 'data')) });
    socket.on('message', (frame: Buffer) => {
      this.#pipeline.accept(frame);
      this.#taken.push(clock());
    });
  }

  static async open(): Promise<Rounds> {
    const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-hot-'));
    const [location, spool] = [path.join(folder, 'data'), path.join(folder, 'spool')];
    const persister = import.meta.resolve('@speed-protocol/persister-local');
    const thread = await EngineThread.open({ persister, location, spool });
    const venue = fork(new URL('./venue.js', import.meta.url));
    const [{ port }] = (await once(venue, 'message')) as [{ port: number }];
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    await once(socket, 'open');
    return new Rounds(folder, venue, socket, thread);
  }

  /** @throws Error when a frame did not arrive or a row was not kept: then there is nothing to compare */
  async run(isRecording: boolean, ms = ROUND_MS): Promise<Round> {
    if (isRecording) await this.#record();
    this.#pipeline.restart();
    await sleep(SETTLE_MS);
    this.#seen = [];
    this.#taken = [];
    const waits = new Waits();
    this.#venue.send(ms);
    const [sent] = (await once(this.#venue, 'message')) as [number[]];
    const perTurn = waits.perTurn;
    await sleep(SETTLE_MS);
    if (isRecording) await this.#rest();
    if (this.#seen.length !== sent.length || this.#pipeline.broken > 0)
      throw new Error(`${this.#seen.length} of ${sent.length} frames arrived, ${this.#pipeline.broken} books are not live`);
    const seen = latencies(this.#seen, sent);
    return { p50: at(seen, 0.5), p99: at(seen, 0.99), taken99: at(latencies(this.#taken, sent), 0.99), waits: perTurn };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
    this.#venue.disconnect();
    await this.#recorder[Symbol.asyncDispose]();
    await this.#writer.close();
    await rm(this.#folder, { recursive: true, force: true });
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

/** The clock that all processes of a machine share, us. */
const clock = () => Number(process.hrtime.bigint()) / 1000;

/** Sorted. Frames arrive in the order in which they were sent. */
const latencies = (arrived: readonly number[], sent: readonly number[]) =>
  Float64Array.from(arrived, (time, i) => time - sent[i]!).sort();

const at = (sorted: Float64Array, q: number) => sorted[Math.floor(q * sorted.length)] ?? Number.NaN;
