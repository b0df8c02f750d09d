import { OrderBook } from '@speed-protocol/book';
import type { CallOptions, Persister, SpeedEvent } from '@speed-protocol/core';
import { nearest, SpeedError } from '@speed-protocol/core';
import type { DatasetName } from '../datasets/dataset.js';
import { type StreamId, streamKey, streamOf } from '../datasets/stream.js';
import { type BookSnapshot, DATASETS, type GapRow } from '../datasets/table.js';
import type { ListedGap } from '../maintenance/verify.js';
import { describeStreams, filesByStream, loadManifests, type RecordedStream, type Selection } from '../store/catalog.js';
import type { FileEntry, Manifest } from '../store/manifest.js';
import { Merge, type ReplayOrder } from './merge.js';
import { type PlacedGap, StreamSource } from './source.js';

export interface EventsOptions extends Selection, CallOptions {
  /** Default `event`. */
  readonly order?: ReplayOrder | undefined;
}

/** Events between two looks at the event loop. */
const BATCH = 512;

/** A stored recording, opened for reading. What is added after opening is not seen. */
export class Recording {
  readonly #store: Persister;
  readonly #manifests: readonly Manifest[];
  readonly #gaps = new Map<string, Promise<PlacedGap[]>>();

  private constructor(store: Persister, manifests: readonly Manifest[]) {
    this.#store = store;
    this.#manifests = manifests;
  }

  /** @throws SpeedError `not-found` when nothing is recorded there; whatever the store throws */
  static async open(store: Persister): Promise<Recording> {
    const manifests = await loadManifests(store);
    if (manifests.every(({ files }) => files.size === 0)) {
      throw new SpeedError(
        'not-found',
        `${store.location} holds no recording; record one with "speed record --to ${store.location}"`,
      );
    }
    return new Recording(store, manifests);
  }

  get store(): Persister {
    return this.#store;
  }

