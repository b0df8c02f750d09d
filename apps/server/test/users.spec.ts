import { once } from 'node:events';
import { connect } from '@speed-protocol/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Exchange, startExchange } from './exchange.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SEED = Number(process.env['SPEED_SEED'] ?? 20_261_121);
const [ALICE, BOB, WATCHER, OPERATOR] = ['alice', 'bob', 'watcher', 'operator'].map((name) => `${name}-token-0123456789`) as [
  string,
  string,
  string,
  string,
];

let exchange: Exchange;
beforeAll(async () => {
  const users = {
    alice: { token: ALICE, accounts: ['binance'] },
    bob: { token: BOB, accounts: ['binanceusdm'] },
    watcher: { token: WATCHER, accounts: '*' as const, mayTrade: false },
  };
  exchange = await startExchange({ seed: SEED, venues: ['binance', 'binanceusdm'], server: { users, token: OPERATOR } });
});
afterAll(() => exchange[Symbol.asyncDispose]());

const client = (token: string) => connect(exchange.server.webSocketUrl, { token });
const WISH = { symbol: 'BTC/USDT', side: 'buy', type: 'market', amount: '0.01' } as const;

it('shows each user its own accounts; an account of another does not exist', async () => {
  await using alice = client(ALICE);
  await using operator = client(OPERATOR);
  expect((await alice.accounts()).map(({ account }) => account)).toEqual(['binance']);
  expect((await operator.accounts()).map(({ account }) => account)).toEqual(['binance', 'binanceusdm']);
  const messageOf = (name: string) =>
    alice
      .account(name)
      .balances()
      .then(String, (error: Error) => error.message);
  const [foreign, missing] = [await messageOf('binanceusdm'), await messageOf('binancexxxx')];
  expect(foreign.replace('binanceusdm', 'NAME').replace(/; did you mean "binance"\?/, '')).toBe(
    missing.replace('binancexxxx', 'NAME').replace(/; did you mean "binance"\?/, ''),
  );
});

it('lets a user who may only look do nothing else', async () => {
  await using watcher = client(WATCHER);
  const account = watcher.account('binance');
  expect((await account.balances()).length).toBeGreaterThan(0);
  expect(await account.orders()).toEqual([]);
  const attempts = [
    () => account.place(WISH),
    () => account.cancel('x'),
    () => account.cancelAll(),
    () => account.killSwitch(true),
    () => account.shutdown(),
    () => account.amend('x', { price: '1' }),
    () => account.analyzeAndPlace({ symbol: 'BTC/USDT', side: 'buy', quote: 100 }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ kind: 'unauthorized' });
  expect(await account.analyzeAndPlace({ symbol: 'BTC/USDT', side: 'buy', quote: 100, dryRun: true })).toMatchObject({
    order: null,
  });
});

it('keeps a connection with the user that it has become', async () => {
  await using alice = client(ALICE);
  await expect(alice.call('auth', { token: BOB })).rejects.toMatchObject({ kind: 'unauthorized', message: /another user/ });
  expect(await alice.call('auth', { token: ALICE })).toEqual({ authenticated: true });
});

describe('the prototype’s protocol asks for the token too', () => {
  async function told(first: object, headers = {}) {
    const socket = new WebSocket(exchange.server.webSocketUrl, { headers });
    await once(socket, 'open');
    socket.send(JSON.stringify(first));
    const [data] = (await Promise.race([once(socket, 'message'), once(socket, 'close')])) as [unknown];
    socket.terminate();
    return typeof data === 'number' ? data : (JSON.parse(String(data)) as object);
  }

  it.each([
    ['none', { user_id: 'x' }, {}, 4401],
    ['a wrong one', { user_id: 'x', token: 'wrong-token-0123456789' }, {}, 4401],
    ['an action first', { action: 'get_account_info', exchange: 'binance' }, {}, 1008],
    ['in the message', { user_id: 'x', token: ALICE }, {}, { status: 'connected', user_id: 'x', account_name: null }],
    [
      'in the header',
      { user_id: 'x' },
      { Authorization: `Bearer ${BOB}` },
      { status: 'connected', user_id: 'x', account_name: null },
    ],
  ])('%s', async (_, first, headers, answer) => {
    expect(await told(first, headers)).toEqual(answer);
  });

  it('and gives no other user’s accounts to who claims their name', async () => {
    const socket = new WebSocket(exchange.server.webSocketUrl, { headers: { Authorization: `Bearer ${ALICE}` } });
    await once(socket, 'open');
    const answers: { status?: string; message?: string }[] = [];
    socket.send(JSON.stringify({ user_id: 'bob', account_name: 'binanceusdm' }));
    socket.send(JSON.stringify({ action: 'get_account_info', exchange: 'binanceusdm' }));
    socket.on('message', (data) => answers.push(JSON.parse(String(data)) as (typeof answers)[number]));
    await expect
      .poll(() => answers.find(({ status }) => status === 'error')?.message)
      .toMatch(/^No account "binanceusdm" for binanceusdm/);
    socket.terminate();
  });
});

it('refuses two users with one token', async () => {
  const users = { a: { token: ALICE }, b: { token: ALICE } };
  await expect(startExchange({ seed: SEED, venues: ['binance'], server: { users } })).rejects.toThrow(
    /two users have the same token/,
  );
});
