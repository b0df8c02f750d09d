import { type ConnectionState, connect, openSocket, type SpeedClient } from '@speed-protocol/client';
import { SpeedError } from '@speed-protocol/core';
import type { BookMessage, GapMessage, TradeMessage } from '@speed-protocol/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { type Running, start } from './harness.js';
import { depth, quote, trade } from './venue.js';

const BTC = { venue: 'fake', symbol: 'BTC/USDT' } as const;
const clients: SpeedClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]();
});

/** Waits for states, without a clock. */
function watch() {
  const states: ConnectionState[] = [];
  let wake = () => {};
  return {
    states,
    onState(state: ConnectionState) {
      states.push(state);
      wake();
    },
    async until(state: ConnectionState) {
      const from = states.length;
      while (!states.slice(from).includes(state)) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

function client(running: Running, options: Parameters<typeof connect>[1] = {}): SpeedClient {
  const made = connect(running.server.webSocketUrl, { reconnect: { minMs: 5, maxMs: 20 }, ...options });
  clients.push(made);
  return made;
}

/** Collects, and lets a test wait for what comes. */
function collector<T>() {
  const items: T[] = [];
  let wake = () => {};
  return {
    items,
    on(item: T) {
      items.push(item);
      wake();
    },
    async until(accept: (item: T) => boolean): Promise<T> {
      for (let at = 0; ; at++) {
        while (at >= items.length) await new Promise<void>((resolve) => (wake = resolve));
        if (accept(items[at]!)) return items[at]!;
      }
    },
  };
}

describe('commands', () => {
  it('are typed, and fail with what the server said', async () => {
    await using running = await start();
    const speed = client(running);
    expect((await speed.call('ping')).time).toBeGreaterThan(0);
    const { venues } = await speed.call('describe');
    expect(venues).toMatchObject([
      { id: 'fake', plugin: 'exchange-fake', pluginVersion: '1.2.3', capabilities: { funding: { history: true } } },
    ]);
    expect((await speed.call('instruments', { venue: 'fake', kind: 'perpetual' })).instruments).toMatchObject([
      { symbol: 'BTC/USDT:USDT' },
    ]);
    expect(await speed.call('instruments', { venue: 'fake', limit: 2 })).toMatchObject({ total: 303, instruments: [{}, {}] });
    expect(await speed.call('funding', { venue: 'fake', symbol: 'BTC/USDT:USDT' })).toMatchObject({ rate: 0.0001, apr: 0.1095 });
    expect((await speed.call('funding_history', { venue: 'fake', symbol: 'BTC/USDT:USDT', limit: 1 })).records).toHaveLength(1);
    await expect(speed.call('funding', { venue: 'fak', symbol: 'BTC/USDT' })).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('did you mean "fake"'),
    });
    await expect(speed.call('book', { venue: 'fake', symbol: 'XBT/USDT' })).rejects.toThrow(
      /"XBT\/USDT"; did you mean "BTC\/USDT"/,
    );
    await expect(speed.call('price_impact', { ...BTC, side: 'buy' })).rejects.toThrow(/exactly one of base, quote and contracts/);
  });

  it('answer from live books', async () => {
    await using running = await start();
    const speed = client(running);
    const book = speed.call('book', { ...BTC, levels: 1 });
    await running.venue.untilOpen(1);
    running.venue.emit(
      depth({
        kind: 'snapshot',
        sequence: 7,
        bids: [
          [99, 1],
          [98, 1],
        ],
        asks: [
          [101, 1],
          [103, 1],
        ],
      }),
    );
    expect(await book).toMatchObject({ state: 'live', sequence: 7, bids: [[99, 1]], asks: [[101, 1]] });
    expect(await speed.call('price_impact', { ...BTC, side: 'buy', base: 2, feeRate: 0.001 })).toMatchObject({
      averagePrice: 102,
      midPrice: 100,
      worstPrice: 103,
      impactPercent: 2,
      complete: true,
      sequence: 7,
      fee: { amount: expect.closeTo(0.204, 12), currency: 'USDT' },
    });
    expect(running.venue.subscribed).toBe(1);
  });

  it('fail in time, and when aborted', async () => {
    await using running = await start();
    running.venue.holdSubscribe();
    const speed = client(running);
    await expect(speed.call('book', BTC, { timeoutMs: 30 })).rejects.toMatchObject({ kind: 'timeout' });
    await expect(speed.call('book', BTC, { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'aborted' });
    const controller = new AbortController();
    const waiting = speed.call('book', BTC, { signal: controller.signal });
    await speed.call('ping');
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('say why there is no connection', async () => {
    const connection = watch();
    const nobody = connect('ws://127.0.0.1:1', { reconnect: { minMs: 5, maxMs: 5 }, onState: connection.onState });
    clients.push(nobody);
    await connection.until('waiting');
    await expect(nobody.call('ping', {}, { timeoutMs: 100 })).rejects.toThrow(/127\.0\.0\.1:1.*ECONNREFUSED/);
    const once = connect('ws://127.0.0.1:1', { reconnect: false });
    await expect(once.call('ping')).rejects.toThrow(/ECONNREFUSED/);
    expect(once.state).toBe('closed');
  });
});

describe('a token', () => {
  it('is sent first; a wrong one closes the client for good', async () => {
    const token = 'a-token-of-some-length';
    await using running = await start({ token });
    expect(await client(running, { token }).call('ping')).toBeDefined();
    const wrong = client(running, { token: 'another-token-of-some-length' });
    await expect(wrong.call('ping')).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(wrong.state).toBe('closed');
  });
});

describe('subscriptions', () => {
  it('end with their last listener', async () => {
    await using running = await start();
    const speed = client(running);
    const [a, b] = [collector<TradeMessage | GapMessage>(), collector<TradeMessage | GapMessage>()];
    const first = await speed.subscribe({ feed: 'trade', ...BTC }, a.on);
    const second = await speed.subscribe({ feed: 'trade', ...BTC }, b.on);
    running.venue.emit(trade(1));
    await Promise.all([a.until(() => true), b.until(() => true)]);
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    running.venue.emit(trade(2));
    await b.until((each) => 'id' in each && each.id === '2');
    expect(a.items).toHaveLength(1);
    expect(running.venue.open.size).toBe(1);
    await second[Symbol.asyncDispose]();
    await running.venue.untilOpen(0);
    await second.closed;
  });

  it('come back after a cut: events say where they are missing, books are stale meanwhile', async () => {
    await using running = await start();
    const { host, server, venue } = running;
    const connection = watch();
    const speed = client(running, { onState: connection.onState });
    const trades = collector<TradeMessage | GapMessage>();
    const books = collector<BookMessage | GapMessage>();
    await speed.subscribe({ feed: 'trade', ...BTC }, trades.on);
    await speed.subscribe({ feed: 'book', ...BTC }, books.on);
    venue.emit(trade(1));
    venue.emit(depth({ kind: 'snapshot', sequence: 5 }));
    await books.until((each) => 'state' in each && each.state === 'live');

    const reopened = connection.until('open');
    await server.close();
    expect(await trades.until(({ type }) => type === 'gap')).toMatchObject({
      feed: 'trade',
      reason: 'disconnect',
      channel: 'trade:fake:BTC/USDT',
    });
    await books.until((each) => 'state' in each && each.state === 'stale' && each.sequence === 5);
    await using next = await createServer(host, { port: server.port, bookIntervalMs: 0 });
    expect(next.port).toBe(server.port);
    await reopened;
    await venue.untilOpen(2);
    await speed.call('ping');
    venue.emit(trade(2));
    venue.emit(depth({ kind: 'snapshot', sequence: 9 }));
    await trades.until((each) => 'id' in each && each.id === '2');
    await books.until((each) => 'sequence' in each && each.sequence === 9 && each.state === 'live');
    expect(connection.states).toContain('waiting');
  });

  it('are refused for good by what will not change, and tried again otherwise', async () => {
    await using running = await start();
    const { venue } = running;
    const connection = watch();
    const speed = client(running, { onState: connection.onState });
    await expect(speed.subscribe({ feed: 'ticker', ...BTC }, () => {})).rejects.toMatchObject({ kind: 'unsupported' });
    const trades = collector<TradeMessage | GapMessage>();
    await speed.subscribe({ feed: 'trade', ...BTC }, trades.on);
    const quotes = await speed.subscribe({ feed: 'quote', ...BTC }, () => {});
    const errors = new Map([
      ['trade', 'connection'],
      ['quote', 'not-found'],
    ] as const);
    venue.onSubscribe = (feed) => {
      const kind = errors.get(feed as 'trade' | 'quote');
      errors.delete(feed as 'trade' | 'quote');
      if (kind) throw new SpeedError(kind, 'not now', { retryAfterMs: 10 });
    };
    const reopened = connection.until('open');
    const { port } = running.server;
    await running.server.close();
    await using next = await createServer(running.host, { port });
    await reopened;
    await expect(quotes.closed).rejects.toMatchObject({ kind: 'not-found' });
    await venue.untilOpen(1);
    expect(next.port).toBe(port);
    await speed.call('ping');
    venue.emit(trade(3));
    await trades.until((each) => 'id' in each && each.id === '3');
  });

  it('end when the server ends them', async () => {
    await using running = await start();
    const subscription = await client(running).subscribe({ feed: 'trade', ...BTC }, () => {});
    for (const each of [...running.venue.open]) each.end(new SpeedError('rejected', 'delisted'));
    await expect(subscription.closed).rejects.toMatchObject({ kind: 'rejected', message: 'delisted' });
  });

  it('isolate listeners that throw', async () => {
    await using running = await start();
    const errors: unknown[] = [];
    const speed = client(running, { onListenerError: (error) => errors.push(error) });
    const trades = collector<TradeMessage | GapMessage>();
    await speed.subscribe({ feed: 'trade', ...BTC }, () => {
      throw new Error('mine');
    });
    await speed.subscribe({ feed: 'trade', ...BTC }, trades.on);
    running.venue.emit(trade(1));
    await trades.until(() => true);
    expect(errors).toMatchObject([{ message: 'mine' }]);
  });
});

describe('iteration', () => {
  it('is in batches; leaving the loop unsubscribes', async () => {
    await using running = await start();
    const speed = client(running);
    const seen: string[] = [];
    const loop = (async () => {
      for await (const batch of speed.events({ feed: 'trade', ...BTC })) {
        for (const event of batch) if (event.type === 'trade') seen.push(event.id);
        if (seen.length >= 100) break;
      }
    })();
    await running.venue.untilOpen(1);
    await speed.call('ping');
    for (let id = 0; id < 100; id++) running.venue.emit(trade(id));
    await loop;
    expect(seen).toEqual(Array.from({ length: 100 }, (_, id) => String(id)));
    await running.venue.untilOpen(0);
  });

  it('has no unbounded queue: states conflate, what is lost of events is a gap', async () => {
    await using running = await start();
    const speed = client(running);
    const quotes = speed.events({ feed: 'quote', ...BTC });
    const trades = speed.events({ feed: 'trade', ...BTC }, { capacity: 10 });
    const [firstQuotes, firstTrades] = [quotes.next(), trades.next()];
    await running.venue.untilOpen(2);
    await speed.call('ping');
    running.venue.emit(quote(0));
    running.venue.emit(trade(0));
    await Promise.all([firstQuotes, firstTrades]);
    for (let i = 1; i <= 50; i++) {
      running.venue.emit(quote(i));
      running.venue.emit(trade(i));
    }
    const sentinel = collector<object>();
    const last = await speed.subscribe({ feed: 'quote', ...BTC }, sentinel.on);
    await sentinel.until((each) => 'bid' in each && each.bid === 50);
    expect((await quotes.next()).value).toMatchObject([{ bid: 50 }]);
    const batch = (await trades.next()).value ?? [];
    expect(batch).toHaveLength(11);
    expect(batch.at(-1)).toMatchObject({ type: 'gap', feed: 'trade', reason: 'overflow' });
    await Promise.all([quotes.return(), trades.return(), last[Symbol.asyncDispose]()]);
    await running.venue.untilOpen(0);
  });

  it('ends with its signal', async () => {
    await using running = await start();
    const controller = new AbortController();
    const events = client(running).events({ feed: 'trade', ...BTC }, { signal: controller.signal });
    const next = events.next();
    await running.venue.untilOpen(1);
    controller.abort();
    await expect(next).rejects.toMatchObject({ kind: 'aborted' });
    await running.venue.untilOpen(0);
  });
});

it('closes for good, once, and ends what it had', async () => {
  await using running = await start();
  const controller = new AbortController();
  const speed = client(running, { signal: controller.signal });
  const subscription = await speed.subscribe({ feed: 'trade', ...BTC }, () => {});
  controller.abort();
  await expect(subscription.closed).rejects.toMatchObject({ kind: 'aborted' });
  await speed[Symbol.asyncDispose]();
  expect(speed.state).toBe('closed');
  await expect(speed.call('ping')).rejects.toMatchObject({ kind: 'aborted' });
  await running.venue.untilOpen(0);
});

it('notices a server that is there and does not answer', async () => {
  await using running = await start({ limits: { commandBurst: 1000 } });
  const connection = watch();
  let answer = true;
  const speed = client(running, {
    heartbeatMs: 30,
    onState: connection.onState,
    openSocket: (url, handlers) => openSocket(url, { ...handlers, onMessage: (text) => answer && handlers.onMessage(text) }),
  });
  // A busy machine takes longer than that to answer, and is given up too.
  const answers = () =>
    speed.call('ping').then(
      () => true,
      () => false,
    );
  await expect.poll(answers).toBe(true);
  const cut = connection.until('waiting');
  answer = false;
  await cut;
  answer = true;
  await expect.poll(answers).toBe(true);
});
