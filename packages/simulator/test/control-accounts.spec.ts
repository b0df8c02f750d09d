import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, type RunningSimulator, startSimulator } from '../src/index.js';
import { SEED } from './engine-model.js';
import { plain } from './plain-dialect.js';

type Json = Record<string, unknown>;
let sim: RunningSimulator;

beforeEach(async () => {
  sim = await startSimulator({ dialects: [plain], seed: SEED, clock: 'virtual' });
});
afterEach(() => sim.close());

async function get(query: string): Promise<{ readonly status: number; readonly body: Json }> {
  const response = await fetch(`${sim.controlUrl}/__sim/ledger?${query}`);
  return { status: response.status, body: (await response.json()) as Json };
}

async function post(body: unknown): Promise<{ readonly status: number; readonly body: Json }> {
  const response = await fetch(`${sim.controlUrl}/__sim/accounts`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Json };
}

const accountOf = (name: string): Account => sim.accounts('plain').get(name)!;

describe('accounts on the control port', () => {
  it('are opened with what nobody asked for, or with what was asked for', async () => {
    const opened = await post({ venue: 'plain', name: 'ann' });
    expect(opened).toMatchObject({ status: 200, body: { venue: 'plain', account: 'ann' } });
    expect(opened.body['credentials']).toEqual(accountOf('ann').credentials);
    expect((await get('venue=plain&account=ann')).body['balances']).toEqual([
      { asset: 'USDT', total: '1000000.00000000', locked: '0.00000000' },
    ]);
    await post({ venue: 'plain', name: 'ben', deposits: { BTC: '0.5' } });
    expect((await get('venue=plain&account=ben')).body['balances']).toMatchObject([{ asset: 'BTC', total: '0.50000000' }]);
    expect((await get('venue=plain')).body['accounts']).toEqual([
      { venue: 'plain', account: 'ann' },
      { venue: 'plain', account: 'ben' },
    ]);
  });

  it('are opened at every venue that has any when none is named', async () => {
    const { body } = await post({ name: 'ann' });
    expect(body).toEqual({ accounts: [{ venue: 'plain', account: 'ann', credentials: accountOf('ann').credentials }] });
    expect(await post({ name: 'ann' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/"ann" at plain already/) } },
    });
  });

  it('take a public key, at once or later', async () => {
    const pem = String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
    await post({ venue: 'plain', name: 'ann' });
    expect(await post({ venue: 'plain', name: 'ann', publicKey: pem })).toMatchObject({ status: 200 });
    await post({ venue: 'plain', name: 'ben', publicKey: pem });
    expect([accountOf('ann').publicKey, accountOf('ben').publicKey]).toEqual([pem, pem]);
  });

  it.each([
    [[], 400, /an account needs a name/],
    ['ann', 400, /an account is an object/],
    [{ venue: 'plain' }, 400, /needs a name/],
    [{ venue: 7, name: 'ann' }, 400, /venue is the id of a venue/],
    [{ venue: 'plain', name: 'ann', deposit: {} }, 400, /no "deposit"; did you mean deposits/],
    [{ venue: 'plain', name: 'ann', deposits: { USDT: 5 } }, 400, /deposit of USDT must be decimal text, not 5/],
    [{ venue: 'plain', name: 'ann', deposits: 'all' }, 400, /deposits are an object/],
    [{ venue: 'plain', name: 'ann', publicKey: 'secret' }, 400, /publicKey must be a public key in PEM/],
    [{ venue: 'other', name: 'ann' }, 404, /no venue "other" with accounts in this simulation; there is plain/],
  ] as const)('%j is refused with a reason', async (body, status, reason) => {
    expect(await post(body)).toMatchObject({ status, body: { error: { message: expect.stringMatching(reason) } } });
    expect(sim.accounts('plain').names).toEqual([]);
  });

  it('are opened once', async () => {
    await post({ venue: 'plain', name: 'ann' });
    expect(await post({ venue: 'plain', name: 'ann' })).toMatchObject({ status: 400, body: { error: { kind: 'config' } } });
  });
});

describe('the ledger on the control port', () => {
  it('shows orders, fills, balances and positions in decimal text', async () => {
    await post({ venue: 'plain', name: 'ann' });
    const accounts = sim.accounts('plain');
    const order = { symbol: 'BTCUSDT', side: 'sell', size: '0.010' } as const;
    expect(accounts.place(accountOf('ann'), { ...order, kind: 'market', clientId: 'first' })).toMatchObject({ ok: true });
    accounts.place(accountOf('ann'), { ...order, kind: 'limit', price: '120000.0', clientId: 'second' });
    const { body } = await get('venue=plain&account=ann');
    expect(body['orders']).toMatchObject([
      { clientId: 'first', status: 'filled', size: '0.010', filled: '0.010', price: null },
      { clientId: 'second', status: 'open', size: '0.010', filled: '0.000', price: '120000.00' },
    ]);
    const fills = body['fills'] as Json[];
    expect(fills.length).toBeGreaterThan(0);
    expect(fills[0]).toMatchObject({ clientId: 'first', side: 'sell', liquidity: 'taker', feeAsset: 'USDT' });
    expect(fills.reduce((sum, { size }) => sum + Number(size), 0)).toBeCloseTo(0.01);
    expect(body['positions']).toMatchObject([{ symbol: 'BTCUSDT', leg: 'net', size: '-0.010' }]);
  });

  it('pages through entries by id, and misses none', async () => {
    await post({ venue: 'plain', name: 'ann' });
    await post({ venue: 'plain', name: 'ben' });
    const accounts = sim.accounts('plain');
    for (const name of ['ann', 'ben', 'ann'])
      accounts.place(accountOf(name), { symbol: 'BTCUSDT', side: 'buy', size: '0.010', kind: 'market' });
    const ids: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const { body } = await get(`venue=plain&account=ann&after=${after}&limit=3`);
      ids.push(...(body['entries'] as { id: number }[]).map(({ id }) => id));
      after = body['next'] as number | null;
    }
    expect(ids).toEqual(accounts.ledger.entries.filter(({ account }) => account === 'ann').map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(6);
  });

  it.each([
    ['account=ann', 400, /\?venue= is missing/],
    ['venue=plain&account=nn', 404, /plain has no account "nn"; did you mean "ann"/],
    ['venue=other&account=ann', 404, /no venue "other" with accounts/],
    ['venue=plain&account=ann&after=x', 400, /whole number/],
  ])('%s is refused with a reason', async (query, status, reason) => {
    await post({ venue: 'plain', name: 'ann' });
    expect(await get(query)).toMatchObject({ status, body: { error: { message: expect.stringMatching(reason) } } });
  });
});
