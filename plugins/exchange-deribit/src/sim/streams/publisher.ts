import { Hub, type Market, type Trade } from '@speed-protocol/simulator';
import type { RouteContext } from '../rest/route.js';
import { channelOf, type Found, type LiveEvent, type Source } from './channels.js';

/** Whoever gets messages. */
export interface Subscriber {
  send(text: string, topic: string): void;
}

/** How far one market is behind the one before, ms. */
const PHASE_MS = 37;

interface ActiveChannel {
  readonly source: Source;
  stop(): void;
}

/** All public channels of the venue: who listens, and what they hear when. */
export class Publisher {
  readonly #context: RouteContext;
  readonly #active = new Map<string, ActiveChannel>();
  readonly #live = new Map<LiveEvent, Set<(market: Market, trade?: Trade) => void>>();
  readonly #cadences = new Map<string, Set<() => void>>();
  readonly #hub: Hub<Subscriber>;

  constructor(context: RouteContext) {
    this.#context = context;
    this.#hub = new Hub(
      () => {},
      (name) => this.#end(name),
    );
    context.venue.onOpen((market) =>
      market.listen({
        onTrade: (_, trade) => this.#happened('trade', market, trade),
        onQuote: () => this.#happened('quote', market),
        onBook: () => this.#happened('book', market),
      }),
    );
  }

  /**
   * Subscribes; what the channel says first is said by the returned function.
   * @returns `undefined` when there is no such channel
   */
  add(name: string, subscriber: Subscriber): (() => void) | undefined {
    const active = this.#active.get(name) ?? this.#open(name);
    if (!active) return undefined;
    this.#active.set(name, active);
    return () => {
      const first = active.source.first?.();
      if (first !== undefined) subscriber.send(textOf(name, first), labelOf(name));
      this.#hub.add(name, subscriber);
    };
  }

  remove(name: string, subscriber: Subscriber): void {
    this.#hub.remove(name, subscriber);
  }

  #end(name: string): void {
    this.#active.get(name)?.stop();
    this.#active.delete(name);
  }

  #open(name: string): ActiveChannel | undefined {
    const found = channelOf(name);
    const market = found && this.#anyMarket(found);
    if (!found || !market) return undefined;
    const source = found.open({ text: this.#context.texts.of(market), context: this.#context });
    const emit = (happened?: readonly [Market, Trade | undefined]) => this.#publish(name, source.say(happened));
    const { every } = found;
    if (typeof every === 'string') return { source, stop: this.#startLive(every, found, source, emit) };
    const stops = [this.#startCadence(every, this.#phaseOf(market, every), () => emit())];
    if (source.gathers) stops.push(this.#listen('trade', found, (told, trade) => source.say([told, trade])));
    return {
      source,
      stop: () => {
        for (const stop of stops) stop();
      },
    };
  }

  /** A market that a channel is about, opened if need be. */
  #anyMarket({ of }: Found): Market | undefined {
    const { venue } = this.#context;
    const listing = venue.listings.find(of);
    return listing && venue.market(listing.venueSymbol);
  }

  #startLive(
    event: LiveEvent,
    found: Found,
    source: Source,
    emit: (happened?: readonly [Market, Trade | undefined]) => void,
  ): () => void {
    return this.#listen(event, found, (market, trade) => {
      if (source.gathers) source.say([market, trade]);
      emit();
    });
  }

  #listen(event: LiveEvent, { of }: Found, hear: (market: Market, trade?: Trade) => void): () => void {
    const heard = (market: Market, trade?: Trade) => {
      if (of(market.listing)) hear(market, trade);
    };
    const all = this.#live.get(event) ?? new Set();
    this.#live.set(event, all.add(heard));
    return () => void all.delete(heard);
  }

  /** Instruments do not speak at the same instants. */
  #phaseOf({ listing }: Market, everyMs: number): number {
    return (this.#context.idOf(listing) * PHASE_MS) % everyMs;
  }

  #startCadence(everyMs: number, phase: number, emit: () => void): () => void {
    const beat = `${everyMs}+${phase}`;
    const emits = this.#cadences.get(beat);
    if (emits) emits.add(emit);
    else {
      this.#cadences.set(beat, new Set([emit]));
      this.#awaitBeat(beat, everyMs, phase);
    }
    return () => void this.#cadences.get(beat)?.delete(emit);
  }

  /** One timer per cadence and phase; it ends with its last channel. */
  #awaitBeat(beat: string, everyMs: number, phase: number): void {
    const { clock } = this.#context.venue;
    const next = (Math.floor((clock.now() - phase) / everyMs) + 1) * everyMs + phase;
    clock.scheduleAt(next, () => {
      const emits = this.#cadences.get(beat);
      if (!emits || emits.size === 0) return void this.#cadences.delete(beat);
      for (const emit of [...emits]) emit();
      this.#awaitBeat(beat, everyMs, phase);
    });
  }

  #happened(event: LiveEvent, market: Market, trade?: Trade): void {
    for (const hear of [...(this.#live.get(event) ?? [])]) hear(market, trade);
  }

  #publish(name: string, messages: readonly unknown[]): void {
    for (const data of messages) {
      const text = textOf(name, data);
      for (const subscriber of this.#hub.of(name)) subscriber.send(text, labelOf(name));
    }
  }
}

/** What faults know a channel by: books are `depth` to them on every venue. */
function labelOf(name: string): string {
  return name.startsWith('book.') ? `depth ${name}` : name;
}

/** A message of a channel. */
export function textOf(channel: string, data: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } });
}
