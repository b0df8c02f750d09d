import {
  type AccountEvent,
  type Instrument,
  type MarketEvent,
  type NormalizedFrame,
  type Normalizer,
  type NormalizerOptions,
  type RawFrame,
  SpeedError,
} from '@speed-protocol/core';
import type { PrivatePlace } from '../account/private-stream.js';
import { asRow, type Row } from '../exchange/rows.js';
import { parseExact } from '../frames/index.js';
import { type BodyTable, classifyBody } from './bodies.js';
import { EventCollector, type Piece, type TextReader } from './collector.js';
import type { Subject } from './outlet.js';

/** What a frame is. */
export type Classified =
  | { readonly kind: 'control' }
  | { readonly kind: 'unknown'; readonly topic: string }
  | { readonly kind: 'pieces'; readonly reader: TextReader; readonly pieces: readonly Piece[] }
  | { readonly kind: 'private'; readonly make: (place: PrivatePlace) => readonly AccountEvent[] }
  | { readonly kind: 'instruments'; readonly make: (known: readonly Instrument[]) => readonly Instrument[] };

export interface NormalizerSpec<V extends string = string> {
  /**
   * What a message of a socket is: an object, unless the venue sends lists too.
   * @param message the frame's JSON; integers beyond 2^53 are strings
   */
  message(message: Row, frame: RawFrame, venue: V): Classified;
  /** True where messages may be lists; elsewhere those are unknown. */
  readonly lists?: boolean;
  readonly bodies: BodyTable;
  /**
   * The product that an instrument belongs to, on venues whose products share ids: there one id may be two instruments, and
   * private rows name theirs `product:id`.
   */
  productOf?(instrument: Instrument): string;
}

/** Turns raw frames into events with the same declarations and handlers that the live connector uses. */
export function defineNormalizer<V extends string>(spec: NormalizerSpec<V>) {
  return (venue: V, options: NormalizerOptions = {}): Normalizer =>
    new TableNormalizer(venue, spec as NormalizerSpec, options.instruments ?? []);
}

class TableNormalizer implements Normalizer {
  /** By the venue's id: one, or one for each product. */
  private readonly instruments = new Map<string, readonly Instrument[]>();
  private readonly collector: EventCollector;

  constructor(
    private readonly venue: string,
    private readonly spec: NormalizerSpec,
    instruments: readonly Instrument[],
  ) {
    this.learn(instruments);
    this.collector = new EventCollector((...who) => this.subjectOf(...who));
  }

  normalize(frame: RawFrame): NormalizedFrame {
    if (frame.dir === 'out') return { outcome: 'outgoing' };
    if (frame.raw.trim() === '') return { outcome: 'control' };
    const found = this.classify(this.parse(frame), frame);
    switch (found.kind) {
      case 'control':
        return { outcome: 'control' };
      case 'unknown':
        return { outcome: 'unknown', topic: found.topic };
      case 'instruments':
        return {
          outcome: 'instruments',
          instruments: this.learn(this.guard(() => found.make([...this.instruments.values()].flat()))),
        };
      case 'private':
        return { outcome: 'private', events: this.guard(() => found.make(this.place(frame))) };
      case 'pieces':
        return { outcome: 'events', events: this.read(found.reader, found.pieces, frame.ts ?? 0) };
    }
  }

  private classify(message: unknown, frame: RawFrame): Classified {
    if (frame.transport === 'rest') return classifyBody(this.spec.bodies, this.venue, message, frame);
    const isList = Array.isArray(message);
    if (typeof message === 'object' && message !== null && (!isList || this.spec.lists)) {
      return this.spec.message(asRow(message), frame, this.venue);
    }
    return { kind: 'unknown', topic: isList ? 'list' : String(message) };
  }

  private read(reader: TextReader, pieces: readonly Piece[], receivedAt: number): readonly MarketEvent[] {
    try {
      return this.collector.read(reader, pieces, receivedAt);
    } catch (cause) {
      if (SpeedError.is(cause)) throw cause;
      throw this.protocolError((cause as Error).message, cause);
    }
  }

  private parse(frame: RawFrame): unknown {
    try {
      return parseExact(frame.raw);
    } catch (cause) {
      throw this.protocolError(`the frame is not JSON: ${(cause as Error).message}`, cause);
    }
  }

  /** What the documents promise and the frame lacks shows as a TypeError or the like in code that trusts them. */
  private guard<T>(make: () => T): T {
    try {
      return make();
    } catch (cause) {
      if (SpeedError.is(cause)) throw cause;
      throw this.protocolError(`the body is not of the documented shape: ${(cause as Error).message}`, cause);
    }
  }

  private learn(instruments: readonly Instrument[]): readonly Instrument[] {
    const { productOf } = this.spec;
    for (const instrument of instruments) {
      const known = productOf ? (this.instruments.get(instrument.venueSymbol) ?? []) : [];
      const others = known.filter((each) => productOf?.(each) !== productOf?.(instrument));
      this.instruments.set(instrument.venueSymbol, [...others, instrument]);
    }
    return instruments;
  }

  private place({ ts }: RawFrame): PrivatePlace {
    const symbolOf = (key: string) => {
      if (!this.spec.productOf) return this.subjectOf(key).symbol;
      const [product = '', venueSymbol = ''] = key.split(':');
      return this.subjectOf(venueSymbol, this.venue, product || undefined).symbol;
    };
    return { venue: this.venue, receivedAt: ts ?? 0, symbolOf };
  }

  /** Of several with this id, where nothing says which, none. */
  private subjectOf(venueSymbol: string, venue = this.venue, product?: string): Subject {
    const known = (this.instruments.get(venueSymbol) ?? []).filter((each) => each.venue === venue);
    const meant = product === undefined ? known : known.filter((each) => this.spec.productOf?.(each) === product);
    const instrument = meant.length === 1 ? (meant[0] as Instrument) : null;
    return { venue, venueSymbol, symbol: instrument?.symbol ?? null, instrument, options: {} };
  }

  private protocolError(message: string, cause?: unknown): SpeedError {
    return new SpeedError('protocol', `${this.venue}: ${message}`, { venue: this.venue, cause });
  }
}
