import { createHash } from 'node:crypto';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '@speed-protocol/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { StreamClient } from '../../test/stream-client.js';
import dialect from './index.js';

const START = Date.UTC(2026, 10, 20, 7, 59, 30);
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC', 'BTC/USD:BTC-261225'];

type Json = Record<string, unknown>;
let sim: RunningSimulator;
const clients: StreamClient[] = [];

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  sim = await startSimulator({ dialects: [dialect], seed: 5, clock: START, symbols: SYMBOLS, ...options });
}

async function connect(venue: string, path: string, options?: { autoPong?: boolean }): Promise<StreamClient> {
  const origin = new URL(sim.ready.venues[venue]!.ws.public).origin;
  const client = await StreamClient.open(origin + path, options);
  clients.push(client);
  return client;
}

/** Lets time pass in small steps, so that replies and pushes interleave as they do in real time. */
async function pass(ms: number, client: StreamClient): Promise<void> {
  for (let t = 0; t < ms; t += 500) {
    sim.clock.advance(Math.min(500, ms - t));
    await client.settle();
  }
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await sim.close();
});

describe('framing', () => {
  it.each([
    ['binance', '/ws/btcusdt@trade', false],
    ['binance', '/stream?streams=btcusdt@trade/ethusdt@trade', true],
    ['binance', '/stream/ws/btcusdt@trade', false],
    ['binance', '/stream/btcusdt@trade', false],
    ['binanceusdm', '/ws/btcusdt@trade', false],
    ['binanceusdm', '/public/stream?streams=btcusdt@trade', true],
    ['binancecoinm', '/ws/btcusd_perp@trade', false],
  ] as const)('%s%s: combined %s', async (venue, path, combined) => {
    await start();
    const client = await connect(venue, path);
    await pass(20_000, client);
    const trade = client.messages[0]!;
    if (combined) expect(trade).toMatchObject({ stream: expect.stringMatching(/@trade$/), data: { e: 'trade' } });
    else expect(trade).toMatchObject({ e: 'trade' });
  });

  it.each(['/ws', '/ws/3', '/public/ws/0', '/stream'])('%s waits for SUBSCRIBE', async (path) => {
    await start();
    const client = await connect('binanceusdm', path);
    expect(await client.request('LIST_SUBSCRIPTIONS')).toMatchObject({ result: [] });
    expect(await client.request('SUBSCRIBE', ['btcusdt@bookTicker'])).toMatchObject({ result: null });
    await pass(5000, client);
    expect(client.events('bookTicker').length).toBeGreaterThan(0);
  });

  it('properties turn the wrapper on and off', async () => {
    await start();
    const client = await connect('binance', '/ws/btcusdt@bookTicker');
    expect(await client.request('GET_PROPERTY', ['combined'])).toMatchObject({ result: false });
    await client.request('SET_PROPERTY', ['combined', true]);
    await pass(3000, client);
    expect(client.messages.at(-1)).toHaveProperty('stream', 'btcusdt@bookTicker');
    expect(await client.request('GET_PROPERTY', ['combined'])).toMatchObject({ result: true });
  });

  it('a path that is no stream is refused, one that cannot be decoded is just silent', async () => {
    await start();
    await expect(connect('binance', '/nothing')).rejects.toThrow(/404/);
    const client = await connect('binance', '/ws/%E0%A4%A@trade');
    expect(await client.request('LIST_SUBSCRIPTIONS')).toMatchObject({ result: ['%E0%A4%A@trade'] });
  });

  it('unicode symbols stream as themselves', async () => {
    await start({ symbols: ['币安人生/USDT:USDT'] });
    const client = await connect('binanceusdm', `/public/stream?streams=${encodeURIComponent('币安人生usdt@bookTicker')}`);
    await pass(5000, client);
    expect(client.messages[0]).toMatchObject({ stream: '币安人生usdt@bookTicker', data: { s: '币安人生USDT' } });
  });
});

