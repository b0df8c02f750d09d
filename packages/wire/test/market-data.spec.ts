import {
  type DepthEvent,
  type FeedName,
  levelsToPairs,
  SpeedError,
  type SpeedEvent,
  type Subscription,
} from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { book, Tape, ToyMarket } from './support/toy-market.js';
import { ToyVenue } from './support/toy-venue.js';
import { settle, VirtualClock } from './support/virtual-clock.js';

let venue: ToyVenue;
let clock: VirtualClock;
let market: ToyMarket;

beforeEach(async () => {
  venue = await ToyVenue.start();
  clock = new VirtualClock();
});

afterEach(async () => {
  await market.room[Symbol.asyncDispose]();
  await venue.close();
});

function open(changes: ConstructorParameters<typeof ToyMarket>[2] = {}): ToyMarket {
  market = new ToyMarket(venue, clock, changes);
  return market;
}

async function subscribe(feed: FeedName, tape: Pick<Tape, 'on'>, symbol = 'A/B', options = {}): Promise<Subscription> {
  let done: Subscription | undefined;
  let failed: unknown;
  market.room.subscribe(feed, symbol, tape.on, options).then(
    (subscription) => {
      done = subscription;
    },
    (error) => {
      failed = error;
    },
  );
  await clock.until(() => done !== undefined || failed !== undefined, 60_000);
  if (failed !== undefined) throw failed;
  return done as Subscription;
}

const delta = (prev: number, last: number, size = 1) => ({ first: prev + 1, last, prev, b: [[1, size]], a: [] });
const lines = (tape: Tape, count: number) => clock.until(() => tape.lines.length >= count, 60_000);

describe('a book', () => {
  it('begins with a snapshot and goes on with deltas that link up', async () => {
    open();
    const tape = new Tape();
    const subscription = await subscribe('depth', tape);
    await lines(tape, 1);
    expect(subscription.state).toBe('live');
    venue.push('AB.depth', delta(98, 103, 5));
    venue.push('AB.depth', delta(103, 107, 0));
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>103', 'delta 103>107']);
    expect(levelsToPairs((tape.events[1] as DepthEvent).bids)).toEqual([[1, 5]]);
  });

  it('keeps what comes while the snapshot is fetched, and drops what the snapshot holds', async () => {
    open();
    let give: (snapshot: DepthEvent) => void = () => undefined;
    market.rest.depth = () => new Promise((resolve) => (give = resolve));
    const tape = new Tape();
    await subscribe('depth', tape);
    for (const [prev, last] of [
      [90, 95],
      [95, 102],
      [102, 110],
    ] as const)
      venue.push('AB.depth', delta(prev, last, last));
    await settle(() => false);
    expect(tape.lines).toEqual([]);
    give(book(100));
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>102', 'delta 102>110']);
    // Kept levels are copies: the decoder has overwritten its own since.
    expect(tape.events.slice(1).map((event) => levelsToPairs((event as DepthEvent).bids))).toEqual([[[1, 102]], [[1, 110]]]);
  });

  it('fetches again, with growing pauses, while snapshots are older than the stream', async () => {
    open();
    const at: number[] = [];
    market.rest.depth = async () => {
      at.push(clock.now());
      return book(at.length < 5 ? 50 : 100);
    };
    const tape = new Tape();
    venue.onSubscribe = (peer) => venue.send(peer, JSON.stringify({ topic: 'AB.depth', ...delta(99, 101) }));
    await subscribe('depth', tape);
    await lines(tape, 2);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>101']);
    const pauses = at.slice(1).map((time, i) => time - at[i]!);
    expect(pauses).toEqual([75, 150, 300, 600]);
  });

  it('tells a hole once, syncs once, and leaves other symbols alone (break-it: sequence check)', async () => {
    open();
    const tape = new Tape();
    const other = new Tape();
    const subscription = await subscribe('depth', tape);
    await subscribe('depth', other, 'C/D');
    await lines(other, 1);
    const calls = market.rest.depthCalls;
    let give: (snapshot: DepthEvent) => void = () => undefined;
    market.rest.depth = () => new Promise((resolve) => (give = resolve));
    for (const [prev, last] of [
      [105, 110],
      [120, 130],
      [140, 150],
    ] as const)
      venue.push('AB.depth', delta(prev, last));
    await lines(tape, 2);
    await clock.advance(5_000);
    expect(tape.lines).toEqual(['snapshot 100', 'gap sequence']);
    expect([subscription.state, market.rest.depthCalls - calls]).toEqual(['stale', 1]);
    give(book(145));
    await lines(tape, 4);
    expect(tape.lines.slice(2)).toEqual(['snapshot 145', 'delta 145>150']);
    expect(subscription.state).toBe('live');
    expect(other.lines).toEqual(['snapshot 100']);
  });

  it('treats a frame that its decoder refuses as a hole', async () => {
    open();
    const tape = new Tape();
    await subscribe('depth', tape);
    await lines(tape, 1);
    venue.pushText('AB.depth', '{"topic":"AB.depth","first":101,"last":1x5,"prev":100,"b":[],"a":[]}');
    await lines(tape, 3);
    expect(tape.lines).toEqual(['snapshot 100', 'gap decode', 'snapshot 100']);
    expect(venue.accepted).toBe(1);
  });

  it('ignores what comes twice', async () => {
    open();
    const tape = new Tape();
    await subscribe('depth', tape);
    for (const [prev, last] of [
      [99, 105],
      [99, 105],
      [105, 110],
      [99, 105],
    ] as const)
      venue.push('AB.depth', delta(prev, last));
    await lines(tape, 3);
    await settle(() => false);
    expect(tape.lines).toEqual(['snapshot 100', 'delta 100>105', 'delta 105>110']);
  });

  it('asks on while REST fails, and honours a pause that it asks for', async () => {
    open();
    const at: number[] = [];
    market.rest.depth = async () => {
      at.push(clock.now());
      if (at.length === 1) throw new SpeedError('rate-limited', 'too much', { retryAfterMs: 7_000 });
      return book(100);
    };
    const tape = new Tape();
    await subscribe('depth', tape);
    await lines(tape, 1);
    expect(at[1]! - at[0]!).toBe(7_000);
  });
});

