import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import dialect from './index.js';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number };
  readonly params?: { readonly type?: string; readonly channel?: string; readonly data?: Record<string, unknown> };
  readonly usDiff?: number;
}

/** A plain WebSocket on the simulated venue: keeps what it hears, in order. */
class Client {
  readonly messages: Message[] = [];
  code: number | undefined;
  #id = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.messages.push(JSON.parse(String(data)) as Message));
    socket.on('close', (code) => {
      this.code = code;
    });
    socket.on('error', () => {});
  }

  static async open(): Promise<Client> {
    const client = new Client(new WebSocket(sim.ready.venues['deribit']!.ws.public));
    await once(client.socket, 'open');
    return client;
  }

  of(channel: string): Record<string, unknown>[] {
    return this.messages.flatMap(({ params }) => (params?.channel === channel ? [params.data!] : []));
  }

  /** Asks, and waits until everything sent so far has been answered. */
  async ask(method: string, params: object = {}): Promise<Message> {
    const id = ++this.#id;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
    return this.messages.find((message) => message.id === id)!;
  }

  /** The code of the venue's goodbye. */
  async ended(): Promise<number | undefined> {
    if (this.code === undefined) await once(this.socket, 'close');
    return this.code;
  }

  subscribe(...channels: readonly string[]): Promise<Message> {
    return this.ask('public/subscribe', { channels });
  }

  logIn(scope?: string): Promise<Message> {
    const { apiKey: client_id, secret: client_secret } = sim.ready.venues['deribit']!.credentials!;
    return this.ask('public/auth', { grant_type: 'client_credentials', client_id, client_secret, scope });
  }
}

let sim: RunningSimulator;
let client: Client;

