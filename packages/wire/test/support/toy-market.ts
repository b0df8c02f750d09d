import {
  type DepthEvent,
  type Instrument,
  keepEvent,
  type Logger,
  levelsFromPairs,
  SpeedError,
  type SpeedEvent,
} from '@speed-protocol/core';
import {
  chained,
  createMarketData,
  frame,
  id,
  int,
  levels,
  type MarketDataRoom,
  type MarketDataSpec,
  num,
  skip,
  type TopicRow,
  topicRow,
} from '../../src/index.js';
import { type ToyVenue, toySocket } from './toy-venue.js';
import type { VirtualClock } from './virtual-clock.js';

const depth = frame({ topic: skip(), first: int(), last: int(), prev: int(), b: levels(), a: levels() });
const trade = frame({ topic: skip(), id: id(), price: num() });
const mark = frame({ topic: skip(), at: int(), price: num() });

/** What REST would say. */
export interface ToyRest {
  /** Answers to depth snapshots; a promise that never settles is a hanging request. */
  depth: () => Promise<DepthEvent>;
  depthCalls: number;
  since: (position: number) => Promise<readonly SpeedEvent[]>;
}

const number = (name: string) => (instrument: Instrument) => `${instrument.venueSymbol}.${name}`;

export function toyRows(rest: ToyRest): readonly TopicRow[] {
  return [
    topicRow({
      feed: 'depth',
      socket: 'toy',
      topic: number('depth'),
      frame: depth,
      depth: { rule: chained, snapshot: 'rest' },
      start: (out) => (f) => out.delta(f.last, f.first, f.last, f.prev, f.b, f.a),
    }),
    topicRow({
      feed: 'trade',
      socket: 'toy',
      topic: number('trade'),
      frame: trade,
      order: 'consecutive',
      start: (out) => (f) => out.trade(1, f.id, f.price, 1, 'buy'),
      since: (_, position) => rest.since(position) as never,
    }),
    topicRow({
      feed: 'funding',
      socket: 'toy',
      topic: number('mark'),
      frame: mark,
      start: (out) => (f) => {
        const unsaid = { rate: null, predictedRate: null, nextFundingTime: null, intervalHours: null, indexPrice: null };
        out.funding(f.at, { ...unsaid, markPrice: f.price });
      },
    }),
  ];
}

/** Market data of the toy venue, whose REST side is two functions. */
export class ToyMarket {
  readonly rest: ToyRest = { depth: async () => book(100), depthCalls: 0, since: async () => [] };
  readonly errors: object[] = [];
  readonly room: MarketDataRoom;
  readonly aborter = new AbortController();

  constructor(venue: ToyVenue, clock: VirtualClock, changes: Partial<MarketDataSpec> & { maxAgeMs?: number } = {}) {
    const { maxAgeMs, ...spec } = changes;
    const logger: Logger = { debug() {}, info() {}, warn() {}, error: (fields) => void this.errors.push(fields) };
    this.room = createMarketData({
      venue: 'toy',
      declared: {
        feeds: ['depth', 'trade', 'funding', 'openInterest', 'candle'],
        partialDepths: [5],
        candleIntervals: ['1m', '1h'],
      },
      rows: toyRows(this.rest),
      polls: [
        {
          feed: 'openInterest',
          everyMs: 1_000,
          poll: async ({ symbol, venueSymbol }) => {
            const place = { venue: 'toy', symbol, venueSymbol, venueTime: 1, receivedAt: clock.now() };
            return { type: 'openInterest', ...place, amount: ++this.polls };
          },
        },
      ],
      sockets: { toy: toySocket(venue.url, maxAgeMs === undefined ? {} : { maxAgeMs }) },
      instrument: async (symbol) => {
        if (symbol === 'A/B' || symbol === 'C/D') return instrument(symbol);
        throw new SpeedError('not-found', `toy has no "${symbol}"; did you mean "A/B"?`);
      },
      depthSnapshot: () => {
        this.rest.depthCalls++;
        return this.rest.depth();
      },
      clock,
      logger,
      signal: this.aborter.signal,
      random: () => 0.5,
      subscribeTimeoutMs: 20_000,
      ...spec,
    });
  }

  polls = 0;
}

function instrument(symbol: string): Instrument {
  return { symbol, venueSymbol: symbol.replace('/', '') } as Instrument;
}

/** A snapshot with one level a side. */
export function book(sequence: number, size = 1): DepthEvent {
  const place = { venue: 'toy', symbol: 'A/B', venueSymbol: 'AB', venueTime: null, receivedAt: 0 };
  const sides = { bids: levelsFromPairs([[1, size]]), asks: levelsFromPairs([[2, size]]) };
  return { type: 'depth', kind: 'snapshot', ...place, sequence, prevSequence: null, ...sides };
}

/** `snapshot 100`, `delta 100>105`, `gap disconnect`, `trade 7`, `trade 8 recovered` ... */
export function brief(event: SpeedEvent): string {
  if (event.type === 'gap') return `gap ${event.reason}`;
  if (event.type === 'trade') return `trade ${event.id}${event.recovered ? ' recovered' : ''}`;
  if (event.type === 'funding') return `mark ${event.markPrice}`;
  if (event.type === 'openInterest') return `interest ${event.amount}`;
  if (event.type !== 'depth') return event.type;
  return event.kind === 'snapshot' ? `snapshot ${event.sequence}` : `delta ${event.prevSequence}>${event.sequence}`;
}

/** Writes events down in brief, and keeps them. */
export class Tape {
  readonly events: SpeedEvent[] = [];
  readonly lines: string[] = [];

  readonly on = (event: SpeedEvent): void => {
    this.events.push(keepEvent(event));
    this.lines.push(brief(event));
  };
}
