import { describe, expect, it } from 'vitest';
import { exchangeOf, money, type TestExchange } from '../../test/accounts.js';
import type { LedgerEntry } from './ledger.js';
import type { OrderRequest, RefusalReason } from './types.js';

describe('Spot accounts', () => {
  it('holds what an order can cost, settles fills and fees, and frees the rest', () => {
    const { alice, bob, limit, placed, take, accounts } = exchangeOf('spot', { makerFee: '0.001', takerFee: '0.002' });
    const order = placed(alice, limit('buy', '2.00000', '90000.00'));
    expect(alice.balance('USDT')).toMatchObject({ total: money('10000000'), locked: money('180000') });
    placed(bob, take('sell', '0.50000'));
    expect(alice.balance('USDT')).toMatchObject({ total: money('9955000'), locked: money('135000') });
    expect(alice.balance('BTC').total).toBe(money('100.4995'));
    expect(bob.balance('USDT').total).toBe(money('10044910'));
    expect(accounts.cancel(alice, order)).toMatchObject({ ok: true, value: { status: 'canceled', filled: 50_000 } });
    expect(alice.balance('USDT').locked).toBe(0n);
  });

  it('takes a post-only order that would take where the venue does, and ends it before it is on the book', () => {
    const { alice, bob, limit, placed, accounts, market } = exchangeOf('spot', { endings: { expired: 'canceled' } });
    placed(bob, limit('sell', '1.00000', '80000.00'));
    const turnedAway = placed(alice, limit('buy', '1.00000', '90000.00', { postOnly: true, wouldTake: 'expire' }));
    expect(turnedAway).toMatchObject({ status: 'expired', endedBy: 'would-take', filled: 0 });
    expect([accounts.told(turnedAway), alice.balance('USDT').locked, alice.openOrders()]).toEqual(['canceled', 0n, []]);
    const kept = placed(alice, limit('buy', '1.00000', '79000.00', { postOnly: true, wouldTake: 'expire' }));
    expect(kept).toMatchObject({ status: 'open', id: turnedAway.id + 1 });
    expect(market.engine.order(kept.id)).toBeDefined();
  });

  it('frees what a better price saves', () => {
    const { alice, bob, limit, placed } = exchangeOf('spot', { takerFee: '0' });
    placed(bob, limit('sell', '1.00000', '80000.00'));
    placed(alice, limit('buy', '2.00000', '90000.00'));
    expect(alice.balance('USDT')).toMatchObject({ total: money('9920000'), locked: money('90000') });
  });

  it('pays a negative maker fee', () => {
    const { alice, bob, limit, placed, take } = exchangeOf('spot', { makerFee: '-0.0001' });
    placed(alice, limit('sell', '1.00000', '90000.00'));
    placed(bob, take('buy', '1.00000'));
    expect(alice.balance('USDT').total).toBe(money('10090009'));
  });
});

type Refusal = [RefusalReason, (x: TestExchange) => OrderRequest];

const SPOT_REFUSALS: readonly Refusal[] = [
  ['unknown-symbol', ({ limit }) => limit('buy', '1', '90000', { symbol: 'NOPE' })],
  ['bad-price', ({ limit }) => limit('buy', '1', '90000.001')],
  ['bad-price', ({ limit }) => limit('buy', '1', '-90000')],
  ['bad-price', ({ limit }) => limit('buy', '1', '9e4')],
  ['bad-price', ({ take }) => take('buy', '1', { price: '90000' })],
  ['bad-size', ({ limit }) => limit('buy', '0.000001', '90000')],
  ['bad-size', ({ limit }) => limit('buy', '0', '90000')],
  ['bad-size', ({ limit }) => limit('buy', '0.10000000000000000000000001', '90000')],
  ['min-notional', ({ limit }) => limit('buy', '0.00001', '90000')],
  ['insufficient-balance', ({ limit }) => limit('buy', '112', '90000')],
  ['insufficient-balance', ({ limit }) => limit('sell', '100.00001', '90000')],
  ['would-take', ({ limit }) => limit('buy', '1', '95000', { postOnly: true })],
  ['no-liquidity', ({ take }) => take('sell', '1')],
  ['not-a-derivative', ({ limit }) => limit('sell', '1', '96000', { reduceOnly: true })],
  ['position-side', ({ limit }) => limit('sell', '1', '96000', { positionSide: 'long' })],
  ['duplicate-client-id', ({ limit }) => limit('buy', '1', '80000', { clientId: 'mine' })],
];