/** Lets time pass in steps of 100 ms, each with a few turns for the network, and waits until all that was said has arrived. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    sim.clock.advance(Math.min(100, left));
    for (let turns = 0; turns < 6; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
  const { socket } = client;
  if (socket.readyState !== WebSocket.OPEN) return;
  const heard = Promise.race([once(socket, 'pong'), once(socket, 'close')]);
  socket.ping();
  await heard;
}

describe('the streams of the simulated Deribit', () => {
  beforeEach(async () => {
    const flow = { eventsPerSecond: 25 };
    sim = await startSimulator({ dialects: [dialect], clock: 'virtual', seed: 7, symbols: 3, warmupMs: 1_000, flow });
    client = await Client.open();
  });
  afterEach(async () => {
    client.socket.terminate();
    await sim.close();
  });

  it('answers with the id, the channels that there are, and its own times', async () => {
    const answer = await client.subscribe('book.BTC-PERPETUAL.100ms', 'bookz.BTC-PERPETUAL.100ms', 'quote.NOPE');
    expect(answer).toMatchObject({ id: 1, result: ['book.BTC-PERPETUAL.100ms'], usDiff: expect.any(Number), testnet: false });
    expect(client.of('book.BTC-PERPETUAL.100ms')[0]).toMatchObject({ type: 'snapshot' });
  });

  it('links every change to the one before; numbers have gaps, the first has none before it', async () => {
    await client.subscribe('book.BTC-PERPETUAL.100ms');
    await pass(3_000);
    const rows = client.of('book.BTC-PERPETUAL.100ms') as { change_id: number; prev_change_id?: number }[];
    expect(rows.length).toBeGreaterThan(10);
    expect(rows[0]).not.toHaveProperty('prev_change_id');
    for (let i = 1; i < rows.length; i++) expect(rows[i]!.prev_change_id).toBe(rows[i - 1]!.change_id);
    expect(rows.some(({ change_id }, i) => i > 0 && change_id - rows[i - 1]!.change_id > 1)).toBe(true);
  });

  it('keeps channels of every change for those who have logged in', async () => {
    expect(await client.subscribe('trades.BTC-PERPETUAL.raw')).toMatchObject({ error: { code: 13778 } });
    await client.logIn();
    expect(await client.subscribe('trades.BTC-PERPETUAL.raw')).toMatchObject({ result: ['trades.BTC-PERPETUAL.raw'] });
  });

  it('is silent after unsubscribing', async () => {
    await client.subscribe('book.BTC-PERPETUAL.100ms');
    await client.ask('public/unsubscribe', { channels: ['book.BTC-PERPETUAL.100ms'] });
    const before = client.messages.length;
    await pass(1_000);
    expect(client.messages.length).toBe(before);
  });

  it('gives credits back with the time that passes, however its clock is set', async () => {
    sim.faults.inject({ kind: 'clock-skew', venue: 'deribit', skewMs: 20_000, durationMs: 500 });
    expect(await client.ask('public/get_time')).toMatchObject({ result: Math.floor(sim.clock.now()) + 20_000 });
    await pass(600);
    expect(await client.ask('public/get_time')).toMatchObject({ result: Math.floor(sim.clock.now()) });
  }, 10_000);

  it('asks who has asked for heartbeats and is silent, and cuts who does not answer', async () => {
    const quiet = await Client.open();
    for (const each of [client, quiet]) await each.ask('public/set_heartbeat', { interval: 10 });
    const types = (each: Client) => each.messages.flatMap(({ method, params }) => (method === 'heartbeat' ? [params!.type] : []));
    for (let i = 0; i < 5; i++) {
      await pass(10_000);
      if (types(client).at(-1) === 'test_request') await client.ask('public/test');
    }
    expect(types(client)).toContain('test_request');
    expect([client.code, quiet.code]).toEqual([undefined, 1000]);
  });

  it('takes heartbeats no denser than every ten seconds', async () => {
    expect(await client.ask('public/set_heartbeat', { interval: 5 })).toMatchObject({ error: { code: -32602 } });
  });

  it('ends the session of who has spent the credits, with the reason before it', async () => {
    for (let i = 0; i < 11; i++)
      client.socket.send('{"jsonrpc":"2.0","id":1000,"method":"public/subscribe","params":{"channels":[]}}');
    await pass(500);
    expect(client.messages.at(-1)).toMatchObject({ error: { code: 10028 } });
    expect(await client.ended()).toBe(1008);
  });

  it.each(['{', '[]'])('says that %s is no request', async (text) => {
    client.socket.send(text);
    await client.ask('public/test');
    expect(client.messages[0]).toMatchObject({ error: { code: 11050 } });
  });

  it('lets in who signs the time, for a minute; a token renews itself once', async () => {
    const { apiKey: client_id, secret } = sim.ready.venues['deribit']!.credentials!;
    const signed = (timestamp: number, key = secret) => {
      const signature = createHmac('sha256', key as string)
        .update(`${timestamp}\nabc\n`)
        .digest('hex');
      return { grant_type: 'client_signature', client_id, timestamp, nonce: 'abc', data: '', signature };
    };
    const now = Math.floor(sim.clock.now());
    expect(await client.ask('public/auth', signed(now - 61_000))).toMatchObject({ error: { code: 13009 } });
    expect(await client.ask('public/auth', signed(now, 'wrong'))).toMatchObject({ error: { code: 13004 } });
    const { refresh_token } = (await client.ask('public/auth', signed(now))).result as { refresh_token: string };
    const renewal = { grant_type: 'refresh_token', refresh_token };
    expect(await client.ask('public/auth', renewal)).toMatchObject({ result: { token_type: 'bearer' } });
    expect(await client.ask('public/auth', renewal)).toMatchObject({ error: { code: 13009 } });
  });

  it.each([
    [undefined, 31_536_000, /^connection /],
    ['session:desk', 900, /^session:desk /],
    ['expires:60', 60, /^connection /],
    ['session:desk expires:3600', 3_600, /^session:desk /],
  ])('says how long a login with the scope %s lasts, and a renewal lasts as long', async (asked, seconds, scope) => {
    const told = { expires_in: seconds, scope: expect.stringMatching(scope) };
    const { result } = await client.logIn(asked);
    expect(result).toMatchObject(told);
    const { refresh_token } = result as { refresh_token: string };
    expect((await client.ask('public/auth', { grant_type: 'refresh_token', refresh_token })).result).toMatchObject(told);
  });

  it('forgets a login that nobody renews', async () => {
    await client.logIn('session:desk');
    expect(await client.ask('private/get_open_orders')).toMatchObject({ result: [] });
    sim.clock.advance(901_000);
    expect(await client.ask('private/get_open_orders')).toMatchObject({ error: { code: 13009 } });
  });

  describe('orders', () => {
    const touch = () => sim.oracle.book('deribit', 'BTC/USD:BTC').asks[0]![0];
    const buy = (more: object) =>
      client.ask('private/buy', { instrument_name: 'BTC-PERPETUAL', amount: 100, type: 'limit', ...more });
    const orderOf = ({ result }: Message) => (result as { order: Record<string, unknown> }).order;
    beforeEach(() => client.logIn());

    it('moves a post-only order that would take, unless it is to be rejected', async () => {
      const through = Math.round(touch() * 1.001);
      const moved = orderOf(await buy({ price: through, post_only: true }));
      expect(moved).toMatchObject({ order_state: 'open', post_only: true, filled_amount: 0 });
      expect(moved['price']).toBeLessThan(touch());
      expect(await buy({ price: through, post_only: true, reject_post_only: true })).toMatchObject({ error: { code: 11054 } });
    });

    it('takes one label again and again, and cancels by it all that there are', async () => {
      const price = Math.round(touch() * 0.97);
      for (let i = 0; i < 2; i++) expect(orderOf(await buy({ price, label: 'twin' }))['label']).toBe('twin');
      expect(await client.ask('private/cancel_by_label', { label: 'twin' })).toMatchObject({ result: 2 });
      expect(await client.ask('private/cancel_by_label', { label: 'twin' })).toMatchObject({ result: 0 });
    });

    it('counts dollars, in contracts of ten', async () => {
      const price = Math.round(touch() * 0.97);
      expect(orderOf(await buy({ price }))).toMatchObject({ amount: 100, contracts: 10 });
      expect(await buy({ price, contracts: 3 })).toMatchObject({ error: { code: -32602 } });
      expect(await buy({ price, amount: 15 })).toHaveProperty('error');
    });

    it('keeps the id of an order that is changed', async () => {
      const placed = orderOf(await buy({ price: Math.round(touch() * 0.97) }));
      const { order_id } = placed;
      expect(await client.ask('private/edit', { order_id, price: 1_000 })).toMatchObject({ error: { code: -32602 } });
      const changed = orderOf(await client.ask('private/edit', { order_id, amount: 50, price: placed['price'] }));
      expect(changed).toMatchObject({ order_id, amount: 50, replaced: true });
    });

    it('takes five orders a second, twenty at once', async () => {
      const price = Math.round(touch() * 0.97);
      const params = { instrument_name: 'BTC-PERPETUAL', amount: 100, type: 'limit', price };
      for (let id = 101; id <= 121; id++) client.socket.send(JSON.stringify({ id, method: 'private/buy', params }));
      await pass(100);
      const refused = client.messages.filter(({ error }) => error?.code === 10028);
      expect(refused.map(({ id }) => id)).toEqual([121]);
      expect(await client.ended()).toBe(1008);
    });
  });
});