describe('sharing', () => {
  it('subscribes a topic once for all its listeners; the last to leave ends it', async () => {
    open();
    const tapes = [new Tape(), new Tape()];
    const [one, two] = [await subscribe('trade', tapes[0]!), await subscribe('trade', tapes[1]!)];
    venue.push('AB.trade', { id: 1, price: 5 });
    await lines(tapes[1]!, 1);
    expect(tapes.map((tape) => tape.lines)).toEqual([['trade 1'], ['trade 1']]);
    const requests = () => venue.peers[0]!.requests.map(({ op, topics }) => `${op} ${topics.join()}`);
    expect(requests()).toEqual(['subscribe AB.trade']);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    venue.push('AB.trade', { id: 2, price: 5 });
    await lines(tapes[1]!, 2);
    expect(tapes[0]!.lines).toEqual(['trade 1']);
    await two[Symbol.asyncDispose]();
    await clock.until(() => venue.peers[0]?.topics.size === 0);
    expect(requests()).toEqual(['subscribe AB.trade', 'unsubscribe AB.trade']);
    expect([one.state, two.state]).toEqual(['closed', 'closed']);
    await one.closed;
  });

  it('gives a newcomer to a live book a snapshot of its own; the others notice nothing', async () => {
    open();
    const first = new Tape();
    await subscribe('depth', first);
    venue.push('AB.depth', delta(99, 105));
    await lines(first, 2);
    let give: (snapshot: DepthEvent) => void = () => undefined;
    market.rest.depth = () => new Promise((resolve) => (give = resolve));
    const late = new Tape();
    await subscribe('depth', late);
    venue.push('AB.depth', delta(105, 110));
    await lines(first, 3);
    expect(late.lines).toEqual([]);
    give(book(107));
    await lines(late, 2);
    venue.push('AB.depth', delta(110, 120));
    venue.push('AB.depth', delta(120, 125));
    await lines(late, 4);
    expect(late.lines).toEqual(['snapshot 107', 'delta 107>110', 'delta 110>120', 'delta 120>125']);
    expect(first.lines).toEqual(['snapshot 100', 'delta 100>105', 'delta 105>110', 'delta 110>120', 'delta 120>125']);
    expect(venue.accepted).toBe(1);
  });

  it('gives a newcomer its first snapshot and no gap when the stream breaks meanwhile', async () => {
    open();
    const first = new Tape();
    await subscribe('depth', first);
    await lines(first, 1);
    market.rest.depth = () => new Promise(() => undefined);
    const late = new Tape();
    await subscribe('depth', late);
    market.rest.depth = async () => book(300);
    venue.push('AB.depth', delta(200, 210));
    await lines(late, 1);
    await lines(first, 3);
    expect(first.lines).toEqual(['snapshot 100', 'gap sequence', 'snapshot 300']);
    expect(late.lines).toEqual(['snapshot 300']);
  });

  it('isolates a listener that throws, and says so', async () => {
    open();
    const tape = new Tape();
    let calls = 0;
    const bad = () => {
      calls++;
      throw new Error('not my day');
    };
    await subscribe('trade', { on: bad });
    await subscribe('trade', tape);
    venue.push('AB.trade', { id: 1, price: 5 });
    venue.push('AB.trade', { id: 2, price: 5 });
    await lines(tape, 2);
    expect(calls).toBe(2);
    expect(market.errors).toMatchObject([
      { venue: 'toy', feed: 'trade', symbol: 'A/B', error: { message: 'not my day' } },
      { error: { message: 'not my day' } },
    ]);
  });

  it('lets a listener leave from within its callback', async () => {
    open();
    const seen: string[] = [];
    let subscription: Subscription | undefined;
    subscription = await subscribe('trade', {
      on: () => {
        seen.push('heard');
        void subscription?.[Symbol.asyncDispose]();
      },
    });
    const other = new Tape();
    await subscribe('trade', other);
    venue.push('AB.trade', { id: 1, price: 5 });
    venue.push('AB.trade', { id: 2, price: 5 });
    await lines(other, 2);
    expect(seen).toEqual(['heard']);
  });
});

