import { SpeedError } from '@speed-protocol/core';
import { pushedEvent } from '@speed-protocol/protocol/schemas';
import { VirtualClock } from '@speed-protocol/simulator';
import { describe, expect, it } from 'vitest';
import { start } from './harness.js';
import { depth, gap, quote, trade } from './venue.js';

const BTC = { venue: 'fake', symbol: 'BTC/USDT' } as const;

describe('one upstream for all', () => {
  it('subscribes once, sends every client the same bytes, and unsubscribes after the last', async () => {
    await using running = await start();
    const { venue } = running;
    const peers = await Promise.all([running.peer(), running.peer(), running.peer()]);
    const replies = await Promise.all(peers.map((peer) => peer.call('subscribe', { feed: 'trade', ...BTC })));
    expect(replies).toEqual(Array(3).fill({ channel: 'trade:fake:BTC/USDT' }));
    expect(venue.subscribed).toBe(1);

    for (let id = 0; id < 50; id++) venue.emit(trade(id));
    for (const peer of peers) await peer.untilEvents(50);
    const [first, ...others] = peers.map((peer) => peer.texts.filter((text) => text.includes('channel":"trade')));
    for (const texts of others) expect(texts.slice(-50)).toEqual(first?.slice(-50));
    expect(peers[0]!.events.map((event) => (event as { id?: string }).id)).toEqual(
      Array.from({ length: 50 }, (_, id) => String(id)),
    );
    expect(pushedEvent.parse(peers[0]!.events[0])).toEqual(peers[0]!.events[0]);

    await peers[0]!.call('unsubscribe', { channel: 'trade:fake:BTC/USDT' });
    peers[1]!.socket.terminate();
    expect(venue.open.size).toBe(1);
    peers[2]!.socket.close();
    await venue.untilOpen(0);
    expect(await peers[0]!.call('unsubscribe', { channel: 'trade:fake:BTC/USDT' })).toMatchObject({ wasSubscribed: false });
  });

  it('shares it also between clients that ask while it is being opened', async () => {
    await using running = await start();
    const { asked, acknowledge } = running.venue.holdSubscribe();
    const [a, b] = await Promise.all([running.peer(), running.peer()]);
    const both = [a, b].map((peer) => peer.call('subscribe', { feed: 'trade', ...BTC }));
    // The requests have arrived once these, sent after them, are answered.
    await Promise.all([a.call('ping', {}), b.call('ping', {}), asked]);
    acknowledge();
    await Promise.all(both);
    expect(running.venue.subscribed).toBe(1);
  });

  it('gives an upstream up when everybody who asked for it is gone before it opens', async () => {
    await using running = await start();
    const { asked, acknowledge } = running.venue.holdSubscribe();
    const peer = await running.peer();
    peer.send({ id: 1, command: 'subscribe', params: { feed: 'trade', ...BTC } });
    await asked;
    peer.socket.terminate();
    const other = await running.peer();
    while ((await other.call('status', {})).clients > 1) await other.call('ping', {});
    acknowledge();
    expect((await other.call('status', {})).channels).toEqual([]);
    expect(running.venue.open.size).toBe(0);
  });

  it('keeps channels with other options apart', async () => {
    await using running = await start();
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'candle', ...BTC });
    await peer.call('subscribe', { feed: 'candle', interval: '1m', ...BTC });
    expect(await peer.call('subscribe', { feed: 'candle', interval: '1h', ...BTC })).toEqual({
      channel: 'candle@1h:fake:BTC/USDT',
    });
    expect([...running.venue.open].map(({ options }) => options.interval)).toEqual([undefined, '1h']);
  });

  it('passes over the bus of the host, where others in the process can listen', async () => {
    await using running = await start();
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'trade', ...BTC });
    const seen: string[] = [];
    running.host.bus.on('trade:fake:BTC/USDT', (event) => seen.push(event.type));
    running.venue.emit(trade(1));
    expect(seen).toEqual(['trade']);
  });
});

describe('clients that join later', () => {
  it('begin a state feed with the newest state', async () => {
    await using running = await start();
    const [a, b] = await Promise.all([running.peer(), running.peer()]);
    await a.call('subscribe', { feed: 'quote', ...BTC });
    running.venue.emit(quote(100));
    running.venue.emit(quote(101));
    await b.call('subscribe', { feed: 'quote', ...BTC });
    expect(await b.untilEvents(1)).toMatchObject([{ type: 'quote', bid: 101 }]);
    expect(b.texts[0]).toContain('"ok":true');
  });

  it('begin a depth feed with a snapshot that the next delta follows', async () => {
    await using running = await start();
    const { venue } = running;
    const [a, b, c] = await Promise.all([running.peer(), running.peer(), running.peer()]);
    await a.call('subscribe', { feed: 'depth', ...BTC });
    venue.emit(
      depth({
        kind: 'snapshot',
        sequence: 10,
        bids: [
          [99, 1],
          [98, 1],
        ],
        asks: [[101, 1]],
      }),
    );
    venue.emit(
      depth({
        sequence: 11,
        bids: [
          [98, 0],
          [97.5, 3],
        ],
        asks: [],
      }),
    );
    await b.call('subscribe', { feed: 'depth', ...BTC });
    venue.emit(depth({ sequence: 12, bids: [[99, 0]], asks: [] }));
    expect(await b.untilEvents(2)).toMatchObject([
      {
        kind: 'snapshot',
        sequence: 11,
        prevSequence: null,
        bids: [
          [99, 1],
          [97.5, 3],
        ],
        asks: [[101, 1]],
      },
      { kind: 'delta', sequence: 12, prevSequence: 11 },
    ]);
    expect((await a.untilEvents(3)).at(-1)).toEqual(b.events.at(-1));

    venue.emit(gap('depth'));
    await c.call('subscribe', { feed: 'depth', ...BTC });
    venue.emit(depth({ kind: 'snapshot', sequence: 20 }));
    expect(await c.untilEvents(1)).toMatchObject([{ kind: 'snapshot', sequence: 20 }]);
    expect((await a.untilEvents(5)).slice(3)).toMatchObject([
      { type: 'gap', feed: 'depth' },
      { kind: 'snapshot', sequence: 20 },
    ]);
  });

  it('get the state again when they subscribe again', async () => {
    await using running = await start();
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'quote', ...BTC });
    running.venue.emit(quote(100));
    await peer.untilEvents(1);
    await peer.call('subscribe', { feed: 'quote', ...BTC });
    expect(await peer.untilEvents(2)).toMatchObject([{ bid: 100 }, { bid: 100 }]);
    running.venue.emit(quote(101));
    expect((await peer.untilEvents(3)).length).toBe(3);
  });
});