describe('A cancel that comes too late', () => {
  it('finds the order filled at its own price, and fills no other', () => {
    const x = exchangeOf('spot', { races: ({ clientId }) => clientId === 'late' });
    const early = x.placed(x.alice, x.limit('buy', '1', '89000', { clientId: 'early' }));
    const late = x.placed(x.alice, x.limit('buy', '1', '88000', { clientId: 'late' }));
    expect(x.accounts.cancel(x.alice, late)).toEqual({ ok: false, reason: 'unknown-order' });
    expect(x.alice.order(late)).toMatchObject({ status: 'filled', filled: late.size });
    expect(x.alice.balance('USDT')).toMatchObject({ total: money('9912000'), locked: money('89000') });
    expect(x.accounts.cancel(x.alice, early)).toMatchObject({ ok: true });
  });

  it('leaves an order alone that is not on the book', () => {
    const x = exchangeOf('spot', { races: () => true });
    x.placed(x.bob, x.limit('sell', '1', '90000'));
    const done = x.placed(x.alice, x.take('buy', '1'));
    expect(x.accounts.cancel(x.alice, done)).toEqual({ ok: false, reason: 'unknown-order' });
    expect(x.accounts.ledger.entries.filter(({ kind }) => kind === 'fill')).toHaveLength(2);
  });
});

describe('Order intake', () => {
  it.each(SPOT_REFUSALS)('refuses: %s (%#)', (reason, request) => {
    const x = exchangeOf('spot');
    x.placed(x.bob, x.limit('sell', '1', '95000'));
    x.placed(x.alice, x.limit('sell', '0.00010', '97000', { clientId: 'mine' }));
    x.accounts.cancel(x.alice, x.alice.openOrders()[0]!);
    const own = x.placed(x.alice, x.limit('sell', '0.00010', '97000', { clientId: 'mine' }));
    const before = { balances: x.alice.balances, open: x.market.engine.openOrders };
    if (reason === 'insufficient-balance') x.accounts.cancel(x.alice, own);
    expect(x.accounts.place(x.alice, request(x))).toEqual({ ok: false, reason });
    expect(x.accounts.ledger.entries.at(-1)).toMatchObject({ kind: 'refusal', account: 'alice', reason });
    if (reason !== 'insufficient-balance')
      expect({ balances: x.alice.balances, open: x.market.engine.openOrders }).toEqual(before);
  });

  it('takes any number of open orders with one client id where those are mere labels; the latest is found by it', () => {
    const x = exchangeOf('spot', { sharedClientIds: true });
    const orders = [1, 2].map((lots) => x.placed(x.alice, x.limit('buy', String(lots), '80000', { clientId: 'mine' })));
    expect(x.alice.openOrders().map(({ clientId }) => clientId)).toEqual(['mine', 'mine']);
    expect(x.alice.order({ symbol: orders[1]!.symbol, clientId: 'mine' })?.id).toBe(orders[1]!.id);
  });

  it('ends the rest of an IOC, all of a FOK that does not fit, and the rest of a market order', () => {
    const { alice, bob, limit, take, placed } = exchangeOf('spot');
    placed(bob, limit('sell', '1', '90000'));
    expect(placed(alice, limit('buy', '2', '90000', { timeInForce: 'FOK' }))).toMatchObject({ status: 'expired', filled: 0 });
    expect(placed(alice, limit('buy', '2', '90000', { timeInForce: 'IOC' }))).toMatchObject({
      status: 'expired',
      filled: 100_000,
    });
    placed(bob, limit('sell', '1', '90000'));
    expect(placed(alice, take('buy', '2'))).toMatchObject({ status: 'expired', filled: 100_000 });
    expect(alice.balance('USDT').locked).toBe(0n);
  });

  it('amends price and size, moves the hold, and may fill', () => {
    const { alice, bob, limit, placed, accounts } = exchangeOf('spot');
    const order = placed(alice, limit('buy', '2', '90000'));
    expect(accounts.amend(alice, order, { size: '1', price: '80000' })).toMatchObject({ ok: true });
    expect(alice.balance('USDT').locked).toBe(money('80000'));
    placed(bob, limit('sell', '0.4', '85000'));
    expect(accounts.amend(alice, order, { price: '85000' })).toMatchObject({ ok: true, value: { filled: 40_000 } });
    expect(alice.balance('USDT').locked).toBe(money('51000'));
    const refused = [{ size: '0.4' }, { size: '1' }, { price: '0.001' }, { size: 'x' }, { size: '1000' }];
    expect(refused.map((change) => accounts.amend(alice, order, change))).toMatchObject([
      { reason: 'size-already-filled' },
      { reason: 'no-change' },
      { reason: 'bad-price' },
      { reason: 'bad-size' },
      { reason: 'insufficient-balance' },
    ]);
    const resting = placed(alice, limit('buy', '1', '70000', { postOnly: true }));
    placed(bob, limit('sell', '1', '88000'));
    expect(accounts.amend(alice, resting, { price: '88000' })).toMatchObject({ reason: 'would-take' });
  });

  it('cancels by id or client id, once', () => {
    const { alice, bob, limit, placed, accounts, symbol } = exchangeOf('spot');
    placed(alice, limit('buy', '1', '80000', { clientId: 'mine' }));
    expect(accounts.cancel(bob, { symbol, clientId: 'mine' })).toMatchObject({ reason: 'unknown-order' });
    expect(accounts.cancel(alice, { symbol, clientId: 'mine' })).toMatchObject({ ok: true });
    expect(accounts.cancel(alice, { symbol, clientId: 'mine' })).toMatchObject({ reason: 'unknown-order' });
    expect(accounts.amend(alice, { symbol, clientId: 'mine' }, { size: '2' })).toMatchObject({ reason: 'unknown-order' });
    expect(accounts.cancel(alice, { symbol: 'NOPE', id: 1 })).toMatchObject({ reason: 'unknown-symbol' });
  });

  it('cancels all of one account only, at once or when the countdown ends', () => {
    const { alice, bob, limit, placed, accounts, symbol, venue, market } = exchangeOf('spot');
    for (const price of ['80000', '81000']) placed(alice, limit('buy', '1', price));
    placed(bob, limit('buy', '1', '80000'));
    expect(accounts.cancelAll(alice, symbol)).toHaveLength(2);
    const late = placed(alice, limit('buy', '1', '80000'));
    accounts.cancelAllAfter(alice, symbol, 1000);
    venue.clock.advance(900);
    accounts.cancelAllAfter(alice, symbol, 1000);
    venue.clock.advance(900);
    expect(alice.order(late)?.status).toBe('open');
    venue.clock.advance(100);
    expect(alice.order(late)?.status).toBe('canceled');
    const kept = placed(alice, limit('buy', '1', '80000'));
    accounts.cancelAllAfter(alice, symbol, 1000);
    accounts.cancelAllAfter(alice, symbol, 0);
    venue.clock.advance(2000);
    expect(alice.order(kept)?.status).toBe('open');
    expect(market.engine.openOrders).toBe(2);
  });
});

