import { type CallOptions, type Clock, type Connector, type Persister, SpeedError, systemClock } from '@speed-protocol/core';
import { type DatasetName, type HistoryWriter, saveInstruments, type WriterStatus } from '@speed-protocol/history';
import { onGrid } from './grid.js';
import { RecordedSymbol } from './recorded-symbol.js';
import { DEFAULT_DATASETS, feedsFor, offeredFeeds } from './subscriptions.js';
import type { Touch } from './touches.js';
import { inTurns, type Turns } from './turns.js';

export interface RecorderOptions {
  readonly writer: HistoryWriter;
  /** Where instruments are kept beside the rows. */
  readonly store: Persister;
  readonly clock?: Clock | undefined;
  /** ms between periodic books, from 100 up; default 1000. */
  readonly bookIntervalMs?: number | undefined;
  /** Levels per side of a periodic book; default 10. */
  readonly bookDepth?: number | undefined;
}

export interface RecorderStatus {
  readonly symbols: readonly {
    readonly venue: string;
    readonly symbol: string;
    readonly events: number;
    readonly gaps: number;
    /** State of the book, where depth is recorded. */
    readonly book: string;
    readonly problems: readonly string[];
  }[];
  readonly writer: WriterStatus;
}

/** Records symbols of any connector. Start and stop symbols at will; rows go to the writer and nothing here ever waits for it. */
export class Recorder implements AsyncDisposable {
  readonly #options: RecorderOptions;
  readonly #clock: Clock;
  readonly #symbols = new Map<string, RecordedSymbol>();
  readonly #listed = new Set<string>();
  #stopSampling: () => void = () => {};

  /** @throws SpeedError `config` on an interval below 100 ms or a depth below 1 */
  constructor(options: RecorderOptions) {
    const { bookIntervalMs = 1000, bookDepth = 10 } = options;
    if (!(bookIntervalMs >= 100))
      throw new SpeedError('config', `A book interval of ${bookIntervalMs} ms is too short; 100 ms is the least.`);
    if (!Number.isInteger(bookDepth) || bookDepth < 1)
      throw new SpeedError('config', `A book depth of ${bookDepth} is no number of levels.`);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sampleEvery(bookIntervalMs, bookDepth);
  }

  /**
   * Starts to record a symbol; what the venue does not have of the datasets is left out. Twice is the same as once.
   * @throws SpeedError `not-found` (symbol), `unsupported` (none of the datasets), whatever the connector throws
   */
  async add(
    connector: Connector,
    symbol: string,
    datasets: readonly DatasetName[] = DEFAULT_DATASETS,
    { signal }: CallOptions = {},
  ): Promise<void> {
    const key = `${connector.venue} ${symbol}`;
    if (this.#symbols.has(key)) return;
    const feeds = offeredFeeds(connector, feedsFor(datasets));
    const instrument = await connector.reference.instrument(symbol, { signal });
    await this.#keepInstruments(connector, signal);
    if (this.#symbols.has(key)) return;
    const recorded = new RecordedSymbol(instrument, this.#options.writer, this.#clock, datasets);
    this.#symbols.set(key, recorded);
    try {
      await recorded.start(connector, feeds, signal);
    } catch (error) {
      this.#symbols.delete(key);
      throw error;
    }
  }

  /** Stops recording a symbol. What was taken is kept. */
  async remove(venue: string, symbol: string): Promise<void> {
    const key = `${venue} ${symbol}`;
    const recorded = this.#symbols.get(key);
    this.#symbols.delete(key);
    await recorded?.[Symbol.asyncDispose]();
  }

  /** Best prices of a symbol's last periodic books, oldest first; some may not be in a file yet. */
  touches(venue: string, symbol: string): readonly Touch[] {
    return [...(this.#symbols.get(`${venue} ${symbol}`)?.touches.all() ?? [])];
  }

  get status(): RecorderStatus {
    const symbols = [...this.#symbols.values()].map(({ instrument: { venue, symbol }, events, gaps, state, problems }) => ({
      venue,
      symbol,
      events,
      gaps,
      book: state,
      problems,
    }));
    return { symbols, writer: this.#options.writer.status };
  }

  /** Stops all symbols. The writer belongs to whoever made it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopSampling();
    const all = [...this.#symbols.values()];
    this.#symbols.clear();
    await Promise.allSettled(all.map((each) => each[Symbol.asyncDispose]()));
  }

  async #keepInstruments(connector: Connector, signal: AbortSignal | undefined): Promise<void> {
    if (this.#listed.has(connector.venue)) return;
    this.#listed.add(connector.venue);
    const instruments = await connector.reference.instruments({ signal });
    // A store that is away now must not keep rows from being recorded; the next start tries again.
    await saveInstruments(this.#options.store, connector.venue, instruments).catch(() => this.#listed.delete(connector.venue));
  }

  /** On the grid of the interval, so that books of all venues have the same times, but for the turns of {@link inTurns}. */
  #sampleEvery(intervalMs: number, depth: number): void {
    let sampling: Turns | undefined;
    const stop = onGrid(this.#clock, intervalMs, (due) => {
      sampling?.finish();
      sampling = inTurns(this.#symbols.values(), (symbol) => symbol.sample(depth, Math.max(due, this.#clock.now())));
    });
    this.#stopSampling = () => {
      stop();
      sampling?.cancel();
    };
  }
}
