import { once } from 'node:events';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import dialect from './index.js';

interface Message {
  readonly id?: string;
  readonly event?: string;
  readonly code?: string;
  readonly msg?: string;
  readonly arg?: { readonly channel: string; readonly instId?: string };
  readonly action?: string;
  readonly data?: readonly Record<string, unknown>[];
}

/** A plain WebSocket on the simulated venue: keeps what it hears, in order. */
class Client {
  readonly texts: string[] = [];
  code: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.texts.push(String(data)));
    socket.on('close', (code) => {
      this.code = code;
    });
    socket.on('error', () => {});
  }

  static async open(url: string): Promise<Client> {
    const client = new Client(new WebSocket(url));
    await once(client.socket, 'open');
    return client;
  }

  get messages(): Message[] {
    return this.texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text) as Message);
  }

  of(channel: string): Message[] {
    return this.messages.filter(({ arg, data }) => arg?.channel === channel && data !== undefined);
  }

  /** Sends, and waits until everything sent so far has been answered. */
  async say(message: unknown): Promise<void> {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
  }
}

let sim: RunningSimulator;
let client: Client;
const INST = { instId: 'BTC-USDT-SWAP' };

const connect = (door: 'public' | 'business' = 'public') =>
  Client.open(sim.ready.venues['okx']!.ws[door === 'public' ? 'public' : 'market'] as string);