describe('Accounts', () => {
  it('draws credentials from seed and name', () => {
    const one = exchangeOf('spot', { password: true });
    const { apiKey, secret, password } = one.alice.credentials;
    expect([apiKey, secret, password].map((text) => text?.length)).toEqual([64, 64, 16]);
    expect(exchangeOf('spot', { password: true }).alice.credentials).toEqual(one.alice.credentials);
    expect(exchangeOf('spot', { password: true, seed: 2 }).alice.credentials.apiKey).not.toBe(apiKey);
    expect(one.bob.credentials.apiKey).not.toBe(apiKey);
    expect(one.accounts.byKey(apiKey)).toBe(one.alice);
    expect(() => one.accounts.open('alice', {})).toThrow(/choose another name/);
  });

  it('tells subscribers of every entry, in order, until they leave', () => {
    const { alice, bob, limit, take, placed, accounts } = exchangeOf('spot');
    const heard: LedgerEntry[] = [];
    const first = accounts.ledger.entries.length;
    const leave = accounts.ledger.subscribe((entry) => heard.push(entry));
    placed(alice, limit('buy', '1', '90000'));
    placed(bob, take('sell', '1'));
    leave();
    placed(alice, limit('buy', '1', '90000'));
    expect(heard).toEqual(accounts.ledger.entries.slice(first, first + heard.length));
    const kinds = heard.filter(({ account }) => account === 'bob').map((e) => (e.kind === 'balance' ? e.cause : e.kind));
    expect(kinds).toEqual(['order', 'order', 'fill', 'trade', 'trade', 'fee']);
    expect(accounts.ledger.entries.map(({ id }) => id)).toEqual(accounts.ledger.entries.map((_, i) => i + 1));
  });
});
