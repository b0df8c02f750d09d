import { type FeedName, type FeedOptions, levelsToPairs, type SpeedEvent, type Subscription } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frame, int, levels, linked, num, optional, parsed, skip, text, topicRow } from '../src/index.js';
import { Tape, ToyMarket } from './support/toy-market.js';
import { type Peer, ToyVenue } from './support/toy-venue.js';
import { settle, VirtualClock } from './support/virtual-clock.js';

let venue: ToyVenue;
let clock: VirtualClock;
let market: ToyMarket;

const UNSAID = { rate: null, predictedRate: null, nextFundingTime: null, intervalHours: null, markPrice: null, indexPrice: null };

/** A venue that sends its books on subscribing, tells funding in two topics, and one topic for all instruments. */
const ROWS = [
  topicRow({
    feed: 'depth',
    when: ({ levels }) => levels !== undefined,
    socket: 'toy',
    topic: ({ venueSymbol }) => `${venueSymbol}.top`,
    frame: frame({ topic: skip(), prev: int(), last: optional(int()), b: levels(), a: levels() }),
    depth: { rule: linked, snapshot: 'stream', levels: 2, whole: true },
    start: (out) => (f) =>
      f.prev === -1 ? out.snapshot(1, f.last, f.b, f.a) : out.delta(1, Number.NaN, f.last, f.prev, f.b, f.a),
  }),
  topicRow({
    feed: 'depth',
    socket: 'toy',
    topic: ({ venueSymbol }) => `${venueSymbol}.books`,
    frame: frame({ topic: skip(), prev: int(), last: optional(int()), b: levels(), a: levels() }),
    depth: { rule: linked, snapshot: 'stream', levels: 2 },
    start: (out) => (f) =>
      f.prev === -1 ? out.snapshot(1, f.last, f.b, f.a) : out.delta(1, Number.NaN, f.last, f.prev, f.b, f.a),
  }),
  topicRow({
    feed: 'trade',
    when: (_, { venueSymbol }) => venueSymbol === 'AB',
    socket: 'toy',
    topic: () => 'all.trades',
    parts: () => ['all.trades'],
    shared: true,
    order: 'growing',
    frame: frame({ topic: skip(), symbol: text(), id: text(), price: num() }),
    start: (out) => (f) => {
      if (f.symbol === out.subject.venueSymbol) out.trade(1, f.id, f.price, 1, 'buy');
    },
  }),
  topicRow({
    feed: 'trade',
    socket: 'toy',
    topic: () => 'all.trades',
    shared: true,
    frame: frame({ topic: skip(), symbol: text(), id: text(), price: num() }),
    start: (out) => (f) => {
      if (f.symbol === out.subject.venueSymbol) out.trade(1, f.id, f.price, 1, 'sell');
    },
  }),
  topicRow({
    feed: 'openInterest',
    socket: 'toy',
    topic: () => 'all.trades',
    shared: true,
    frame: frame({ topic: skip(), symbol: text(), id: text(), price: num() }),
    start: (out) => (f) => {
      if (f.symbol === out.subject.venueSymbol) out.openInterest(1, f.price);
    },
  }),
  topicRow({
    feed: 'funding',
    part: true,
    socket: 'toy',
    topic: ({ venueSymbol }) => `${venueSymbol}.rate`,
    frame: frame({ topic: skip(), rate: num() }),
    start: (out) => (f) => out.funding(1, { ...UNSAID, rate: f.rate }),
  }),
  topicRow({
    feed: 'funding',
    part: true,
    socket: 'toy',
    topic: ({ venueSymbol }) => `${venueSymbol}.mark`,
    frame: frame({ topic: skip(), price: num() }),
    start: (out) => (f) => out.funding(2, { ...UNSAID, markPrice: f.price }),
  }),
  topicRow({
    feed: 'candle',
    socket: 'toy',
    topic: ({ venueSymbol }) => `${venueSymbol}.candle`,
    frame: parsed((message) => {
      const { row } = message as { row?: readonly string[] };
      if (row?.length !== 2) throw new TypeError('a candle has two columns');
      return row.map(Number) as [number, number];
    }),
    start:
      (out) =>
      ([openTime, open]) =>
        out.candle(1, { interval: '1m', openTime, open, high: open, low: open, close: open, volume: 0, closed: false }),
  }),
];