  /** What is in it, stream by stream. */
  streams(): RecordedStream[] {
    return describeStreams(this.#manifests);
  }

  get venues(): string[] {
    return [...new Set(this.streams().map(({ venue }) => venue))].sort();
  }

  /**
   * Events in one order over all streams of the selection. Levels are views, valid until the next event.
   * With `from`, events before it are left out; a depth stream then goes on in the middle of its deltas: use
   * {@link bookAt} or a replay connector for a book.
   */
  async *events(options: EventsOptions = {}): AsyncGenerator<SpeedEvent> {
    const { from = -Infinity, until = Infinity } = options;
    const merge = new Merge(options.order ?? 'event');
    for (const source of await this.sources(options)) if (await source.open()) merge.add(source);
    for (let n = 0; merge.top !== undefined; n++) {
      if (n % BATCH === 0) options.signal?.throwIfAborted();
      const { top } = merge;
      const event = top.time >= from && top.time < until ? top.event() : undefined;
      if (event !== undefined) yield event;
      await merge.advance();
    }
  }

  /** One source per feed stream of the selection, its gaps woven in. */
  async sources(selection: Selection = {}): Promise<StreamSource[]> {
    const sources: StreamSource[] = [];
    // The file of a gap may lie outside a time range, the gap itself decides: so gaps are looked up by stream.
    for (const [key, files] of filesByStream(this.#manifests, selection)) {
      const stream = streamOf(key);
      if (DATASETS[stream.dataset].feed !== undefined)
        sources.push(new StreamSource(this.#store, stream, files, await this.#gapsOf(stream, files)));
    }
    return sources;
  }

  /** The stream of that dataset. @throws SpeedError `not-found` with the nearest symbol that is recorded */
  stream(dataset: DatasetName, venue: string, symbol: string): StreamId {
    const all = [...filesByStream(this.#manifests, { datasets: [dataset], venues: [venue] }).keys()].map(streamOf);
    const found = all.find((stream) => stream.symbol === symbol);
    if (found !== undefined) return found;
    const hint = nearest(
      symbol,
      all.map((stream) => stream.symbol ?? ''),
    );
    throw new SpeedError(
      'not-found',
      `${this.#store.location} has no ${dataset} of ${symbol} on ${venue}${hint ? `; did you mean ${hint}?` : ''}`,
      { venue },
    );
  }

  /** The book as it was when every event up to and including `time` (ms) had happened. */
  async bookAt(venue: string, symbol: string, time: number, options: CallOptions = {}): Promise<OrderBook> {
    const book = new OrderBook();
    await using source = await this.depthSource(venue, symbol);
    for (let more = await source.open(); more && source.time <= time; more = await source.advance()) {
      options.signal?.throwIfAborted();
      applyTo(book, source.event());
    }
    return book;
  }

  async depthSource(venue: string, symbol: string): Promise<StreamSource> {
    const stream = this.stream('depth', venue, symbol);
    const files = filesByStream(this.#manifests, { datasets: ['depth'], venues: [venue], symbols: [symbol] }).get(
      streamKey(stream),
    )!;
    return new StreamSource(this.#store, stream, files, await this.#gapsOf(stream, files));
  }

  /** Periodic books of a symbol, in order of time. */
  async *books(
    venue: string,
    symbol: string,
    range: Pick<Selection, 'from' | 'until'> = {},
  ): AsyncGenerator<BookSnapshot & { readonly time: number }> {
    const { from = -Infinity, until = Infinity } = range;
    const stream = this.stream('orderbooks', venue, symbol);
    const files = filesByStream(this.#manifests, { datasets: ['orderbooks'], venues: [venue], symbols: [symbol], ...range }).get(
      streamKey(stream),
    );
    await using source = new StreamSource(this.#store, stream, files ?? [], []);
    for (let more = await source.open(); more; more = await source.advance()) {
      const { time, cursor } = source;
      if (time >= from && time < until && cursor !== undefined) yield { time, ...cursor.book() };
    }
  }

  /** Every hole that is listed for a symbol, in order. */
  async gaps(venue: string, symbol: string): Promise<ListedGap[]> {
    const found: ListedGap[] = [];
    const selection = { datasets: ['gaps'], venues: [venue], symbols: [symbol] } as const;
    for (const [key, files] of filesByStream(this.#manifests, selection)) {
      await using source = new StreamSource(this.#store, streamOf(key), files, []);
      for (let more = await source.open(); more; more = await source.advance())
        found.push({ venue, symbol, seq: source.seq, ...(source.cursor!.record() as GapRow) });
    }
    return found;
  }

  async #gapsOf(stream: StreamId, files: readonly FileEntry[]): Promise<PlacedGap[]> {
    const key = streamKey({ ...stream, dataset: 'gaps' });
    let loading = this.#gaps.get(key);
    if (loading === undefined) {
      loading = this.#loadGaps(key);
      this.#gaps.set(key, loading);
    }
    const { feed } = DATASETS[stream.dataset];
    const own = (await loading).filter(({ event }) => event.type === 'gap' && event.feed === feed);
    // With a time range only files inside it are read: gaps outside would stand in the wrong place.
    const [first, last] = seqBounds(files);
    const [start, end] = seqBounds(filesByStream(this.#manifests, { datasets: [stream.dataset] }).get(streamKey(stream)) ?? []);
    return own.filter(({ seq }) => (first === start || seq >= first) && (last === end || seq <= last));
  }

  async #loadGaps(key: string): Promise<PlacedGap[]> {
    const files = filesByStream(this.#manifests, { datasets: ['gaps'] }).get(key) ?? [];
    const gaps: PlacedGap[] = [];
    await using source = new StreamSource(this.#store, streamOf(key), files, []);
    for (let more = await source.open(); more; more = await source.advance()) {
      const event = source.event();
      if (event !== undefined) gaps.push({ seq: source.seq, time: source.time, event });
    }
    return gaps;
  }
}

/** Smallest and largest sequence in the files. */
function seqBounds(files: readonly FileEntry[]): readonly [first: number, last: number] {
  const ranges = files.flatMap((file) => file.ranges);
  return [Math.min(...ranges.map(({ firstSeq }) => firstSeq)), Math.max(...ranges.map(({ lastSeq }) => lastSeq))];
}

/** Brings a depth or gap event into a book. */
export function applyTo(book: OrderBook, event: SpeedEvent | undefined): void {
  if (event?.type === 'depth') book.applyDepth(event);
  else if (event?.type === 'gap') book.onGap(event);
}
