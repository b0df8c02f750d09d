import { OrderBook } from '@speed-protocol/book';
import type { Connector, DepthEvent, Instrument, MarketEvent, Subscription } from '@speed-protocol/core';
import { decimal, levelsFromPairs } from '@speed-protocol/core';
import { READERS } from '@speed-protocol/exchange-binance/readers';
import {
  type Delta,
  DepthSequencer,
  type FrameReader,
  load,
  Outlet,
  type OutletSink,
  type SequencerSink,
  type Snapshot,
  TopicTable,
} from '@speed-protocol/wire';
import { BOOKS, FIRST_SEQUENCE, type Kind, nameOf, streamName } from './frames.js';

type Listener = (event: MarketEvent) => void;

const VENUE = 'binanceusdm';
const READER: Readonly<Record<Kind, FrameReader>> = {
  depth: READERS['futuresDepth']!,
  trade: READERS['aggTrade']!,
  quote: READERS['quote']!,
};
const KINDS = Object.keys(READER) as Kind[];

/** From bytes to consumers, as a connector goes: find the topic, decode, sequence, make the event, call everyone in turn. */
export class Pipeline {
  readonly #table = new TopicTable<(length: number) => void>([['stream']]);
  readonly #topics = new Map<string, Topic>();
  readonly #books: OrderBook[] = [];

  /** @param onEvent the strategy has an event, and its book is up to date */
  constructor(private readonly onEvent: () => void) {
    for (let book = 0; book < BOOKS; book++) for (const kind of KINDS) this.#add(book, kind);
  }

  accept(frame: Buffer): void {
    const length = load(frame);
    this.#table.lookupLoaded(length)!(length);
  }

  /** Every book begins where the slice does. */
  restart(): void {
    for (const topic of this.#topics.values()) topic.restart();
  }

  /** Books that are not at their last sequence: none, or the measurement is worth nothing. */
  get broken(): number {
    return this.#books.filter((book) => book.status().state !== 'live').length;
  }

  /** What a recorder sees of it. */
  get connector(): Connector {
    const instruments = Array.from({ length: BOOKS }, (_, book) => instrumentOf(book));
    const subscribe = (kind: string, symbol: string, on: Listener) =>
      Promise.resolve(this.#topics.get(`${kind} ${symbol}`)!.listen(kind as Kind, symbol, on));
    return {
      venue: VENUE,
      capabilities: { market: { feeds: KINDS } },
      reference: {
        instruments: () => Promise.resolve(instruments),
        instrument: (symbol: string) => Promise.resolve(instruments.find((each) => each.symbol === symbol)!),
      },
      market: { subscribe },
    } as unknown as Connector;
  }

  #add(book: number, kind: Kind): void {
    const { symbol } = nameOf(book);
    const own = new OrderBook({ tickSize: instrumentOf(book).tickSize });
    if (kind === 'depth') this.#books.push(own);
    const topic = new Topic(book, READER[kind], (event) => {
      if (event.type === 'depth') own.applyDepth(event);
      this.onEvent();
    });
    this.#topics.set(`${kind} ${symbol}`, topic);
    this.#table.set([streamName(book, kind)], topic.receive);
  }
}

class Topic implements OutletSink, SequencerSink {
  readonly receive: (length: number) => void;
  readonly #sequencer: DepthSequencer | undefined;
  /** In the order in which they subscribed, as in any connector: the strategy was there before the recorder. */
  readonly #listeners: Listener[];
  readonly #event: { -readonly [K in keyof DepthEvent]: DepthEvent[K] };

  constructor(book: number, reader: FrameReader, strategy: Listener) {
    this.#listeners = [strategy];
    if (reader.rule !== undefined) this.#sequencer = new DepthSequencer(reader.rule, this);
    const { symbol, venueSymbol } = nameOf(book);
    const none = levelsFromPairs([]);
    const head = { type: 'depth', kind: 'delta', venue: VENUE, symbol, venueSymbol, venueTime: null, receivedAt: 0 } as const;
    this.#event = { ...head, sequence: null, prevSequence: null, bids: none, asks: none };
    const outlet = new Outlet({ venue: VENUE, symbol, venueSymbol, instrument: null, options: {} }, this);
    const decoder = reader.decoder();
    const handle = reader.start(outlet);
    this.receive = (length) => {
      outlet.receivedAt = Date.now();
      if (!decoder.decodeLoaded(length)) throw new Error(decoder.problem);
      handle();
    };
  }

  listen(feed: Kind, symbol: string, on: Listener): Subscription {
    this.#listeners.push(on);
    const stop = async () => {
      const at = this.#listeners.indexOf(on);
      if (at >= 0) this.#listeners.splice(at, 1);
    };
    return { feed, symbol, state: 'live', closed: new Promise(() => {}), [Symbol.asyncDispose]: stop };
  }

  restart(): void {
    const empty = levelsFromPairs([]);
    const times = { venueTime: null, receivedAt: Date.now() };
    this.#sequencer?.replace({ sequence: FIRST_SEQUENCE, ...times, bids: empty, asks: empty });
  }

  event(event: MarketEvent): void {
    for (let i = 0; i < this.#listeners.length; i++) this.#listeners[i]!(event);
  }

  delta(delta: Delta, previous?: number): void {
    if (previous === undefined) this.#sequencer!.delta(delta);
    else this.#depth('delta', delta, delta.last, previous);
  }

  snapshot(snapshot: Snapshot): void {
    this.#depth('snapshot', snapshot, snapshot.sequence, null);
  }

  gap(reason: string): void {
    throw new Error(`a gap in the frames: ${reason}`);
  }

  restarted(): void {}

  #depth(kind: DepthEvent['kind'], from: Delta | Snapshot, sequence: number | null, previous: number | null): void {
    const event = this.#event;
    event.kind = kind;
    event.venueTime = from.venueTime;
    event.receivedAt = from.receivedAt;
    event.sequence = sequence;
    event.prevSequence = previous;
    event.bids = from.bids;
    event.asks = from.asks;
    this.event(event);
  }
}

const instrumentOf = (book: number): Instrument => ({
  ...nameOf(book),
  ...{ venue: VENUE, kind: 'perpetual', status: 'open', base: `COIN${book}`, quote: 'USDT', settle: 'USDT', inverse: false },
  ...{ contractSize: decimal('1'), tickSize: decimal('0.1'), lotSize: decimal('0.001') },
});
