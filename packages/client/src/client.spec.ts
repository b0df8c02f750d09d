import { type AccountEvent, CLOSE, type TradeMessage } from '@speed-protocol/protocol';
import { describe, expect, it } from 'vitest';
import type { RelistEvent } from './account-events.js';
import { SpeedClient } from './client.js';
import type { SocketHandlers } from './socket.js';

/** A connection whose other end is the test. */
function line(options: { token?: string } = {}) {
  const sent: { id: number; command: string; params: unknown }[] = [];
  const sockets: SocketHandlers[] = [];
  const client = new SpeedClient('ws://test', {
    ...options,
    reconnect: { minMs: 1, maxMs: 1 },
    openSocket(_url, handlers) {
      sockets.push(handlers);
      queueMicrotask(() => handlers.onOpen());
      return {
        bufferedAmount: 0,
        send: (text) => sent.push(JSON.parse(text)),
        close: (code = 1000) => handlers.onClose(code, ''),
      };
    },
  });
  const say = (message: unknown) => sockets.at(-1)?.onMessage(typeof message === 'string' ? message : JSON.stringify(message));
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { client, sent, sockets, say, turn };
}

const event = (id: string): TradeMessage => ({
  type: 'trade',
  channel: 'trade:binance:BTC/USDT',
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: 1,
  receivedAt: 2,
  id,
  price: 1,
  size: 1,
  side: 'buy',
});
const BTC = { feed: 'trade', venue: 'binance', symbol: 'BTC/USDT' } as const;

it('takes one object or an array of them, replies and events mixed', async () => {
  const { client, sent, say, turn } = line();
  const seen: unknown[] = [];
  const subscribing = client.subscribe(BTC, (each) => seen.push(each));
  const ping = client.call('ping');
  await turn();
  expect(sent.map(({ command }) => command).toSorted()).toEqual(['ping', 'subscribe']);
  const idOf = (command: string) => sent.find((each) => each.command === command)?.id;
  say([
    { id: idOf('subscribe'), ok: true, result: {} },
    event('1'),
    { id: idOf('ping'), ok: true, result: { time: 5 } },
    event('2'),
  ]);
  await subscribing;
  expect(await ping).toEqual({ time: 5 });
  expect(seen).toEqual([event('1'), event('2')]);
  await client[Symbol.asyncDispose]();
});

it('starts over when the server does not speak the protocol', async () => {
  const { client, sockets, say, turn } = line();
  await turn();
  expect(client.state).toBe('open');
  say('{"id":');
  expect(client.state).toBe('waiting');
  while (sockets.length < 2) await turn();
  await client[Symbol.asyncDispose]();
  expect(client.state).toBe('closed');
});

it('does not wait for a server that hangs to agree to the close', async () => {
  const states: string[] = [];
  const client = new SpeedClient('ws://test', {
    heartbeatMs: 5,
    reconnect: { minMs: 1, maxMs: 1 },
    onState: (state, error) => states.push(`${state}${error ? `: ${error.message}` : ''}`),
    openSocket(_url, handlers) {
      queueMicrotask(() => handlers.onOpen());
      return { bufferedAmount: 0, send: () => undefined, close: () => undefined };
    },
  });
  while (states.filter((state) => state === 'open').length < 2) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(states.slice(0, 4)).toEqual(['connecting', 'open', 'waiting: ws://test: the server does not answer', 'connecting']);
  await client[Symbol.asyncDispose]();
});

it('ignores events of channels that it does not know, and replies that nobody waits for', async () => {
  const { client, say, turn } = line();
  await turn();
  say(event('1'));
  say({ id: 99, ok: true, result: {} });
  say({ id: null, ok: false, error: { kind: 'invalid-request', message: 'what?' } });
  expect(client.state).toBe('open');
  await client[Symbol.asyncDispose]();
});

it('shows the token first and subscribes only then', async () => {
  const { client, sent, say, turn } = line({ token: 'secret' });
  const subscribing = client.subscribe(BTC, () => {});
  await turn();
  expect(sent).toEqual([{ id: 1, command: 'auth', params: { token: 'secret' } }]);
  say({ id: 1, ok: true, result: { authenticated: true } });
  await turn();
  expect(sent.map(({ command }) => command)).toEqual(['auth', 'subscribe']);
  say({ id: 2, ok: true, result: {} });
  const leaving = (await subscribing)[Symbol.asyncDispose]();
  await turn();
  say({ id: 3, ok: true, result: {} });
  await leaving;
  await client[Symbol.asyncDispose]();
});

