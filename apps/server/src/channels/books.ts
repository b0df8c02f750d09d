import { type BookListener, type LiveBook, type WatchBookOptions, watchBook } from '@speed-protocol/book';
import { type Clock, type Connector, SpeedError } from '@speed-protocol/core';

import { unlessAborted } from '../abort.js';

/** Told about a shared book. */
export interface BookWatcher {
  /** After every change of the book. */
  changed(): void;
  /** After a gap: the book is stale until the next change. */
  lost(): void;
  /** The subscription ended by itself. */
  ended(error?: unknown): void;
}

/** Of the last event of a book; `null` before the first. */
interface BookTimes {
  venueTime: number | null;
  receivedAt: number | null;
}

export interface BookLease {
  readonly book: LiveBook;
  readonly times: Readonly<BookTimes>;
  /** Twice is the same as once. */
  release(): void;
}

interface Entry {
  readonly opening: Promise<LiveBook>;
  readonly watchers: Set<BookWatcher>;
  readonly times: BookTimes;
  readonly controller: AbortController;
  leases: number;
  cancelLinger: (() => void) | undefined;
}

/** How long a book without users stays open: the next question about it is answered at once. */
const LINGER_MS = 30_000;
/** So many of them at a time: asking for every book there is must not subscribe to all of them at once. */
const LINGER_COUNT = 16;

/** One live book per venue and symbol, however many clients, depths and commands use it. */
export class Books {
  readonly #entries = new Map<string, Entry>();
  /** Open and not used, the longest unused first. */
  readonly #lingering = new Map<string, Entry>();

  constructor(
    private readonly connect: (venue: string) => Promise<Connector>,
    private readonly clock: Clock,
    readonly maxAgeMs: number,
    private readonly lingerMs = LINGER_MS,
  ) {}

  /** @throws SpeedError as `watchBook` does, or when the venue is unknown */
  async lease(venue: string, symbol: string, signal: AbortSignal, watcher?: BookWatcher): Promise<BookLease> {
    const key = `${venue} ${symbol}`;
    const entry = this.#entries.get(key) ?? this.#open(key, venue, symbol);
    entry.cancelLinger?.();
    this.#lingering.delete(key);
    entry.leases++;
    if (watcher) entry.watchers.add(watcher);
    const release = once(() => this.#release(key, entry, watcher));
    try {
      return { book: await unlessAborted(entry.opening, signal), times: entry.times, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async close(): Promise<void> {
    const entries = [...this.#entries];
    await Promise.all(entries.map(([key, entry]) => this.#close(key, entry)));
  }

  #open(key: string, venue: string, symbol: string): Entry {
    const watchers = new Set<BookWatcher>();
    const controller = new AbortController();
    const onEnd = (error?: unknown) => {
      this.#forget(key, entry);
      for (const watcher of [...watchers]) watcher.ended(error);
    };
    const times: BookTimes = { venueTime: null, receivedAt: null };
    const onChange: BookListener = (_, event) => {
      times.venueTime = event.venueTime;
      times.receivedAt = event.receivedAt;
      for (const watcher of watchers) watcher[event.type === 'gap' ? 'lost' : 'changed']();
    };
    const opening = this.#watch(venue, symbol, onChange, { signal: controller.signal, onEnd });
    const entry: Entry = { opening, watchers, times, controller, leases: 0, cancelLinger: undefined };
    this.#entries.set(key, entry);
    opening.catch(() => this.#forget(key, entry));
    return entry;
  }

  #forget(key: string, entry: Entry): void {
    if (this.#lingering.get(key) === entry) this.#lingering.delete(key);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  async #watch(
    venue: string,
    symbol: string,
    onChange: BookListener,
    options: Pick<WatchBookOptions, 'signal' | 'onEnd'>,
  ): Promise<LiveBook> {
    const connector = await this.connect(venue);
    if (!connector.capabilities.market?.feeds.includes('depth')) {
      throw new SpeedError('unsupported', `${venue} has no depth feed, so there is no book of ${symbol}`, { venue });
    }
    return watchBook(connector, symbol, onChange, { clock: this.clock, maxAgeMs: this.maxAgeMs, ...options });
  }

  #release(key: string, entry: Entry, watcher: BookWatcher | undefined): void {
    if (watcher) entry.watchers.delete(watcher);
    entry.leases--;
    if (entry.leases > 0 || this.#entries.get(key) !== entry) return;
    entry.cancelLinger = this.clock.schedule(this.lingerMs, () => void this.#close(key, entry));
    this.#lingering.set(key, entry);
    const [oldest] = this.#lingering;
    if (oldest && this.#lingering.size > LINGER_COUNT) void this.#close(...oldest);
  }

  async #close(key: string, entry: Entry): Promise<void> {
    entry.cancelLinger?.();
    this.#forget(key, entry);
    entry.controller.abort();
    const book = await entry.opening.catch(() => undefined);
    await book?.[Symbol.asyncDispose]();
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
