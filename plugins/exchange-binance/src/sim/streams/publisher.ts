import { Hub, type Market, type Venue, type VirtualClock } from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import { MarketText } from '../text.js';
import type { Printer } from './frames.js';
import { GROUPS } from './groups.js';
import { type LiveEvent, type Room, STREAMS, type StreamState } from './table.js';

/** Whoever gets messages. */
export interface Subscriber {
  /** True: messages come wrapped as `{"stream","data"}`. */
  readonly combined: boolean;
  send(text: string, topic: string): void;
}

/** A market, its product and the venue they live on. */
export interface Home {
  readonly product: Product;
  readonly venue: Venue;
}

/** A stream that somebody listens to. */
interface ActiveStream {
  readonly room: Room;
  /** Sends what is due; live streams hand over what happened. */
  emit(event?: unknown): void;
  stop(): void;
}

/** All streams of one product: who listens, and what they hear when. */
export class Publisher {
  readonly #home: Home;
  /** Every futures product of the simulation, for the merged feeds; the product itself on spot. */
  readonly #merged: readonly Home[];
  readonly #clock: VirtualClock;
  readonly #active = new Map<string, ActiveStream>();
  readonly #live = new Map<string, Set<ActiveStream>>();
  readonly #cadences = new Map<number, Set<ActiveStream>>();
  readonly #printers = new Map<Market, Printer>();
  readonly #hub: Hub<Subscriber>;

  constructor(home: Home, merged: readonly Home[]) {
    this.#home = home;
    this.#merged = merged;
    this.#clock = home.venue.clock;
    this.#hub = new Hub(
      (name) => this.#begin(name),
      (name) => this.#end(name),
    );
    home.venue.onOpen((market) =>
      market.listen({
        onTrade: (_, trade) => this.#happened('trade', market, trade),
        onAggregate: (_, aggregate) => this.#happened('aggregate', market, aggregate),
        onQuote: () => this.#happened('quote', market),
        onBook: () => this.#happened('book', market),
      }),
    );
  }

  /** Subscribes; a name that means nothing is taken and stays silent, as on the venue. */
  add(name: string, subscriber: Subscriber): void {
    this.#hub.add(name, subscriber);
  }

  remove(name: string, subscriber: Subscriber): void {
    this.#hub.remove(name, subscriber);
  }

  #begin(name: string): void {
    const stream = this.#marketStream(name) ?? this.#groupStream(name);
    if (stream) this.#active.set(name, stream);
  }

  #end(name: string): void {
    this.#active.get(name)?.stop();
    this.#active.delete(name);
  }

  #marketStream(name: string): ActiveStream | undefined {
    const at = name.indexOf('@');
    if (at <= 0) return undefined;
    const family = this.#home.product.family;
    for (const row of STREAMS) {
      const match = row.families.includes(family) ? row.pattern.exec(name.slice(at + 1)) : null;
      const printer = match && this.#find(name.slice(0, at).toUpperCase(), row.merged ?? false);
      if (!match || !printer) continue;
      const state: StreamState = { printer, match, sequence: printer.market.book.lastId, said: '', candle: undefined };
      const emit = (event?: unknown) => this.#publish(name, row.say(state, event));
      if (row.live) return this.#startLive(`${row.live}/${printer.market.listing.venueSymbol}`, row.room, emit);
      return this.#startCadence(row.everyMs!(match, this.#home.product), row.room, emit);
    }
    return undefined;
  }

  #groupStream(name: string): ActiveStream | undefined {
    const { family } = this.#home.product;
    for (const row of GROUPS) {
      const match = row.families.includes(family) ? row.pattern.exec(name) : null;
      if (!match) continue;
      const state = { match, printers: () => this.#all(), said: new Map(), candles: new Map() };
      return this.#startCadence(row.everyMs(match, this.#home.product), row.room, () => this.#publish(name, row.say(state)));
    }
    return undefined;
  }

  #startLive(key: string, room: Room, emit: (event?: unknown) => void): ActiveStream {
    const stream = { room, emit, stop: () => void this.#live.get(key)?.delete(stream) };
    const streams = this.#live.get(key) ?? new Set();
    this.#live.set(key, streams.add(stream));
    return stream;
  }

  #startCadence(everyMs: number, room: Room, emit: () => void): ActiveStream {
    const stream = { room, emit, stop: () => void this.#cadences.get(everyMs)?.delete(stream) };
    const streams = this.#cadences.get(everyMs);
    if (streams) {
      streams.add(stream);
      return stream;
    }
    this.#cadences.set(everyMs, new Set([stream]));
    this.#awaitBeat(everyMs);
    return stream;
  }

  /** One timer per cadence, on whole multiples of it; it ends with its last stream. */
  #awaitBeat(everyMs: number): void {
    const next = (Math.floor(this.#clock.now() / everyMs) + 1) * everyMs;
    this.#clock.scheduleAt(next, () => {
      const streams = this.#cadences.get(everyMs);
      if (!streams || streams.size === 0) return void this.#cadences.delete(everyMs);
      for (const stream of [...streams]) stream.emit();
      this.#awaitBeat(everyMs);
    });
  }

  #happened(event: LiveEvent, market: Market, what?: unknown): void {
    const streams = this.#live.get(`${event}/${market.listing.venueSymbol}`);
    if (streams) for (const stream of streams) stream.emit(what);
  }

  #publish(name: string, messages: readonly unknown[]): void {
    for (const message of messages) {
      const json = JSON.stringify(message);
      let wrapped: string | undefined;
      for (const subscriber of this.#hub.of(name)) {
        if (subscriber.combined) wrapped ??= `{"stream":${JSON.stringify(name)},"data":${json}}`;
        subscriber.send(subscriber.combined ? wrapped! : json, name);
      }
    }
  }

  #find(venueSymbol: string, merged: boolean): Printer | undefined {
    const homes = merged ? [this.#home, ...this.#merged] : [this.#home];
    for (const home of homes) {
      const market = home.venue.market(venueSymbol);
      if (market) return this.#printer(home, market);
    }
    return undefined;
  }

  #all(): Printer[] {
    return this.#merged.flatMap((home) => home.venue.markets.map((market) => this.#printer(home, market)));
  }

  #printer({ product }: Home, market: Market): Printer {
    let printer = this.#printers.get(market);
    if (!printer) {
      printer = { market, product, text: new MarketText(market, product.family) };
      this.#printers.set(market, printer);
    }
    return printer;
  }
}

/** The door that a stream lies behind, whether anybody listens or not; `undefined` when it means nothing. */
export function roomOf(name: string, product: Product): Room | undefined {
  const suffix = name.slice(name.indexOf('@') + 1);
  const row =
    STREAMS.find((each) => each.families.includes(product.family) && name.indexOf('@') > 0 && each.pattern.test(suffix)) ??
    GROUPS.find((each) => each.families.includes(product.family) && each.pattern.test(name));
  return row?.room;
}
