import type { CallOptions, Clock, Connector } from '@speed-protocol/core';
import { SpeedError, systemClock } from '@speed-protocol/core';
import type { DatasetName } from '../datasets/dataset.js';
import { ReplayClock } from './clock.js';
import { createReplayConnector } from './connector.js';
import { Merge, type ReplayOrder } from './merge.js';
import type { Recording } from './recording.js';
import { Track } from './track.js';

export interface ReplayOptions {
  /** ms; default: the beginning. Depth begins with a snapshot of the book at that moment. */
  readonly from?: number | undefined;
  /** ms, not included; default: the end. */
  readonly until?: number | undefined;
  /** 1 is as it was, 10 ten times as fast; default: as fast as possible. */
  readonly speed?: number | undefined;
  readonly order?: ReplayOrder | undefined;
  /** What paces a replay with a speed; default the machine's clock. */
  readonly pacer?: Clock | undefined;
}

export interface ReplayResult {
  readonly events: number;
  /** Time of the first and the last event, ms; `null` when there was none. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
}

/** Events delivered before other work gets a turn. */
const TURN = 512;

/**
 * A recording played back through connectors. Get a connector per venue, let the strategy subscribe, then {@link play}:
 * events reach all listeners in one order, the same every time.
 */
export class Replay {
  readonly recording: Recording;
  /** The recording's time, for strategies that take a {@link Clock}. */
  readonly clock = new ReplayClock();
  readonly #options: ReplayOptions;
  readonly #merge: Merge;
  readonly #tracks = new Map<string, Track>();
  readonly #connectors = new Map<string, Connector>();
  #playing = false;

  constructor(recording: Recording, options: ReplayOptions = {}) {
    const { speed } = options;
    if (speed !== undefined && !(speed > 0))
      throw new SpeedError('config', `${speed} is not a speed; write a number above 0, e.g. 1 or 10`);
    this.recording = recording;
    this.#options = options;
    this.#merge = new Merge(options.order ?? 'event');
    this.clock.advance(options.from ?? Math.min(...recording.streams().map(({ firstTs }) => firstTs)));
  }

  /** The venue's connector: same interface, fed from the recording. @throws SpeedError `not-found` */
  connector(venue: string): Connector {
    const known = this.#connectors.get(venue);
    if (known !== undefined) return known;
    if (!this.recording.venues.includes(venue)) {
      throw new SpeedError(
        'not-found',
        `${this.recording.store.location} holds nothing of ${venue}; it holds ${this.recording.venues.join(', ')}`,
        { venue },
      );
    }
    const connector = createReplayConnector(this, venue);
    this.#connectors.set(venue, connector);
    return connector;
  }

  /** The reader of a stream that somebody listens to already: joining it takes no time at all. */
  knownTrack(dataset: DatasetName, venue: string, symbol: string): Track | undefined {
    return this.#tracks.get(`${dataset} ${venue} ${symbol}`);
  }

  /** The shared reader of one stream; begins at the start of the replay, or now when it is playing already. */
  async track(dataset: DatasetName, venue: string, symbol: string): Promise<Track> {
    const stream = this.recording.stream(dataset, venue, symbol);
    const key = `${stream.dataset} ${venue} ${symbol}`;
    const known = this.#tracks.get(key);
    if (known !== undefined) return known;
    const from = this.#playing ? this.clock.now() : (this.#options.from ?? Number.NEGATIVE_INFINITY);
    // A book is built from its first snapshot on; the other streams need nothing from before.
    const range = dataset === 'depth' ? {} : { from };
    const [source] = await this.recording.sources({ datasets: [dataset], venues: [venue], symbols: [symbol], ...range });
    if (source === undefined)
      throw new SpeedError('not-found', `The recording has no ${dataset} of ${symbol} on ${venue} from there on.`, { venue });
    const again = this.#tracks.get(key);
    if (again !== undefined) return again;
    const track = new Track(source);
    this.#tracks.set(key, track);
    if (await track.seek(from)) this.#merge.add(track.source);
    return track;
  }

  /** Plays to the end (or to `until`); resolves when everything was delivered. */
  async play({ signal }: CallOptions = {}): Promise<ReplayResult> {
    if (this.#playing) throw new SpeedError('invalid-request', 'This replay plays already; make another one.');
    this.#playing = true;
    const { until = Number.POSITIVE_INFINITY, from } = this.#options;
    const pace = this.#pacer(signal);
    const result = { events: 0, firstTime: null as number | null, lastTime: null as number | null };
    for (let turn = 0; ; turn++) {
      const top = this.#merge.top;
      if (top === undefined || top.time >= until) break;
      if (signal?.aborted) throw new SpeedError('aborted', 'The replay was aborted.', { cause: signal.reason });
      if (turn % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      const time = Math.max(top.time, from ?? top.time);
      const wait = pace(time);
      if (wait !== undefined) await wait;
      this.clock.advance(time);
      result.events += Track.of(top).deliver();
      result.firstTime ??= time;
      result.lastTime = time;
      const more = top.advance();
      this.#merge.settle(typeof more === 'boolean' ? more : await more);
    }
    for (const track of this.#tracks.values()) track.end();
    return result;
  }

  /** Waits until an event's time has come; nothing to wait for without a speed. */
  #pacer(signal: AbortSignal | undefined): (time: number) => Promise<void> | undefined {
    const { speed, pacer = systemClock } = this.#options;
    if (speed === undefined || speed === Number.POSITIVE_INFINITY) return () => undefined;
    const startedAt = pacer.now();
    let first: number | undefined;
    return (time) => {
      first ??= time;
      const due = startedAt + (time - first) / speed;
      const ms = due - pacer.now();
      if (ms < 1) return undefined;
      return new Promise((resolve) => {
        const cancel = pacer.schedule(ms, resolve);
        const stop = () => {
          cancel();
          resolve();
        };
        signal?.addEventListener('abort', stop, { once: true });
      });
    };
  }
}