beforeEach(async () => {
  venue = await ToyVenue.start();
  clock = new VirtualClock();
  market = new ToyMarket(venue, clock, { rows: ROWS });
});

afterEach(async () => {
  await market.room[Symbol.asyncDispose]();
  await venue.close();
});

async function subscribe(
  feed: FeedName,
  on: (event: SpeedEvent) => void,
  symbol = 'A/B',
  options: FeedOptions = {},
): Promise<Subscription> {
  const subscribing = market.room.subscribe(feed, symbol, on, options);
  let done = false;
  subscribing.finally(() => (done = true)).catch(() => undefined);
  await clock.until(() => done, 60_000);
  return subscribing;
}

const lines = (tape: Tape, count: number) => clock.until(() => tape.lines.length >= count, 60_000);
const state = (last: number, bids: number[][] = [[1, 1]]) => ({ prev: -1, last, b: bids, a: [[9, 1]] });
const delta = (prev: number, last: number, bids: number[][] = [[1, last]]) => ({ prev, last, b: bids, a: [] });

describe('a book whose snapshot the stream brings', () => {
  let tape: Tape;
  let snapshots: number[];

  beforeEach(async () => {
    tape = new Tape();
    snapshots = [100, 200, 300];
    venue.onSubscribe = (peer: Peer, topic) => venue.send(peer, JSON.stringify({ topic, ...state(snapshots.shift() as number) }));
    await subscribe('depth', tape.on);
    await lines(tape, 1);
  });

  it('asks nobody else for it', async () => {
    venue.push('AB.books', delta(100, 105));
    await lines(tape, 2);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>105']);
    expect(market.rest.depthCalls).toBe(0);
  });

  it('subscribes anew after a hole', async () => {
    venue.push('AB.books', delta(101, 105));
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'gap sequence', 'snapshot 200']);
    expect(venue.peers[0]!.requests.map(({ op }) => op)).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
  });

  it('takes a change or a book whose number was damaged for a hole (conformance of okx, seed 2097407630)', async () => {
    venue.push('AB.books', { ...delta(100, 105), last: undefined });
    await lines(tape, 3);
    venue.push('AB.books', { ...state(250), last: undefined });
    venue.push('AB.books', delta(200, 205));
    await lines(tape, 5);
    expect(tape.lines).toEqual(['snapshot 100', 'gap decode', 'snapshot 200', 'gap decode', 'snapshot 300']);
  });

  it.each(['lost', 'damaged'])('subscribes anew when the snapshot itself is %s', async (how) => {
    const answers = [
      how === 'lost' ? undefined : '{"topic":"AB.books","prev":-1',
      JSON.stringify({ topic: 'AB.books', ...state(300) }),
    ];
    venue.onSubscribe = (peer: Peer) => {
      const text = answers.shift();
      if (text !== undefined) venue.send(peer, text);
    };
    venue.push('AB.books', delta(101, 105));
    await lines(tape, 2);
    await clock.until(() => venue.peers[0]!.requests.length === 3, 60_000);
    venue.push('AB.books', delta(200, 205));
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'gap sequence', 'snapshot 300']);
  });

  it('goes on when the counter starts anew, and takes a message without news for a sign of life', async () => {
    venue.push('AB.books', delta(100, 100, []));
    venue.push('AB.books', delta(100, 7));
    venue.push('AB.books', delta(7, 9));
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>7', 'delta 7>9']);
  });

  it('lets a repeated snapshot pass, and says that a book was broken by another one', async () => {
    venue.push('AB.books', state(100));
    venue.push('AB.books', delta(100, 105));
    venue.push('AB.books', state(150));
    venue.push('AB.books', delta(150, 155));
    await lines(tape, 5);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>105', 'gap sequence', 'snapshot 150', 'delta 150>155']);
    expect(venue.peers[0]!.requests).toHaveLength(1);
  });

  it('gives a newcomer the book as it is, and the others notice nothing', async () => {
    const change = [
      [1, 0],
      [3, 4],
    ];
    venue.push('AB.books', delta(100, 105, change));
    await lines(tape, 2);
    const late = new Tape();
    await subscribe('depth', late.on);
    expect(late.lines).toEqual(['snapshot 105']);
    const [book] = late.events;
    expect(book?.type === 'depth' && [levelsToPairs(book.bids), levelsToPairs(book.asks)]).toEqual([[[3, 4]], [[9, 1]]]);
    venue.push('AB.books', delta(105, 110));
    await lines(late, 2);
    expect(late.lines).toEqual(['snapshot 105', 'delta 105>110']);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>105', 'delta 105>110']);
    expect(venue.peers[0]!.requests).toHaveLength(1);
  });

  it('takes an answer that names the topic for an answer, anything else for damage', async () => {
    venue.push('AB.books', { id: 999, ok: true });
    await settle(() => false);
    expect(tape.lines).toEqual(['snapshot 100']);
    venue.push('AB.books', { nonsense: 1 });
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'gap decode', 'snapshot 200']);
  });

  it('is handed from one connection to the next without a word when the old one is ahead', async () => {
    venue.push('AB.books', delta(100, 205));
    await lines(tape, 2);
    venue.send(venue.peers[0]!, 'bye');
    await clock.until(() => venue.accepted === 2 && venue.peers.length === 2, 60_000);
    await clock.until(() => venue.peers.every(({ topics }) => topics.has('AB.books')), 60_000);
    venue.push('AB.books', delta(205, 210));
    await lines(tape, 3);
    await clock.until(() => venue.peers.length === 1, 60_000);
    venue.push('AB.books', delta(210, 215));
    await lines(tape, 4);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>205', 'delta 205>210', 'delta 210>215']);
  });
});

