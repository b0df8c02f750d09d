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
import { parseExact } from '../frames/index.js';
import { EventCollector, type Piece, type TextReader } from './collector.js';
import type { Subject } from './outlet.js';

/** Who something is about, by the venue's id, and the product where products share ids. */
export type Resolve = (venueSymbol: string, product?: string) => Subject;

/** What a frame is. */
export type Classified =
  | { readonly kind: 'control' }
  | { readonly kind: 'unknown'; readonly topic: string }
  | { readonly kind: 'pieces'; readonly reader: TextReader; readonly pieces: readonly Piece[] }
  /** Events or instruments that no declaration describes, made by hand. */
  | { readonly kind: 'private'; readonly make: (resolve: Resolve) => readonly AccountEvent[] }
  | { readonly kind: 'events'; readonly make: (resolve: Resolve) => readonly MarketEvent[] }
  | { readonly kind: 'instruments'; readonly make: (known: readonly Instrument[]) => readonly Instrument[] };

export interface NormalizerSpec {
  readonly venue: string;
  /** @param message the frame's JSON; integers beyond 2^53 are strings */
  classify(message: unknown, frame: RawFrame): Classified;
  /** The product that an instrument belongs to, on venues whose products share ids: there one id may be two instruments. */
  productOf?(instrument: Instrument): string;
}

/** Turns raw frames into events with the same declarations and handlers that the live connector uses. */
export function createNormalizer(spec: NormalizerSpec, options: NormalizerOptions = {}): Normalizer {
  return new TableNormalizer(spec, options.instruments ?? []);
}

class TableNormalizer implements Normalizer {
  /** By the venue's id: one, or one for each product. */
  private readonly instruments = new Map<string, readonly Instrument[]>();
  private readonly collector: EventCollector;

  constructor(
    private readonly spec: NormalizerSpec,
    instruments: readonly Instrument[],
  ) {
    this.learn(instruments);
    this.collector = new EventCollector((...who) => this.subjectOf(...who));
  }

  normalize(frame: RawFrame): NormalizedFrame {
    if (frame.dir === 'out') return { outcome: 'outgoing' };
    if (frame.raw.trim() === '') return { outcome: 'control' };
    const found = this.spec.classify(this.parse(frame), frame);
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
        return { outcome: 'private', events: this.guard(() => found.make(this.resolve)) };
      case 'events':
        return { outcome: 'events', events: this.guard(() => found.make(this.resolve)) };
      case 'pieces':
        return { outcome: 'events', events: this.read(found.reader, found.pieces, frame.ts ?? 0) };
    }
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

  private readonly resolve: Resolve = (venueSymbol, product) => this.subjectOf(venueSymbol, undefined, product);

  /** Of several with this id, where nothing says which, none. */
  private subjectOf(venueSymbol: string, venue = this.spec.venue, product?: string): Subject {
    const known = (this.instruments.get(venueSymbol) ?? []).filter((each) => each.venue === venue);
    const meant = product === undefined ? known : known.filter((each) => this.spec.productOf?.(each) === product);
    const instrument = meant.length === 1 ? (meant[0] as Instrument) : null;
    return { venue, venueSymbol, symbol: instrument?.symbol ?? null, instrument, options: {} };
  }

  private protocolError(message: string, cause?: unknown): SpeedError {
    return new SpeedError('protocol', `${this.spec.venue}: ${message}`, { venue: this.spec.venue, cause });
  }
}