/** Lets time pass in steps of 100 ms, each with a few turns for the network. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    sim.clock.advance(Math.min(100, left));
    for (let turns = 0; turns < 6; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function start(eventsPerSecond = 25): Promise<void> {
  sim = await startSimulator({
    dialects: [dialect],
    clock: 'virtual',
    seed: 7,
    symbols: 3,
    warmupMs: 1_000,
    flow: { eventsPerSecond },
  });
  client = await connect();
}

describe('the streams of the simulated OKX', () => {
  beforeEach(() => start());
  afterEach(async () => {
    client.socket.terminate();
    await sim.close();
  });

  it('answers a ping in text', async () => {
    await client.say('ping');
    expect(client.texts).toEqual(['pong']);
  });

  it('acknowledges each argument with the id of the request, then sends what there is', async () => {
    await client.say({
      id: '17',
      op: 'subscribe',
      args: [
        { channel: 'books', ...INST },
        { channel: 'tickers', ...INST },
      ],
    });
    expect(client.messages.map(({ id, event, arg, action }) => [id, event, arg?.channel, action])).toEqual([
      ['17', 'subscribe', 'books', undefined],
      [undefined, undefined, 'books', 'snapshot'],
      ['17', 'subscribe', 'tickers', undefined],
      [undefined, undefined, 'tickers', undefined],
    ]);
    expect(client.of('books')[0]!.data![0]).toMatchObject({ prevSeqId: -1, checksum: 0 });
  });

  it('links every change to the one before, and skips numbers', async () => {
    await client.say({ op: 'subscribe', args: [{ channel: 'books', ...INST }] });
    await pass(3_000);
    const rows = client.of('books').map(({ data }) => data![0]! as { seqId: number; prevSeqId: number });
    expect(rows.length).toBeGreaterThan(10);
    for (let i = 1; i < rows.length; i++) expect(rows[i]!.prevSeqId).toBe(rows[i - 1]!.seqId);
    expect(rows.some(({ seqId, prevSeqId }, i) => i > 0 && seqId - prevSeqId > 1)).toBe(true);
  });

  it('gives a second listener a book that the same changes follow', async () => {
    await client.say({ op: 'subscribe', args: [{ channel: 'books', ...INST }] });
    await pass(250);
    const other = await connect();
    await other.say({ op: 'subscribe', args: [{ channel: 'books', ...INST }] });
    await pass(1_000);
    const [first, second] = other.of('books').map(({ data }) => data![0]!);
    expect(second!['prevSeqId']).toBe(first!['seqId']);
    expect(client.of('books').some(({ data }) => data![0]!['seqId'] === first!['seqId'])).toBe(true);
    other.socket.terminate();
  });

  it.each([
    ['a channel behind the other door', { channel: 'candle1m', ...INST }, '60018'],
    ['an unknown channel', { channel: 'bookz', ...INST }, '60018'],
    ['an unknown instrument', { channel: 'books', instId: 'NOPE' }, '60018'],
    ['funding of spot', { channel: 'funding-rate', instId: 'BTC-USDT' }, '60018'],
    ['a channel of higher accounts', { channel: 'books-l2-tbt', ...INST }, '64003'],
  ])('refuses %s and serves the rest', async (_, bad, code) => {
    await client.say({ id: '1', op: 'subscribe', args: [bad, { channel: 'tickers', ...INST }] });
    expect(client.messages[0]).toMatchObject({ id: '1', event: 'error', code });
    expect(client.messages[1]).toMatchObject({ id: '1', event: 'subscribe' });
  });

  it.each(['{', '[]', '{"op":"dance","args":[]}', '{"op":"subscribe"}'])('says that %s is no request', async (text) => {
    await client.say(text);
    expect(client.messages[0]).toMatchObject({ event: 'error', code: '60012', msg: `Invalid request: ${text}` });
  });

  it('is silent after unsubscribing', async () => {
    await client.say({ op: 'subscribe', args: [{ channel: 'books', ...INST }] });
    await client.say({ op: 'unsubscribe', args: [{ channel: 'books', ...INST }] });
    const before = client.texts.length;
    await pass(1_000);
    expect(client.messages.at(-1)).toMatchObject({ event: 'unsubscribe' });
    expect(client.texts.length).toBe(before);
  });

  it('closes a connection on which nobody says anything for 30 s, with 4004; a ping keeps it', async () => {
    const talker = await connect();
    await pass(20_000);
    await talker.say('ping');
    await pass(11_000);
    expect([client.code, talker.code]).toEqual([4004, undefined]);
    talker.socket.terminate();
  });

  it('takes 480 requests an hour', async () => {
    for (let i = 0; i < 480; i++) client.socket.send('{"op":"unsubscribe","args":[]}');
    await client.say({ op: 'subscribe', args: [{ channel: 'tickers', ...INST }] });
    expect(client.messages.at(-1)).toMatchObject({ event: 'error', code: '60014' });
  });

  it('takes three connections a second', async () => {
    const more = await Promise.all([connect(), connect()]);
    await expect(connect()).rejects.toThrow(/429/);
    await pass(1_100);
    more.push(await connect());
    for (const { socket } of more) socket.terminate();
  });

  it('tells of the end of a candle once', async () => {
    const business = await connect('business');
    await business.say({ op: 'subscribe', args: [{ channel: 'candle1m', ...INST }] });
    await pass(65_000);
    const closed = business.of('candle1m').filter(({ data }) => (data![0] as unknown as string[])[8] === '1');
    expect(closed).toHaveLength(1);
    business.socket.terminate();
  }, 300_000);
});

describe('a book without news', () => {
  beforeEach(() => start(0));
  afterEach(async () => {
    client.socket.terminate();
    await sim.close();
  });

  it('says so every minute, with the number that it had', async () => {
    await client.say({ op: 'subscribe', args: [{ channel: 'books', instId: 'BTC-USDT' }] });
    for (let i = 0; i < 7; i++) {
      await pass(20_000);
      await client.say('ping');
    }
    const [first, ...rest] = client.of('books').map(({ data }) => data![0]!);
    expect(rest.length).toBe(2);
    for (const row of rest) {
      expect(row).toMatchObject({ asks: [], bids: [], seqId: first!['seqId'], prevSeqId: first!['seqId'] });
    }
  }, 300_000);
});

describe('REST of the simulated OKX', () => {
  beforeEach(() => start());
  afterEach(async () => {
    client.socket.terminate();
    await sim.close();
  });

  const get = async (path: string) => {
    const response = await fetch(`${sim.ready.venues['okx']!.rest['public']}/api/v5${path}`);
    return { status: response.status, body: (await response.json()) as { code: string; data: unknown[][] } };
  };

  it('counts by the time that passes, however its clock is set', async () => {
    const ask = async () => (await get('/public/time')).body.code;
    sim.faults.inject({ kind: 'clock-skew', venue: 'okx', skewMs: 20_000, durationMs: 500 });
    const ahead = await Promise.all(Array.from({ length: 11 }, ask));
    expect(ahead.filter((code) => code === '50011')).toHaveLength(1);
    await pass(1_900);
    expect(await ask()).toBe('50011');
    await pass(200);
    expect(await ask()).toBe('0');
  });

  it.each([
    ['/market/books?instId=NOPE', 200, '51001'],
    ['/market/books', 400, '50014'],
    ['/public/instruments?instType=OPTION', 400, '50014'],
    ['/public/instruments?instType=NOPE', 200, '51000'],
    ['/public/funding-rate?instId=BTC-USDT', 200, '51001'],
    ['/market/candles?instId=BTC-USDT&bar=7m', 200, '51000'],
    ['/nothing', 404, '404'],
  ])('answers %s with HTTP %i and code %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('has one level and one order by default, as many as asked for else', async () => {
    const depth = async (query: string) =>
      ((await get(`/market/books?instId=BTC-USDT${query}`)).body.data[0] as unknown as { bids: unknown[] }).bids.length;
    expect([await depth(''), await depth('&sz=5'), (await depth('&sz=400')) > 100]).toEqual([1, 5, true]);
  });

  it('pages candles backwards from `after`, and forwards no further than `before`', async () => {
    const newest = (await get('/market/candles?instId=BTC-USDT&limit=5')).body.data;
    const times = newest.map(([time]) => Number(time));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const older = (await get(`/market/candles?instId=BTC-USDT&limit=2&after=${times[4]}`)).body.data;
    expect(older.map(([time]) => Number(time))).toEqual([times[4]! - 60_000, times[4]! - 120_000]);
    const newer = (await get(`/market/candles?instId=BTC-USDT&before=${times[2]}`)).body.data;
    expect(newer.map(([time]) => Number(time))).toEqual(times.slice(0, 2));
  });

  it('opens the days of Hong Kong at 16:00 UTC, those of UTC at midnight', async () => {
    const hour = async (bar: string) =>
      new Date(Number((await get(`/market/candles?instId=BTC-USDT&bar=${bar}`)).body.data[0]![0])).getUTCHours();
    expect([await hour('1D'), await hour('1Dutc')]).toEqual([16, 0]);
  });

  it.each([
    ['1W', (at: Date) => [at.getUTCDay(), at.getUTCHours()], [0, 16]],
    ['1M', (at: Date) => [new Date(at.getTime() + 8 * 3_600_000).getUTCDate(), at.getUTCHours()], [1, 16]],
  ])('opens %s at midnight in Hong Kong, like ccxt asks for it', async (bar, partsOf, expected) => {
    const [row] = (await get(`/market/candles?instId=BTC-USDT&bar=${bar}`)).body.data;
    expect(partsOf(new Date(Number(row![0])))).toEqual(expected);
  });

  it('answers 429 when a route is asked too often within two seconds, and only that route', async () => {
    const codes = await Promise.all(Array.from({ length: 12 }, async () => (await get('/public/time')).status));
    expect([codes.filter((status) => status === 200).length, codes.filter((status) => status === 429).length]).toEqual([10, 2]);
    expect((await get('/market/ticker?instId=BTC-USDT')).status).toBe(200);
    await pass(2_100);
    expect((await get('/public/time')).status).toBe(200);
  });
});