describe('books', () => {
  it('show the top and how good it is, one upstream for all depths', async () => {
    await using running = await start();
    const { venue } = running;
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'book', ...BTC });
    await peer.call('subscribe', { feed: 'book', levels: 1, ...BTC });
    expect(await peer.untilEvents(2)).toMatchObject([{ state: 'syncing', bids: [] }, { state: 'syncing' }]);
    expect(venue.subscribed).toBe(1);
    venue.emit(
      depth({
        kind: 'snapshot',
        sequence: 5,
        bids: [
          [99, 1],
          [98, 2],
        ],
        asks: [[101, 1]],
      }),
    );
    const events = await peer.untilEvents(4);
    expect(events.slice(2)).toMatchObject([
      {
        type: 'book',
        channel: 'book:fake:BTC/USDT',
        state: 'live',
        sequence: 5,
        bids: [
          [99, 1],
          [98, 2],
        ],
        asks: [[101, 1]],
        venueTime: 5,
      },
      { channel: 'book@1:fake:BTC/USDT', bids: [[99, 1]] },
    ]);
    expect(pushedEvent.parse(events[2])).toEqual(events[2]);
  });

  it('are stale when nothing comes for too long, and say so by themselves', async () => {
    const clock = new VirtualClock(Date.now());
    await using running = await start({ bookMaxAgeMs: 100 }, undefined, clock);
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'book', ...BTC });
    running.venue.emit(depth({ kind: 'snapshot', receivedAt: clock.now() }));
    const states = async (count: number) => {
      const events = await peer.untilEvents(count);
      return events.map((each) => each.type === 'book' && each.state);
    };
    expect(await states(2)).toEqual(['syncing', 'live']);
    clock.advance(200);
    expect(await states(3)).toEqual(['syncing', 'live', 'stale']);
    running.venue.emit(depth({ sequence: 2, prevSequence: 1, receivedAt: clock.now() }));
    expect(await states(4)).toEqual(['syncing', 'live', 'stale', 'live']);
  });

  it('say at once that they are stale, and heal', async () => {
    await using running = await start({ bookIntervalMs: 60_000 });
    const { venue } = running;
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'book', ...BTC });
    venue.emit(depth({ kind: 'snapshot', sequence: 5 }));
    venue.emit(gap('depth'));
    const seen = await peer.find((each) => 'channel' in each && each.type === 'book' && each.state === 'stale');
    expect(seen).toMatchObject({ gaps: 1, resyncs: 0, sequence: 5 });
  });

  it('conflate: at most one state per interval, the last one wins', async () => {
    await using running = await start({ bookIntervalMs: 40 });
    const { venue } = running;
    const peer = await running.peer();
    await peer.call('subscribe', { feed: 'book', ...BTC });
    venue.emit(depth({ kind: 'snapshot', sequence: 0 }));
    for (let sequence = 1; sequence <= 200; sequence++) venue.emit(depth({ sequence, bids: [[99, sequence]] }));
    await peer.find((each) => 'channel' in each && each.type === 'book' && each.sequence === 200);
    expect(peer.events.length).toBeLessThan(6);
  });
});

describe('channels that end', () => {
  it.each(['trade', 'book'] as const)('tell their clients why: %s', async (feed) => {
    await using running = await start();
    const { venue } = running;
    const [a, b] = await Promise.all([running.peer(), running.peer()]);
    await a.call('subscribe', { feed, ...BTC });
    await b.call('subscribe', { feed, ...BTC });
    for (const each of [...venue.open]) each.end(new SpeedError('rejected', 'delisted', { venue: 'fake', venueCode: '-7' }));
    const isEnd = (each: object) => 'type' in each && each.type === 'end';
    const error = { kind: 'rejected', message: 'delisted', venue: 'fake', venueCode: '-7' };
    expect(await a.find(isEnd)).toEqual({ type: 'end', channel: `${feed}:fake:BTC/USDT`, error });
    expect(await b.find(isEnd)).toMatchObject({ error });
    expect((await a.call('status', {})).channels).toEqual([]);
    await a.call('subscribe', { feed, ...BTC });
    expect(venue.subscribed).toBe(2);
  });

  it('are told apart from channels that never opened', async () => {
    await using running = await start();
    running.venue.onSubscribe = () => {
      throw new SpeedError('connection', 'fake is down', { venue: 'fake', retryAfterMs: 50 });
    };
    const peer = await running.peer();
    expect(await peer.failure('subscribe', { feed: 'trade', ...BTC })).toEqual({
      kind: 'connection',
      message: 'fake is down',
      venue: 'fake',
      retryAfterMs: 50,
    });
    expect((await peer.call('status', {})).channels).toEqual([]);
    running.venue.onSubscribe = undefined;
    await peer.call('subscribe', { feed: 'trade', ...BTC });
  });
});