it('refuses to pile up unanswered commands', async () => {
  const { client, turn } = line();
  await turn();
  const pending = Array.from({ length: 1000 }, () => client.call('ping').catch((error: unknown) => error));
  await turn();
  await expect(client.call('ping')).rejects.toMatchObject({ kind: 'rate-limited' });
  await client[Symbol.asyncDispose]();
  for (const each of await Promise.all(pending)) expect(each).toMatchObject({ kind: 'aborted' });
});

describe('account events', () => {
  const balance = (seq: number) => ({
    type: 'balance',
    seq,
    account: 'main',
    balance: { currency: 'BTC', total: '1', free: null },
  });
  const reply = (say: (message: unknown) => void, id: number, result: object) =>
    say({ id, ok: true, result: { accounts: [], reason: null, ...result } });
  const told = (events: readonly (AccountEvent | RelistEvent)[]) =>
    events.map((event) => (event.type === 'relist' ? event.reason : event.seq));

  it('go on after a cut where they stopped, each told once', async () => {
    const { client, sent, say, sockets, turn } = line();
    const events: (AccountEvent | RelistEvent)[] = [];
    const following = client.onAccounts((event) => events.push(event));
    await turn();
    expect(sent.at(-1)).toMatchObject({ command: 'resume', params: { follow: 'all' } });
    // Read in the same turn as the reply that they follow.
    say([
      { id: sent.at(-1)!.id, ok: true, result: { session: 's', seq: 0, resumed: false, reason: 'new', accounts: [] } },
      balance(1),
    ]);
    await following;
    say([balance(2), balance(2)]);
    sockets.at(-1)?.onClose(1006, '');
    while (sent.filter(({ command }) => command === 'resume').length < 2) await turn();
    expect(sent.at(-1)?.params).toEqual({ follow: 'all', session: 's', after: 2 });
    say([
      { id: sent.at(-1)!.id, ok: true, result: { session: 's', seq: 2, resumed: true, reason: null, accounts: [] } },
      balance(3),
    ]);
    await turn();
    expect(told(events)).toEqual(['new', 1, 2, 3]);
    await client[Symbol.asyncDispose]();
  });

  it('say that something may be missing when the server has forgotten the session', async () => {
    const { client, sent, say, sockets, turn } = line();
    const events: (AccountEvent | RelistEvent)[] = [];
    const following = client.onAccounts((event) => events.push(event));
    await turn();
    reply(say, sent.at(-1)!.id, { session: 's', seq: 0, resumed: false });
    await following;
    sockets.at(-1)?.onClose(1006, '');
    while (sent.length < 2) await turn();
    reply(say, sent.at(-1)!.id, { session: 't', seq: 0, resumed: false, reason: 'server-restarted' });
    await turn();
    say([balance(1)]);
    expect(told(events)).toEqual(['new', 'server-restarted', 1]);
    const late: (AccountEvent | RelistEvent)[] = [];
    await client.onAccounts((event) => late.push(event));
    expect(told(late)).toEqual(['new']);
    await client[Symbol.asyncDispose]();
  });

  it('are never told with a hole: the connection is made anew', async () => {
    const { client, sent, say, turn } = line();
    const events: (AccountEvent | RelistEvent)[] = [];
    const following = client.onAccounts((event) => events.push(event));
    await turn();
    reply(say, sent.at(-1)!.id, { session: 's', seq: 0, resumed: false });
    await following;
    say([balance(1), balance(3)]);
    expect(client.state).toBe('waiting');
    expect(told(events)).toEqual(['new', 1]);
    await client[Symbol.asyncDispose]();
  });

  it('lose nothing when a session of own orders becomes one of all', async () => {
    const { client, sent, say, turn } = line();
    const events: (AccountEvent | RelistEvent)[] = [];
    const own = client.onAccounts((event) => events.push(event), { follow: 'own' });
    await turn();
    reply(say, sent.at(-1)!.id, { session: 's', seq: 0, resumed: false });
    await own;
    const all = client.onAccounts(() => undefined);
    await turn();
    say([
      balance(1),
      { id: sent.at(-1)!.id, ok: true, result: { session: 's', seq: 1, resumed: true, reason: null, accounts: [] } },
    ]);
    await all;
    say([balance(2)]);
    expect(told(events)).toEqual(['new', 1, 2]);
    await client[Symbol.asyncDispose]();
  });

  it('end for good when another connection has taken the session', async () => {
    const { client, sockets, turn } = line();
    await turn();
    sockets.at(-1)?.onClose(CLOSE.takenOver, 'taken over');
    expect(client.state).toBe('closed');
  });
});