describe('a cut', () => {
  it('is told, and trades that were missed come from REST before the live ones', async () => {
    open();
    const tape = new Tape();
    const subscription = await subscribe('trade', tape);
    venue.push('AB.trade', { id: 1, price: 5 });
    await lines(tape, 1);
    let give: (trades: readonly SpeedEvent[]) => void = () => undefined;
    market.rest.since = (position) => {
      expect(position).toBe(1);
      return new Promise((resolve) => (give = resolve));
    };
    venue.peers[0]!.socket.terminate();
    await lines(tape, 2);
    expect(subscription.state).toBe('stale');
    await clock.until(() => subscription.state === 'live');
    venue.push('AB.trade', { id: 4, price: 5 });
    await settle(() => false);
    const missed = (id: string) => ({ ...tape.events[0]!, id }) as SpeedEvent;
    give([missed('2'), missed('3'), missed('4')]);
    await lines(tape, 5);
    venue.push('AB.trade', { id: 5, price: 5 });
    await lines(tape, 6);
    const expected = ['trade 1', 'gap disconnect', 'trade 2 recovered', 'trade 3 recovered', 'trade 4', 'trade 5'];
    expect(tape.lines).toEqual(expected);
  });

  it('in the numbers of trades is told and filled the same way', async () => {
    open();
    const tape = new Tape();
    await subscribe('trade', tape);
    market.rest.since = async () => [{ ...tape.events[0]!, id: '2' } as SpeedEvent];
    venue.push('AB.trade', { id: 1, price: 5 });
    venue.push('AB.trade', { id: 3, price: 5 });
    venue.push('AB.trade', { id: 3, price: 5 });
    await lines(tape, 4);
    expect(tape.lines).toEqual(['trade 1', 'gap sequence', 'trade 2 recovered', 'trade 3']);
  });

  it('leaves the gap standing when REST has nothing', async () => {
    open();
    const tape = new Tape();
    await subscribe('trade', tape);
    market.rest.since = async () => {
      throw new SpeedError('unavailable', 'down');
    };
    venue.push('AB.trade', { id: 1, price: 5 });
    venue.push('AB.trade', { id: 9, price: 5 });
    await lines(tape, 3);
    expect(tape.lines).toEqual(['trade 1', 'gap sequence', 'trade 9']);
  });
});

describe('a rotation', () => {
  it.each([
    ['equally fast', 0],
    ['the old one is behind', 1],
    ['the new one is behind', 2],
  ])('loses nothing, repeats nothing and tells nobody: %s (break-it: hand-over)', async (_, behind) => {
    open({ maxAgeMs: 5_000 });
    venue.lags = (peer) => peer.number === behind;
    const tapes = { depth: new Tape(), trade: new Tape(), funding: new Tape() };
    for (const feed of ['depth', 'trade', 'funding'] as const) await subscribe(feed, tapes[feed]);
    await lines(tapes.depth, 1);
    let n = 0;
    let sequence = 100;
    const tick = () => {
      n++;
      venue.push('AB.trade', { id: n, price: 5 });
      venue.push('AB.mark', { at: n, price: n });
      venue.push('AB.depth', delta(sequence, sequence + 3));
      sequence += 3;
    };
    await clock.until(() => {
      tick();
      return venue.accepted === 2 && venue.peers.length === 1;
    });
    for (let i = 0; i < 5; i++) tick();
    await lines(tapes.trade, n);
    await lines(tapes.depth, n + 1);
    expect(tapes.trade.lines).toEqual(Array.from({ length: n }, (_, i) => `trade ${i + 1}`));
    expect(tapes.depth.lines).toEqual([
      'snapshot 100',
      ...Array.from({ length: n }, (_, i) => `delta ${100 + 3 * i}>${103 + 3 * i}`),
    ]);
    expect(market.rest.depthCalls).toBe(1);
    expect(tapes.funding.lines).toEqual(Array.from({ length: n }, (_, i) => `mark ${i + 1}`));
  });
});

