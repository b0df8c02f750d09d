import { Hub, type Market } from '@speed-protocol/simulator';
import { categoryOf, keyOf } from '../listing.js';
import type { RouteContext } from '../rest/route.js';
import { DepthState } from './depth-state.js';
import { type LiveEvent, type Said, type Source, topicOf } from './topics.js';

/** Whoever gets messages. */
export interface Subscriber {
  send(text: string, topic: string): void;
}

/** How far one instrument is behind the one before, ms. */
const PHASE_MS = 37;
/** Depth of the stream that REST books follow. */
const DEEPEST = 1000;

interface ActiveTopic {
  readonly source: Source;
  stop(): void;
}

/** All topics of the venue: who listens, and what they hear when. */
export class Publisher {
  readonly #context: RouteContext;
  readonly #active = new Map<string, ActiveTopic>();
  readonly #live = new Map<string, Set<(event?: unknown) => void>>();
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
        onLiquidation: (_, liquidation) => this.#happened('liquidation', market, liquidation),
      }),
    );
  }

  /** Whether a product has a topic. */
  has(category: string, topic: string): boolean {
    return this.#find(category, topic) !== undefined;
  }

  /** What the topic says first comes at once. */
  add(category: string, topic: string, subscriber: Subscriber): void {
    const name = `${category} ${topic}`;
    const active = this.#active.get(name) ?? this.#open(name, category, topic);
    this.#active.set(name, active);
    const first = active.source.first?.();
    if (first) subscriber.send(this.#text(topic, first), labelOf(topic));
    this.#hub.add(name, subscriber);
  }

  remove(category: string, topic: string, subscriber: Subscriber): void {
    this.#hub.remove(`${category} ${topic}`, subscriber);
  }

  #find(category: string, topic: string) {
    const dot = topic.lastIndexOf('.');
    const listing = this.#context.venue.listings.find(
      (each) => (each.key ?? each.venueSymbol) === keyOf(category, topic.slice(dot + 1)) && categoryOf(each) === category,
    );
    const found = listing && topicOf(topic.slice(0, dot), listing);
    return listing && found && { listing, row: found[0], match: found[1] };
  }

  #open(name: string, category: string, topic: string): ActiveTopic {
    const { listing, row, match } = this.#find(category, topic)!;
    const market = this.#context.venue.market(listing.key ?? listing.venueSymbol)!;
    const source = row.open(this.#context.texts.of(market), this.#context.numbers, match);
    const isDeepest = source instanceof DepthState && source.depth === DEEPEST;
    if (isDeepest) this.#context.depths.set(market, source);
    const emit = (event?: unknown) => this.#publish(name, topic, source.say(event));
    const stops = [
      ...(row.live ? [this.#startLive(liveKey(row.live, market), emit)] : []),
      ...(row.everyMs ? [this.#startCadence(row.everyMs, this.#phaseOf(market, row.everyMs), emit)] : []),
    ];
    const stop = () => {
      for (const each of stops) each();
      if (isDeepest) this.#context.depths.delete(market);
    };
    return { source, stop };
  }

  #end(name: string): void {
    this.#active.get(name)?.stop();
    this.#active.delete(name);
  }

  #startLive(key: string, emit: (event?: unknown) => void): () => void {
    const emits = this.#live.get(key) ?? new Set();
    this.#live.set(key, emits.add(emit));
    return () => void emits.delete(emit);
  }

  /** Instruments do not speak at the same instants. */
  #phaseOf({ listing }: Market, everyMs: number): number {
    return (this.#context.venue.listings.indexOf(listing) * PHASE_MS) % everyMs;
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

  /** One timer per cadence and phase; it ends with its last topic. */
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

  #happened(event: LiveEvent, market: Market, what?: unknown): void {
    for (const emit of this.#live.get(liveKey(event, market)) ?? []) emit(what);
  }

  #publish(name: string, topic: string, messages: readonly Said[]): void {
    for (const said of messages) {
      const text = this.#text(topic, said);
      for (const subscriber of this.#hub.of(name)) subscriber.send(text, labelOf(topic));
    }
  }

  #text(topic: string, { type, data, cts }: Said): string {
    const ts = this.#context.now();
    return JSON.stringify({ topic, ...(type && { type }), ts, data, ...(cts !== undefined && { cts }) });
  }
}

function liveKey(event: LiveEvent, { listing }: Market): string {
  return `${event}/${listing.symbol}`;
}

/** What faults know a topic by: books are `depth` to them on every venue. */
function labelOf(topic: string): string {
  return topic.startsWith('orderbook') ? `depth ${topic}` : topic;
}
