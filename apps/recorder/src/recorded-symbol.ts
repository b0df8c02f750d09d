import { OrderBook } from '@speed-protocol/book';
import type {
  Clock,
  Connector,
  DepthEvent,
  FeedName,
  GapEvent,
  Instrument,
  SpeedEvent,
  Subscription,
} from '@speed-protocol/core';
import type { DatasetName, HistoryWriter } from '@speed-protocol/history';
import { disposeAll } from './subscriptions.js';
import { Touches } from './touches.js';

/** Everything that is recorded of one symbol of one venue. */
export class RecordedSymbol implements AsyncDisposable {
  readonly instrument: Instrument;
  readonly #writer: HistoryWriter;
  readonly #clock: Clock;
  readonly #datasets: ReadonlySet<DatasetName>;
  readonly #book: OrderBook;
  #subscriptions: Subscription[] = [];
  /** Depth rows were dropped: the next one that fits must be a snapshot, or the rest is worth nothing. */
  #needsSnapshot = false;
  /** Times of the last change; numbers of their own, because an object for each change is garbage. */
  #lastVenueTime: number | null = null;
  #lastReceivedAt = Number.NaN;
  /** Why a feed ended by itself; empty while all is well. */
  readonly problems: string[] = [];
  /** Best prices of the last pictures. */
  readonly touches = new Touches();
  events = 0;
  gaps = 0;

  constructor(instrument: Instrument, writer: HistoryWriter, clock: Clock, datasets: readonly DatasetName[]) {
    this.instrument = instrument;
    this.#writer = writer;
    this.#clock = clock;
    this.#datasets = new Set(datasets);
    this.#book = new OrderBook({ tickSize: instrument.tickSize, clock });
  }

  /** Subscribes; when one feed fails the others are given back. */
  async start(connector: Connector, feeds: readonly FeedName[], signal?: AbortSignal): Promise<void> {
    try {
      for (const feed of feeds) {
        const subscription = await connector.market!.subscribe(
          feed,
          this.instrument.symbol,
          (event: SpeedEvent) => this.#take(event),
          { signal },
        );
        this.#subscriptions.push(subscription);
        subscription.closed.catch((error: unknown) =>
          this.problems.push(`${feed}: ${error instanceof Error ? error.message : error}`),
        );
      }
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes the best levels as they are now; nothing while the book is not live. */
  sample(depth: number, time: number): void {
    if (!this.#datasets.has('orderbooks') || this.#book.status().state !== 'live') return;
    const { bids, asks } = this.#book.top(depth);
    const { sequence } = this.#book.status();
    this.touches.put(time, bids, asks);
    this.#writer.pushBook({ ...this.#head, venueTime: null, receivedAt: time }, { bids, asks, sequence });
  }

  get state(): string {
    return this.#book.status().state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    await disposeAll(subscriptions);
  }

  get #head() {
    const { venue, symbol, venueSymbol } = this.instrument;
    return { venue, symbol, venueSymbol };
  }

  #take(event: SpeedEvent): void {
    this.events++;
    if (event.type === 'depth') this.#depth(event);
    else if (event.type === 'gap') this.#gap(event);
    else this.#writer.push(event);
  }

  #depth(event: DepthEvent): void {
    if (this.#needsSnapshot && this.#pushSnapshot()) this.#needsSnapshot = false;
    this.#book.applyDepth(event);
    this.#lastVenueTime = event.venueTime;
    this.#lastReceivedAt = event.receivedAt;
    if (!this.#datasets.has('depth')) return;
    if (this.#needsSnapshot || this.#writer.push(event) === 0) this.#needsSnapshot = true;
  }

  /** The whole book before the coming event, in place of what was dropped. */
  #pushSnapshot(): boolean {
    const book = this.#book;
    // After a gap of the feed its own snapshot is on the way.
    if (book.status().state !== 'live') return true;
    const { bids, asks } = book.top(Math.max(book.bidCount, book.askCount));
    const snapshot: DepthEvent = {
      type: 'depth',
      kind: 'snapshot',
      ...this.#head,
      ...{ venueTime: this.#lastVenueTime, receivedAt: this.#lastReceivedAt },
      recovered: true,
      sequence: book.status().sequence,
      prevSequence: null,
      bids,
      asks,
    };
    return this.#writer.push(snapshot) !== 0;
  }

  #gap(event: GapEvent): void {
    this.gaps++;
    if (event.feed !== 'depth') {
      this.#writer.push(event);
      return;
    }
    this.#book.onGap(event);
    if (this.#datasets.has('depth')) this.#writer.push(event);
    if (this.#datasets.has('orderbooks'))
      this.#writer.noteGap('orderbooks', { ...event, receivedAt: this.#clock.now() }, event.reason);
  }
}