describe('a polled feed', () => {
  it('is asked for as long as somebody listens, once for all', async () => {
    open();
    const tapes = [new Tape(), new Tape()];
    const all = [await subscribe('openInterest', tapes[0]!), await subscribe('openInterest', tapes[1]!)];
    await clock.until(() => tapes[1]!.lines.length >= 3);
    expect(tapes[0]!.lines.slice(-3)).toEqual(tapes[1]!.lines.slice(-3));
    for (const subscription of all) await subscription[Symbol.asyncDispose]();
    const { polls } = market;
    await clock.advance(10_000);
    expect(market.polls).toBe(polls);
    expect(clock.pending).toBe(0);
  });
});

describe('a wrong request', () => {
  it.each([
    ['an unknown feed', 'depht', {}, 'A/B', 'unsupported', /no feed "depht"; did you mean "depth"/],
    ['an undeclared feed', 'liquidation', {}, 'A/B', 'unsupported', /no feed "liquidation"; it has depth, trade/],
    ['undeclared levels', 'depth', { levels: 7 }, 'A/B', 'unsupported', /no depth levels 7; it has 5/],
    ['an undeclared interval', 'candle', { interval: '1n' }, 'A/B', 'unsupported', /interval "1n"; did you mean "1m"/],
    ['an unknown symbol', 'trade', {}, 'A/Z', 'not-found', /did you mean "A\/B"/],
    ['a poll too often', 'openInterest', { pollMs: 1 }, 'A/B', 'invalid-request', /at least 100 ms/],
  ])('%s is refused at once', async (_, feed, options, symbol, kind, message) => {
    open();
    const error = await subscribe(feed as FeedName, new Tape(), symbol, options).catch((reason: unknown) => reason);
    expect(SpeedError.is(error, kind as never)).toBe(true);
    expect((error as Error).message).toMatch(message);
    expect(venue.accepted).toBe(0);
  });

  it('the venue refuses: the reason reaches the caller, and later callers may try again', async () => {
    open();
    venue.refused.add('AB.trade');
    await expect(subscribe('trade', new Tape())).rejects.toThrow('no topic AB.trade');
    venue.refused.clear();
    const tape = new Tape();
    await subscribe('trade', tape);
    venue.push('AB.trade', { id: 1, price: 5 });
    await lines(tape, 1);
  });

  it('is aborted: before, while waiting, and with the connector', async () => {
    open();
    const kinds: unknown[] = [];
    const attempt = (signal?: AbortSignal) =>
      subscribe('trade', new Tape(), 'A/B', { signal }).catch((error: unknown) => kinds.push((error as SpeedError).kind));
    await attempt(AbortSignal.abort());
    venue.answers = 'none';
    const aborter = new AbortController();
    const waiting = attempt(aborter.signal);
    await clock.until(() => venue.accepted === 1);
    aborter.abort();
    await waiting;
    const closing = attempt();
    await settle(() => false);
    market.aborter.abort();
    await closing;
    await attempt();
    expect(kinds).toEqual(['aborted', 'aborted', 'aborted', 'aborted']);
  });

  it('a venue that is not there is a connection error that says why, after a while', async () => {
    open();
    const { port } = venue;
    await venue.close();
    const error = await subscribe('trade', new Tape()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'connection' });
    expect((error as Error).message).toMatch(
      /trade of A\/B on toy was not live after 20000 ms: no connection to ws:.*ECONNREFUSED/,
    );
    venue = await ToyVenue.start(port);
  });
});

describe('the end', () => {
  it('of the connector ends subscriptions, connections and timers; twice is the same as once', async () => {
    open();
    const subscription = await subscribe('trade', new Tape());
    await subscribe('openInterest', new Tape());
    await market.room[Symbol.asyncDispose]();
    await market.room[Symbol.asyncDispose]();
    expect(subscription.state).toBe('closed');
    await subscription.closed;
    await settle(() => venue.peers.length === 0);
    expect(venue.peers).toHaveLength(0);
    expect(clock.pending).toBe(0);
    await subscription[Symbol.asyncDispose]();
  });
});
