import type {
  CandleEvent,
  EventBase,
  FeedOptions,
  FundingEvent,
  GreeksEvent,
  Instrument,
  Levels,
  LiquidationEvent,
  MarketEvent,
  TickerEvent,
} from '@speed-protocol/core';
import type { Delta, Snapshot } from './sequencer.js';

type Body<E extends EventBase> = Omit<E, 'type' | keyof EventBase>;

/** What takes the events of one topic. Depth goes through it in pieces: a sequencer may stand behind. */
export interface OutletSink {
  event(event: MarketEvent): void;
  delta(delta: Delta): void;
  snapshot(snapshot: Snapshot): void;
}

interface MutableDelta {
  first: number;
  last: number;
  previous: number;
  venueTime: number | null;
  receivedAt: number;
  bids: Levels;
  asks: Levels;
}

/** Who the events of a topic are about. `null` where unknown (raw normalisation without instruments). */
export interface Subject {
  readonly venue: string;
  readonly venueSymbol: string;
  readonly symbol: string | null;
  readonly instrument: Instrument | null;
  readonly options: FeedOptions;
}

/**
 * What a handler writes to: one call per event, the rest (venue, symbol, receive time) is filled in. Numbers that a venue
 * does not send are NaN in the decoders' fields and become `null` here.
 */
export class Outlet {
  /** Set before each frame. */
  receivedAt = 0;
  /** True while events of a backfill are written. */
  recovered = false;
  private readonly scratch: MutableDelta;

  constructor(
    public subject: Subject,
    private readonly sink: OutletSink,
  ) {
    const none = { values: new Float64Array(0), start: 0, count: 0 };
    const { NaN: nan } = Number;
    this.scratch = { first: nan, last: nan, previous: nan, venueTime: nan, receivedAt: nan, bids: none, asks: none };
  }

  /** Of candles: what was asked for, where a message does not say it. */
  get interval(): string {
    return this.subject.options.interval ?? '1m';
  }

  /**
   * Said by topics and bodies that tell of several instruments: what follows is about this one, by the venue's id. False when
   * nobody here has asked for it.
   */
  about(venueSymbol: string, _venue?: string): boolean {
    return venueSymbol === this.subject.venueSymbol;
  }

  /** A depth delta covering updates `first..last`; `previous` is NaN where the venue has no such field. */
  delta(venueTime: number, first: number, last: number, previous: number, bids: Levels, asks: Levels): void {
    const { scratch } = this;
    scratch.first = first;
    scratch.last = last;
    scratch.previous = previous;
    scratch.venueTime = orNull(venueTime);
    scratch.receivedAt = this.receivedAt;
    scratch.bids = bids;
    scratch.asks = asks;
    this.sink.delta(scratch);
  }

  /** A whole book, e.g. of a partial-depth topic. */
  snapshot(venueTime: number, sequence: number, bids: Levels, asks: Levels): void {
    const { receivedAt } = this;
    this.sink.snapshot({ sequence: orNull(sequence), venueTime: orNull(venueTime), receivedAt, bids, asks });
  }

  trade(venueTime: number, id: string, price: number, size: number, side: 'buy' | 'sell'): void {
    const { venue, symbol, venueSymbol } = this.subject;
    const { receivedAt } = this;
    // Spelled out here and in `quote`: these two are the hot ones, and a spread costs more than the rest.
    const event = {
      type: 'trade',
      venue,
      symbol,
      venueSymbol,
      venueTime: orNull(venueTime),
      receivedAt,
      id,
      price,
      size,
      side,
    } as const;
    this.sink.event(this.recovered ? { ...event, recovered: true } : event);
  }

  quote(venueTime: number, sequence: number, bid: number, bidSize: number, ask: number, askSize: number): void {
    const { venue, symbol, venueSymbol } = this.subject;
    this.sink.event({
      type: 'quote',
      venue,
      symbol,
      venueSymbol,
      venueTime: orNull(venueTime),
      receivedAt: this.receivedAt,
      sequence: orNull(sequence),
      bid: orNull(bid),
      bidSize: orNull(bidSize),
      ask: orNull(ask),
      askSize: orNull(askSize),
    });
  }

  /** Best bid and ask: the first level of each side. */
  best(venueTime: number, sequence: number, bids: Levels, asks: Levels): void {
    this.quote(venueTime, sequence, firstOf(bids, 0), firstOf(bids, 1), firstOf(asks, 0), firstOf(asks, 1));
  }

  ticker(venueTime: number, body: Body<TickerEvent>): void {
    this.sink.event({ type: 'ticker', ...this.base(venueTime), ...withNulls(body) });
  }

  candle(venueTime: number, body: Body<CandleEvent>): void {
    this.sink.event({ type: 'candle', ...this.base(venueTime), ...body });
  }

  /** What is left out is not told. */
  funding(venueTime: number, body: Partial<Body<FundingEvent>>): void {
    this.sink.event({ type: 'funding', ...this.base(venueTime), ...NO_FUNDING, ...withNulls(body) });
  }

  liquidation(venueTime: number, body: Body<LiquidationEvent>): void {
    this.sink.event({ type: 'liquidation', ...this.base(venueTime), ...body });
  }

  openInterest(venueTime: number, amount: number): void {
    this.sink.event({ type: 'openInterest', ...this.base(venueTime), amount });
  }

  greeks(venueTime: number, body: Body<GreeksEvent>): void {
    this.sink.event({ type: 'greeks', ...this.base(venueTime), ...withNulls(body) });
  }

  private base(venueTime: number): EventBase {
    const { venue, symbol, venueSymbol } = this.subject;
    const base = { venue, symbol, venueSymbol, venueTime: orNull(venueTime), receivedAt: this.receivedAt };
    return this.recovered ? { ...base, recovered: true } : base;
  }
}

/** The decoders' "absent" as an event's. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

const NO_FUNDING: Body<FundingEvent> = {
  ...{ rate: null, predictedRate: null, nextFundingTime: null, intervalHours: null },
  ...{ markPrice: null, indexPrice: null },
};

function firstOf({ values, start, count }: Levels, offset: 0 | 1): number {
  return count === 0 ? Number.NaN : (values[start + offset] as number);
}

function withNulls<B extends object>(body: B): B {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) copy[key] = Number.isNaN(value) ? null : value;
  return copy as B;
}