describe('control frames', () => {
  it.each([
    ['1', '1'],
    ['9007199254740993', '9007199254740993'],
    ['"c5c1"', '"c5c1"'],
    ['null', 'null'],
    ['-4', '-4'],
  ])('echo the id %s letter for letter', async (id, echoed) => {
    await start();
    const client = await connect('binance', '/ws');
    client.send(`{"method":"SUBSCRIBE","params":["btcusdt@depth"],"id":${id}}`);
    await client.until(() => client.texts.length > 0);
    expect(client.texts[0]).toBe(`{"result":null,"id":${echoed}}`);
  });

  it.each([
    ['{"method":"SUBSCRIBE"', 3, /Invalid JSON/],
    ['[]', 2, /expected an object/],
    ['{"params":[],"id":1}', 2, /missing field `method`/],
    ['{"method":"SUBSCRIB","params":[],"id":1}', 2, /unknown variant SUBSCRIB, expected one of SUBSCRIBE/],
    ['{"method":"SUBSCRIBE","params":"btcusdt@depth","id":1}', 2, /array of strings/],
    ['{"method":"SUBSCRIBE","params":["not a stream"],"id":1}', 2, /invalid stream/],
    ['{"method":"SUBSCRIBE","params":[],"id":1.5}', 2, /request ID must be/],
    ['{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}', 1, /expected Boolean/],
    ['{"method":"SET_PROPERTY","params":["colour",true],"id":1}', 0, /Unknown property/],
    ['{"method":"GET_PROPERTY","params":[5],"id":1}', 2, /must be a string/],
    ['{"method":"LIST_SUBSCRIPTIONS","id":1,"extra":1}', 2, /unknown field `extra`/],
  ])('%s is error %i', async (text, code, message) => {
    await start();
    const client = await connect('binance', '/ws');
    client.send(text);
    await client.until(() => client.texts.length > 0);
    expect(client.messages[0]).toMatchObject({ error: { code, msg: expect.stringMatching(message) } });
    expect(client.closed).toBeUndefined();
  });

  it('UNSUBSCRIBE ends a stream, LIST knows it, unknown streams are taken and stay silent', async () => {
    await start();
    const client = await connect('binance', '/ws');
    await client.request('SUBSCRIBE', ['btcusdt@bookTicker', 'btcusdt@nonsense', 'nopeusdt@trade']);
    await client.request('UNSUBSCRIBE', ['btcusdt@bookTicker']);
    const { result } = await client.request('LIST_SUBSCRIPTIONS');
    expect(result).toEqual(['btcusdt@nonsense', 'nopeusdt@trade']);
    client.texts.length = 0;
    await pass(3000, client);
    expect(client.texts).toEqual([]);
  });
});

describe('rooms of USD-M', () => {
  const streams = ['btcusdt@markPrice@1s', 'btcusdt@aggTrade', '!miniTicker@arr', 'btcusdt@bookTicker', 'btcusdt@trade'];

  it.each([
    ['/public/ws', ['bookTicker', 'trade']],
    ['/ws', ['bookTicker', 'trade']],
    ['/market/ws', ['24hrMiniTicker', 'aggTrade', 'markPriceUpdate']],
    ['/public/market/ws/0', ['24hrMiniTicker', 'aggTrade', 'markPriceUpdate']],
    ['/public/public/ws/1', ['bookTicker', 'trade']],
    ['/private/ws', []],
  ])('%s speaks only %j', async (path, kinds) => {
    await start();
    const client = await connect('binanceusdm', path);
    expect(await client.request('SUBSCRIBE', streams)).toMatchObject({ result: null });
    await pass(15_000, client);
    const heard = client.messages
      .filter((m) => !('result' in m))
      .map((m) => (Array.isArray(m) ? (m[0] as Json) : m)['e'] as string);
    expect([...new Set(heard)].sort()).toEqual(kinds);
  });
});