describe('a book of so many levels', () => {
  const bids = (event: SpeedEvent | undefined) => (event?.type === 'depth' ? levelsToPairs(event.bids) : undefined);
  const of = (topic: string, ...levels: number[][]) => ({ topic, ...state(100, levels) });

  it('loses what falls out of them: the venue says no more of it', async () => {
    const tape = new Tape();
    venue.onSubscribe = (peer, topic) => venue.send(peer, JSON.stringify(of(topic, [5, 1], [4, 1], [3, 1])));
    await subscribe('depth', tape.on);
    venue.push('AB.books', delta(100, 101, [[6, 2]]));
    venue.push('AB.books', delta(101, 102, [[6, 0]]));
    await lines(tape, 3);
    expect(tape.events.map(bids)).toEqual([
      [
        [5, 1],
        [4, 1],
      ],
      [
        [6, 2],
        [4, 0],
      ],
      [[6, 0]],
    ]);
  });

  it('is given whole where that was asked for, and subscribed anew after a hole', async () => {
    const tape = new Tape();
    venue.onSubscribe = (peer, topic) => venue.send(peer, JSON.stringify(of(topic, [5, 1], [4, 1])));
    await subscribe('depth', tape.on, 'A/B', { levels: 5 });
    venue.push('AB.top', delta(100, 101, [[6, 2]]));
    venue.push('AB.top', delta(102, 103, [[6, 0]]));
    await lines(tape, 4);
    expect(tape.lines).toEqual(['snapshot 100', 'snapshot 101', 'gap sequence', 'snapshot 100']);
    expect(bids(tape.events[1])).toEqual([
      [6, 2],
      [5, 1],
    ]);
  });
});

