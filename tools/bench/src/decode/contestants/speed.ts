import { OrderBook } from '@speed-protocol/book';
import { type DepthEvent, levelsFromPairs, levelsToPairs, type MarketEvent } from '@speed-protocol/core';
import {
  type Delta,
  DepthSequencer,
  type FrameReader,
  load,
  Outlet,
  type SequenceRule,
  type SequencerSink,
  type Snapshot,
  type Subject,
  TopicTable,
} from '@speed-protocol/wire';
import type { BookLevels, Contestant, Facts, Kind, Recording } from '../types.js';
import type { Message } from '../venues/venue.js';

/** SPEED as a connector runs it: load, find the topic, decode, sequence, make the event, apply it. */
export function speedContestant(recording: Recording, kind: Kind): Contestant {
  return new Speed(recording, kind);
}

type Route = (length: number) => void;

class Speed implements Contestant, SequencerSink {
  readonly name = 'speed';
  private readonly topics: TopicTable<Route>;
  private readonly outlet: Outlet;
  private readonly rule: SequenceRule | undefined;
  private book_: OrderBook;
  private sequencer: DepthSequencer | undefined;
  private last: MarketEvent | undefined;
  private readonly event: { -readonly [K in keyof DepthEvent]: DepthEvent[K] };

  constructor(
    private readonly recording: Recording,
    private readonly kind: Kind,
  ) {
    const { venue, market, frames } = recording;
    this.topics = new TopicTable<Route>(venue.speed.paths);
    const subject: Subject = { ...market, venue: venue.id, instrument: null, options: {} };
    this.event = depthEvent(subject);
    this.outlet = new Outlet(subject, {
      event: (event) => {
        // A trade may be a liquidation as well.
        if (event.type === kind) this.last = event;
      },
      delta: (delta) => {
        this.sequencer?.delta(delta);
      },
      snapshot: (snapshot) => this.sequencer?.replace(snapshot),
    });
    const message = JSON.parse((frames[kind][0] as Buffer).toString()) as Message;
    const reader = venue.speed.reader(kind, message);
    this.rule = reader.rule;
    this.topics.set(venue.speed.parts(message), this.route(reader));
    this.book_ = this.createBook();
  }

  reset(): void {
    if (this.kind !== 'depth') return;
    this.book_ = this.createBook();
    this.sequencer = new DepthSequencer(this.rule as SequenceRule, this);
    const { venue, snapshot } = this.recording;
    if (!venue.rest) {
      this.accept(Buffer.from(snapshot), 0);
      return;
    }
    const body = JSON.parse(snapshot) as Message & { readonly bids: [string, string][]; readonly asks: [string, string][] };
    const levels = (side: [string, string][]) =>
      levelsFromPairs(side.map(([price, size]) => [Number(price), Number(size)] as const));
    const sequence = venue.rest.sequenceOf(body);
    this.sequencer.replace({ sequence, venueTime: null, receivedAt: 0, bids: levels(body.bids), asks: levels(body.asks) });
  }

  accept(frame: Buffer, receivedAt: number): void {
    const length = load(frame);
    const route = this.topics.lookupLoaded(length);
    if (route === undefined) throw new Error(`no topic for ${frame}`);
    this.outlet.receivedAt = receivedAt;
    route(length);
  }

  book(): BookLevels {
    const { bids, asks } = this.book_.top(Number.MAX_SAFE_INTEGER);
    return { bids: levelsToPairs(bids), asks: levelsToPairs(asks) };
  }

  facts(): Facts {
    const event = this.last;
    if (event?.type === 'trade') return [event.id, event.price, event.size, event.side, event.venueTime];
    if (event?.type === 'quote') return [event.bid, event.bidSize, event.ask, event.askSize];
    return [];
  }

  // SequencerSink

  snapshot(snapshot: Snapshot): void {
    this.apply('snapshot', snapshot, snapshot.sequence, null);
  }

  delta(delta: Delta, previous: number): void {
    this.apply('delta', delta, delta.last, previous);
  }

  gap(reason: string): void {
    throw new Error(`gap in the recording: ${reason}`);
  }

  restarted(): void {
    throw new Error('the book started anew within a recording');
  }

  private apply(kind: DepthEvent['kind'], from: Delta | Snapshot, sequence: number | null, previous: number | null): void {
    const { event } = this;
    event.kind = kind;
    event.venueTime = from.venueTime;
    event.receivedAt = from.receivedAt;
    event.sequence = sequence;
    event.prevSequence = previous;
    event.bids = from.bids;
    event.asks = from.asks;
    if (this.book_.applyDepth(event) !== 'applied') throw new Error(`the book refused ${sequence}`);
  }

  private createBook(): OrderBook {
    return new OrderBook({ tickSize: this.recording.market.tickSize });
  }

  private route(reader: FrameReader): Route {
    const decoder = reader.decoder();
    const handle = reader.start(this.outlet);
    return (length) => {
      if (!decoder.decodeLoaded(length)) throw new Error(decoder.problem);
      handle();
    };
  }
}

function depthEvent({ venue, venueSymbol, symbol }: Subject): DepthEvent {
  return {
    ...{ type: 'depth', kind: 'delta', venue, venueSymbol, symbol, venueTime: null, receivedAt: 0 },
    ...{ sequence: null, prevSequence: null, bids: levelsFromPairs([]), asks: levelsFromPairs([]) },
  };
}