describe('books', () => {
  const numbers = (levels: unknown) => (levels as [string, string][]).map(([p, q]) => [Number(p), Number(q)] as const);

  it.each([
    ['binance', '/ws', 'btcusdt@depth@100ms', '/api/v3/depth?symbol=BTCUSDT&limit=5000', 'spot'],
    ['binance', '/ws', 'btcusdt@depth', '/api/v3/depth?symbol=BTCUSDT&limit=5000', 'spot'],
    ['binanceusdm', '/ws', 'btcusdt@depth', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000', 'futures'],
    ['binanceusdm', '/ws', 'btcusdt@depth@500ms', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000', 'futures'],
    ['binanceusdm', '/ws', 'btcusdt@depth@0ms', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000', 'futures'],
    ['binanceusdm', '/ws', 'btcusdt@rpiDepth@500ms', '/fapi/v1/rpiDepth?symbol=BTCUSDT&limit=1000', 'futures'],
    ['binancecoinm', '/ws', 'btcusd_perp@depth@100ms', '/dapi/v1/depth?symbol=BTCUSD_PERP&limit=1000', 'both'],
  ] as const)('%s %s %s: snapshot and differences are the oracle at every sequence', async (venue, path, stream, rest, rule) => {
    await start();
    const client = await connect(venue, path);
    await client.request('SUBSCRIBE', [stream]);
    await pass(3000, client);
    const snapshot = (await (await fetch(sim.ready.venues[venue]!.rest['public'] + rest)).json()) as Json;
    await pass(20_000, client);
    const id = snapshot['lastUpdateId'] as number;
    const book = { b: new Map(numbers(snapshot['bids'])), a: new Map(numbers(snapshot['asks'])) };
    const events = client.events('depthUpdate') as unknown as { U: number; u: number; pu?: number; b: unknown; a: unknown }[];
    const fresh = events.filter((event) => event.u > id);
    const first = fresh[0]!;
    if (rule !== 'futures') expect([first.U <= id + 1, first.u >= id + 1]).toEqual([true, true]);
    if (rule !== 'spot') expect([first.U <= id, first.u >= id]).toEqual([true, true]);
    const wrong: number[] = [];
    let checked = 0;
    fresh.forEach((event, i) => {
      if (i > 0 && rule === 'spot') expect(event.U).toBe(fresh[i - 1]!.u + 1);
      if (i > 0 && rule !== 'spot') expect(event.pu).toBe(fresh[i - 1]!.u);
      for (const side of ['b', 'a'] as const) {
        for (const [price, size] of numbers(event[side])) {
          if (size === 0) book[side].delete(price);
          else book[side].set(price, size);
        }
      }
      const truth = sim.oracle.book(venue, stream.split('@')[0]!.toUpperCase(), event.u);
      const own = [[...book.b].sort((x, y) => y[0] - x[0]), [...book.a].sort((x, y) => x[0] - y[0])];
      if (JSON.stringify(own) !== JSON.stringify([truth.bids, truth.asks])) wrong.push(event.u);
      checked++;
    });
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(10);
  });

  it('best bid and ask of bookTicker are the oracle at its update id', async () => {
    await start();
    const client = await connect('binanceusdm', '/ws/btcusdt@bookTicker');
    await pass(20_000, client);
    const quotes = client.events('bookTicker');
    expect(quotes.length).toBeGreaterThan(20);
    for (const { u, b, B, a, A } of quotes) {
      const { bids, asks } = sim.oracle.book('binanceusdm', 'BTCUSDT', u as number);
      expect([Number(b), Number(B), Number(a), Number(A)]).toEqual([...bids[0]!, ...asks[0]!]);
    }
  });

  it.each([
    ['binance', 'btcusdt@depth5@100ms', 5],
    ['binanceusdm', 'btcusdt@depth20', 20],
    ['binancecoinm', 'btcusd_perp@depth10@500ms', 10],
  ] as const)('%s %s: whole messages of %i levels', async (venue, stream, levels) => {
    await start();
    const client = await connect(venue, `/ws/${stream}`);
    await pass(3000, client);
    const message = client.messages.at(-1)!;
    const sequence = (message['lastUpdateId'] ?? message['u']) as number;
    const { bids } = sim.oracle.book(venue, stream.split('@')[0]!.toUpperCase(), sequence);
    expect(numbers(message['bids'] ?? message['b'])).toEqual(bids.slice(0, levels));
    expect('e' in message).toBe(venue !== 'binance');
  });
});

describe('feeds', () => {
  it('trades and aggregates are the tape', async () => {
    await start();
    const client = await connect('binancecoinm', '/stream?streams=btcusd_perp@trade/btcusd_perp@aggTrade');
    await pass(20_000, client);
    const trades = client.events('trade');
    const tape = sim.oracle.market('binancecoinm', 'BTCUSD_PERP').tape.trades.filter(({ time }) => time >= START);
    expect(trades.map(({ t, q, m, T }) => [t, Number(q), m, T])).toEqual(
      tape.map((t) => [t.id, t.size, t.side === 'sell', t.time]),
    );
    const aggregates = client.events('aggTrade');
    expect(aggregates.slice(1).map(({ f }) => f)).toEqual(aggregates.slice(0, -1).map(({ l }) => (l as number) + 1));
  });

  it('candles: the running one, then the closed one once', async () => {
    await start();
    const client = await connect('binance', '/ws/btcusdt@kline_1m');
    await pass(40_000, client);
    const candles = client.events('kline').map(({ k }) => k as Json);
    const closed = candles.filter(({ x }) => x);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({ t: START - 30_000, T: START + 29_999, i: '1m', s: 'BTCUSDT' });
    expect(candles.at(-1)!['t']).toBe(START + 30_000);
  });

  it('mark price: at its pace, and the settlement moves the next time', async () => {
    await start();
    const client = await connect('binanceusdm', '/market/stream?streams=btcusdt@markPrice@1s/btcusdt@markPrice');
    await pass(36_000, client);
    const updates = client.messages.filter(({ stream }) => stream === 'btcusdt@markPrice@1s').map(({ data }) => data as Json);
    expect(updates.map(({ E }) => E)).toEqual(Array.from({ length: 36 }, (_, i) => START + 1000 * (i + 1)));
    expect(updates[0]).toMatchObject({
      e: 'markPriceUpdate',
      T: START + 30_000,
      st: 1,
      r: expect.stringMatching(/^-?\d\.\d{8}$/),
    });
    expect(updates.at(-1)!['T']).toBe(START + 30_000 + 8 * 3_600_000);
    expect(client.messages.filter(({ stream }) => stream === 'btcusdt@markPrice')).toHaveLength(12);
  });

  it('liquidations: the largest of a second', async () => {
    await start({ flow: { liquidationSeconds: 2 } });
    const client = await connect('binanceusdm', '/market/ws/btcusdt@forceOrder');
    await pass(30_000, client);
    const orders = client.events('forceOrder').map(({ o }) => o as Json);
    expect(orders.length).toBeGreaterThan(5);
    const truth = sim.oracle.market('binanceusdm', 'BTCUSDT').liquidations.map(({ time }) => time);
    for (const { T, S, o, f } of orders) {
      expect(truth).toContain(T);
      expect([['BUY', 'SELL'].includes(S as string), o, f]).toEqual([true, 'LIMIT', 'IOC']);
    }
  });

  it.each([
    ['binance', '!miniTicker@arr', ['BTCUSDT', 'ETHUSDT']],
    ['binance', '!ticker_1h@arr', ['BTCUSDT', 'ETHUSDT']],
    ['binancecoinm', '!ticker@arr', ['BTCUSDT', 'BTCUSD_PERP', 'BTCUSD_261225']],
    ['binancecoinm', '!markPrice@arr@1s', ['BTCUSDT', 'BTCUSD_PERP', 'BTCUSD_261225']],
    ['binancecoinm', 'btcusd@markPrice', ['BTCUSD_PERP', 'BTCUSD_261225']],
  ] as const)('%s %s lists %j', async (venue, stream, symbols) => {
    await start();
    const client = await connect(venue, `/ws/${stream}`);
    await pass(6000, client);
    const rows = client.messages.flat() as unknown as Json[];
    expect([...new Set(rows.map(({ s }) => s))].sort()).toEqual([...symbols].sort());
  });

  it.each([
    ['binance', 'btcusdt@ticker', '24hrTicker'],
    ['binance', 'btcusdt@miniTicker', '24hrMiniTicker'],
    ['binance', 'btcusdt@ticker_4h', '4hTicker'],
    ['binance', 'btcusdt@avgPrice', 'avgPrice'],
    ['binance', 'btcusdt@referencePrice', 'referencePrice'],
    ['binancecoinm', 'btcusd@indexPrice', 'indexPriceUpdate'],
    ['binancecoinm', 'btcusd_perpetual@continuousKline_5m', 'continuous_kline'],
    ['binancecoinm', 'btcusd_perp@kline_1h', 'kline'],
    ['binancecoinm', 'btcusdt@kline_1h', 'kline'],
    ['binancecoinm', '!bookTicker', 'bookTicker'],
  ] as const)('%s %s says %s', async (venue, stream, event) => {
    await start();
    const client = await connect(venue, `/ws/${stream}`);
    await pass(8000, client);
    expect(client.events(event).length).toBeGreaterThan(0);
  });

  it('the same seed says the same, letter by letter', async () => {
    const run = async () => {
      await start();
      const client = await connect('binanceusdm', '/public/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade');
      await pass(10_000, client);
      await sim.close();
      return createHash('sha256').update(client.texts.join('\n')).digest('hex');
    };
    expect(await run()).toBe(await run());
  });
});

describe('limits', () => {
  it.each([
    ['binance', 5],
    ['binanceusdm', 10],
  ] as const)('%s hears %i messages a second and then hangs up', async (venue, limit) => {
    await start();
    const client = await connect(venue, '/ws');
    for (let i = 0; i < limit; i++) client.send(`{"method":"LIST_SUBSCRIPTIONS","id":${i}}`);
    await client.until(() => client.texts.length === limit);
    sim.clock.advance(1000);
    for (let i = 0; i <= limit; i++) client.send(`{"method":"LIST_SUBSCRIPTIONS","id":${i}}`);
    await client.until(() => client.closed !== undefined);
    expect(client.texts).toHaveLength(2 * limit);
    expect(client.closed).toEqual({ code: 1008 });
  });

  it('pings count as messages', async () => {
    await start();
    const client = await connect('binance', '/ws');
    for (let i = 0; i < 6; i++) client.socket.ping();
    await client.until(() => client.closed !== undefined);
  });

  it('spot takes 300 connections in five minutes', async () => {
    await start({ limits: { weightFactor: 0.01 } });
    for (let i = 0; i < 3; i++) await connect('binance', '/ws');
    await expect(connect('binance', '/ws')).rejects.toThrow(/429/);
    sim.clock.advance(5 * 60_000);
    await connect('binance', '/ws');
  });

  it('1,024 streams, not one more', async () => {
    await start();
    const client = await connect('binance', '/ws');
    const names = Array.from({ length: 1025 }, (_, i) => `btcusdt@x${i}`);
    expect(await client.request('SUBSCRIBE', names.slice(1))).toMatchObject({ result: null });
    client.send(JSON.stringify({ method: 'SUBSCRIBE', params: [names[0]], id: 1 }));
    await client.until(() => client.closed !== undefined);
    expect(client.closed).toEqual({ code: 1008 });
  });

  it('a connection ends after a day, or what is set instead', async () => {
    await start({ limits: { socketLifetimeMs: 60_000 } });
    const client = await connect('binance', '/ws');
    sim.clock.advance(59_999);
    await client.settle();
    expect(client.closed).toBeUndefined();
    sim.clock.advance(1);
    await client.until(() => client.closed !== undefined);
  });

  it('pings, and drops who does not answer', async () => {
    await start();
    const lively = await connect('binance', '/ws');
    const deaf = await connect('binance', '/ws', { autoPong: false });
    for (let i = 0; i < 4; i++) {
      sim.clock.advance(20_000);
      await lively.settle();
    }
    await deaf.until(() => deaf.closed !== undefined);
    expect(deaf.closed).toEqual({ code: 1006 });
    expect([lively.pings, lively.closed]).toEqual([4, undefined]);
  });

  it('spot says goodbye before maintenance', async () => {
    await start();
    const raw = await connect('binance', '/ws');
    const combined = await connect('binance', '/stream');
    sim.faults.inject({ kind: 'maintenance', venue: 'binance' });
    await Promise.all([raw.until(() => raw.closed !== undefined), combined.until(() => combined.closed !== undefined)]);
    expect(raw.messages).toEqual([{ e: 'serverShutdown', E: START }]);
    expect(combined.messages).toEqual([{ stream: '!serverShutdown', data: { e: 'serverShutdown', E: START } }]);
  });
});