describe('a topic for all instruments', () => {
  it('is subscribed once, tells each its own, and ends with the last', async () => {
    const [ab, cd] = [new Tape(), new Tape()];
    const first = await subscribe('trade', ab.on, 'A/B');
    const second = await subscribe('trade', cd.on, 'C/D');
    expect(venue.peers[0]!.requests.map(({ topics }) => topics)).toEqual([['all.trades']]);
    venue.push('all.trades', { symbol: 'AB', id: '1', price: 5 });
    venue.push('all.trades', { symbol: 'CD', id: '2', price: 6 });
    await lines(cd, 1);
    expect([ab.lines, cd.lines]).toEqual([['trade 1'], ['trade 2']]);
    await first[Symbol.asyncDispose]();
    venue.push('all.trades', { symbol: 'AB', id: '3', price: 5 });
    venue.push('all.trades', { symbol: 'CD', id: '4', price: 6 });
    await lines(cd, 2);
    expect([ab.lines.length, venue.peers[0]!.topics.size]).toEqual([1, 1]);
    await second[Symbol.asyncDispose]();
    await clock.until(() => venue.peers.every(({ topics }) => topics.size === 0), 60_000);
  });

  it('serves several feeds of one instrument', async () => {
    const [trades, interest] = [new Tape(), new Tape()];
    const first = await subscribe('trade', trades.on);
    await subscribe('openInterest', interest.on);
    expect(venue.peers[0]!.requests.map(({ topics }) => topics)).toEqual([['all.trades']]);
    venue.push('all.trades', { symbol: 'AB', id: '1', price: 5 });
    await lines(interest, 1);
    await first[Symbol.asyncDispose]();
    venue.push('all.trades', { symbol: 'AB', id: '2', price: 6 });
    await lines(interest, 2);
    expect([trades.lines, interest.lines]).toEqual([['trade 1'], ['interest 5', 'interest 6']]);
  });

  it('orders trades by the numbers of their ids, also behind the name of a market', async () => {
    const tape = new Tape();
    await subscribe('trade', tape.on);
    for (const id of ['ETH-9', 'ETH-9', 'ETH-8', 'ETH-10']) venue.push('all.trades', { symbol: 'AB', id, price: 5 });
    await lines(tape, 2);
    expect(tape.lines).toEqual(['trade ETH-9', 'trade ETH-10']);
  });

  it('tells everybody of a cut, and goes on for everybody', async () => {
    const [ab, cd] = [new Tape(), new Tape()];
    await subscribe('trade', ab.on, 'A/B');
    await subscribe('trade', cd.on, 'C/D');
    venue.push('all.trades', { symbol: 'AB', id: '1', price: 5 });
    venue.push('all.trades', { symbol: 'CD', id: '2', price: 5 });
    await lines(cd, 1);
    venue.peers[0]!.socket.terminate();
    await clock.until(() => venue.accepted === 2 && venue.peers.some(({ topics }) => topics.size === 1), 60_000);
    venue.push('all.trades', { symbol: 'AB', id: '3', price: 5 });
    venue.push('all.trades', { symbol: 'CD', id: '4', price: 5 });
    await lines(cd, 3);
    await lines(ab, 3);
    expect([ab.lines, cd.lines]).toEqual([
      ['trade 1', 'gap disconnect', 'trade 3'],
      ['trade 2', 'gap disconnect', 'trade 4'],
    ]);
  });
});

describe('a feed told in several topics', () => {
  it('says all that is known in every event', async () => {
    const events: SpeedEvent[] = [];
    const subscription = await subscribe('funding', (event) => void events.push(event));
    expect(subscription.state).toBe('live');
    venue.push('AB.mark', { price: 50 });
    venue.push('AB.rate', { rate: 0.5 });
    venue.push('AB.mark', { price: 51 });
    await clock.until(() => events.length === 3, 60_000);
    expect(events.map((event) => event.type === 'funding' && [event.rate, event.markPrice, event.venueTime])).toEqual([
      [null, 50, 2],
      [0.5, 50, 1],
      [0.5, 51, 2],
    ]);
    await subscription[Symbol.asyncDispose]();
    await clock.until(() => venue.peers.every(({ topics }) => topics.size === 0), 60_000);
  });

  it('knows nothing any more after a cut', async () => {
    const events: SpeedEvent[] = [];
    await subscribe('funding', (event) => void events.push(event));
    venue.push('AB.rate', { rate: 0.5 });
    await clock.until(() => events.length === 1, 60_000);
    venue.peers[0]!.socket.terminate();
    await clock.until(() => venue.accepted === 2 && venue.peers.some(({ topics }) => topics.size === 2), 60_000);
    venue.push('AB.mark', { price: 51 });
    await clock.until(() => events.at(-1)?.type === 'funding' && events.length > 1, 60_000);
    expect(events.at(-1)).toMatchObject({ rate: null, markPrice: 51 });
    expect(events.some((event) => event.type === 'gap')).toBe(true);
  });
});

it('reads messages that no declaration describes, and takes others for damage', async () => {
  const events: SpeedEvent[] = [];
  await subscribe('candle', (event) => void events.push(event));
  venue.push('AB.candle', { row: ['60000', '1.5'] });
  venue.push('AB.candle', { row: ['60000'] });
  await clock.until(() => events.length === 2, 60_000);
  expect(events[0]).toMatchObject({ type: 'candle', openTime: 60_000, open: 1.5 });
  expect(events[1]).toMatchObject({ type: 'gap', reason: 'decode' });
});
