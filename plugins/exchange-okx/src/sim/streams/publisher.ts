import { Hub, type Market } from '@speed-protocol/simulator';
import type { RouteContext } from '../rest/route.js';
import { instTypeOf } from '../text.js';
import { type ChannelRow, channelOf, type Door, isNamed, type LiveEvent, type Said, type Source } from './channels.js';

/** Whoever gets messages. */
export interface Subscriber {
  send(text: string, topic: string): void;
}

/** What a subscription asks for. */
export interface Argument {
  readonly channel: string;
  readonly instId?: string;
  readonly instType?: string;
}

/** How far one instrument is behind the one before, ms. */
const PHASE_MS = 37;

/** Where sessions subscribe. */
export type Channels = Pick<Publisher, 'add' | 'remove'>;

interface ActiveChannel {
  readonly argument: Argument;
  readonly source: Source;
  stop(): void;
}

/** All channels of the venue: who listens, and what they hear when. */
export class Publisher {
  readonly #context: RouteContext;
  readonly #active = new Map<string, ActiveChannel>();
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
        onAggregate: (_, aggregate) => this.#happened('aggregate', market, aggregate),
        onQuote: () => this.#happened('quote', market),
        onLiquidation: (_, liquidation) => this.#happened('liquidation', market, [market, liquidation]),
      }),
    );
  }

  /**
   * Subscribes; what the channel says first follows when `acknowledge` has been called.
   * @returns false when there is no such channel behind this door
   */
  add(argument: Argument, door: Door, subscriber: Subscriber, acknowledge: () => void): boolean {
    const name = nameOf(argument);
    const active = this.#active.get(name) ?? this.#open(name, argument, door);
    if (!active || channelOf(argument.channel)![0].door !== door) return false;
    this.#active.set(name, active);
    acknowledge();
    const first = active.source.first?.();
    if (first) subscriber.send(textOf(argument, first), labelOf(name));
    this.#hub.add(name, subscriber);
    return true;
  }

  remove(argument: Argument, subscriber: Subscriber): void {
    this.#hub.remove(nameOf(argument), subscriber);
  }

  #end(name: string): void {
    this.#active.get(name)?.stop();
    this.#active.delete(name);
  }

  #open(name: string, argument: Argument, door: Door): ActiveChannel | undefined {
    const [row, match] = channelOf(argument.channel) ?? [];
    if (!row || !match || row.door !== door) return undefined;
    const subject = row.subject === 'instType' ? argument.instType : argument.instId;
    const market = subject === undefined ? undefined : this.#marketOf(row, subject);
    if (subject === undefined || !market) return undefined;
    const { venue, texts } = this.#context;
    const place = { text: texts.of(market), venue, subject, textOf: (of: Market) => texts.of(of) };
    const source = row.open({ ...place, codeOf: (listing) => this.#context.codeOf(listing) }, match);
    const emit = (event?: unknown) => this.#publish(name, argument, source.say(event));
    const stop = row.live
      ? this.#startLive(liveKey(row.live, market), emit)
      : this.#startCadence(row.everyMs!, this.#phaseOf(market, row.everyMs!), emit);
    return { argument, source, stop };
  }

  /** The market that an argument names; any of the type where it names a type. */
  #marketOf(row: ChannelRow, subject: string): Market | undefined {
    const { venue } = this.#context;
    const listing = venue.listings.find((each) =>
      row.subject === 'instType' ? instTypeOf(each) === subject : isNamed(row, each, subject),
    );
    return listing && venue.market(listing.venueSymbol);
  }

  #startLive(key: string, emit: (event?: unknown) => void): () => void {
    const emits = this.#live.get(key) ?? new Set();
    this.#live.set(key, emits.add(emit));
    return () => void emits.delete(emit);
  }

  /** Instruments do not speak at the same instants. */
  #phaseOf({ listing }: Market, everyMs: number): number {
    return (this.#context.codeOf(listing) * PHASE_MS) % everyMs;
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

  #happened(event: LiveEvent, market: Market, what?: unknown): void {
    for (const emit of this.#live.get(liveKey(event, market)) ?? []) emit(what);
  }

  #publish(name: string, argument: Argument, messages: readonly Said[]): void {
    for (const said of messages) {
      const text = textOf(argument, said);
      for (const subscriber of this.#hub.of(name)) subscriber.send(text, labelOf(name));
    }
  }
}

/** Liquidations are told of all instruments together. */
function liveKey(event: LiveEvent, { listing }: Market): string {
  return event === 'liquidation' ? event : `${event}/${listing.venueSymbol}`;
}

export function nameOf({ channel, instId, instType }: Argument): string {
  return `${channel}:${instId ?? instType}`;
}

/** What faults know a channel by: books are `depth` to them on every venue. */
export function labelOf(name: string): string {
  return name.startsWith('books') ? `depth ${name}` : name;
}

/** Arguments come back as they were asked for. */
export function textOf(arg: Argument, { action, data }: Said): string {
  return JSON.stringify({ arg, ...(action !== undefined && { action }), data });
}
