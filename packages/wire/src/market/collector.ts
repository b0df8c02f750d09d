import type { MarketEvent } from '@speed-protocol/core';
import { type AnyFrame, type FieldsOf, load } from '../frames/index.js';
import { type FrameHandler, frameHandler } from './frame-handler.js';
import { Outlet, type OutletSink, orNull, type Subject } from './outlet.js';
import type { SequenceRule } from './rules.js';
import type { Delta, Snapshot } from './sequencer.js';

/** Reads one kind of text. */
export interface TextReader {
  /** Names the kind in messages, e.g. `depthUpdate`. */
  readonly what: string;
  /** For depth deltas: what they follow. */
  readonly rule: SequenceRule | undefined;
  /** @returns why the text was refused; empty when it was not */
  read(text: string, outlet: Outlet): string;
}

/** Reads by a frame declaration and its handler, compiled at first use. */
export interface FrameReader extends TextReader, FrameHandler<Outlet> {
  readonly frame: AnyFrame;
}

export interface FrameReaderDefinition<F extends AnyFrame> {
  readonly what: string;
  readonly frame: F;
  readonly start: (outlet: Outlet) => (fields: FieldsOf<F>) => void;
  readonly rule?: SequenceRule | undefined;
}

/** Checks a reader's handler against its frame. */
export function frameReader<F extends AnyFrame>({ what, frame, start, rule }: FrameReaderDefinition<F>): FrameReader {
  const handler = frameHandler(frame, start);
  return {
    ...handler,
    what,
    frame,
    rule,
    read(text, outlet) {
      const decoder = handler.decoder();
      if (!decoder.decodeLoaded(load(Buffer.from(text)))) return decoder.problem;
      handler.start(outlet)();
      return '';
    },
  };
}

/** Makes each reader once: candles have one for each interval, which stands in the name of a topic. */
export function readersByName<R extends TextReader>(make: (name: string) => R): (name: string) => R {
  const made = new Map<string, R>();
  return (name) => {
    const reader = made.get(name) ?? make(name);
    made.set(name, reader);
    return reader;
  };
}

/** One or more texts to read, each about one instrument where that is known beforehand. */
export interface Piece {
  readonly text: string;
  readonly venueSymbol: string;
  /** Where a feed carries more than one venue's markets and says so; absent: the normaliser's own. */
  readonly venue?: string | undefined;
  /** Which of the venue's products, where they share ids; absent: not said. See `NormalizerSpec.productOf`. */
  readonly product?: string | undefined;
}

/** Who an instrument of the venue's id is; "" where nobody says. */
type SubjectOf = (venueSymbol: string, venue?: string, product?: string) => Subject;

/** An outlet whose texts say themselves what they are about. */
class RawOutlet extends Outlet {
  /** Of the text that is being read. */
  product: string | undefined;

  constructor(
    private readonly subjectOf: SubjectOf,
    sink: OutletSink,
  ) {
    super(subjectOf(''), sink);
  }

  override about(venueSymbol: string, venue?: string): boolean {
    this.subject = this.subjectOf(venueSymbol, venue, this.product);
    return true;
  }
}

/** Gathers the events of texts, whatever instruments they are about. */
export class EventCollector implements OutletSink {
  private readonly outlet: RawOutlet;
  private events: MarketEvent[] = [];
  private rule: SequenceRule | undefined;

  constructor(subjectOf: SubjectOf) {
    this.outlet = new RawOutlet(subjectOf, this);
  }

  /** Levels are views, valid until the next text is read. @throws TypeError saying what was refused and why */
  read(reader: TextReader, pieces: readonly Piece[], receivedAt: number): readonly MarketEvent[] {
    this.events = [];
    this.rule = reader.rule;
    this.outlet.receivedAt = receivedAt;
    for (const { text, venueSymbol, venue, product } of pieces) {
      this.outlet.product = product;
      this.outlet.about(venueSymbol, venue);
      const problem = reader.read(text, this.outlet);
      if (problem !== '') throw new TypeError(`${reader.what}: ${problem}`);
    }
    return this.events;
  }

  event(event: MarketEvent): void {
    this.events.push(event);
  }

  delta(delta: Delta): void {
    const { bids, asks, last } = delta;
    const prevSequence = this.rule ? orNull(this.rule.follows(delta)) : null;
    const sequence = orNull(last);
    this.events.push({ type: 'depth', kind: 'delta', ...this.place(delta), sequence, prevSequence, bids, asks });
  }

  snapshot(snapshot: Snapshot): void {
    const { sequence, bids, asks } = snapshot;
    this.events.push({ type: 'depth', kind: 'snapshot', ...this.place(snapshot), sequence, prevSequence: null, bids, asks });
  }

  private place({ venueTime, receivedAt }: Delta | Snapshot) {
    const { venue, symbol, venueSymbol } = this.outlet.subject;
    return { venue, symbol, venueSymbol, venueTime, receivedAt };
  }
}
