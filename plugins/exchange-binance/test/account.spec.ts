import type { Simulated } from '@speed-protocol/conformance/exchange';
import { type CommandOutcome, type Connector, decimal, type NewOrder, SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate, type VenueId } from './helpers/simulated.js';

const TRADED = {
  binance: { symbol: 'BTC/USDT', amount: '0.02', resting: '60000', fees: { maker: 0.001, taker: 0.001 } },
  binanceusdm: { symbol: 'BTC/USDT:USDT', amount: '0.020', resting: '88000', fees: { maker: 0.0002, taker: 0.0005 } },
  binancecoinm: { symbol: 'BTC/USD:BTC', amount: '20', resting: '88000', fees: { maker: 0.0002, taker: 0.0005 } },
} as const;
const VENUES = Object.keys(TRADED) as VenueId[];
const FUTURES = ['binanceusdm', 'binancecoinm'] as const;

let simulated: Simulated;
beforeEach(async () => {
  simulated = await simulate({ seed: 20260701 });
});
afterEach(async () => {
  await simulated[Symbol.asyncDispose]();
});

const now = <T>(promise: Promise<T>, what = 'the answer') => simulated.settled(promise, what);

function orderOf(connector: Connector, more: Partial<NewOrder> = {}): NewOrder {
  const { symbol, amount, resting } = TRADED[connector.venue as VenueId];
  const clientOrderId = connector.trading!.newClientOrderId();
  const price = more.type === 'market' ? {} : { price: decimal(resting) };
  return { symbol, clientOrderId, side: 'buy', type: 'limit', amount: decimal(amount), ...price, ...more };
}

const statuses = (outcomes: readonly CommandOutcome[]) =>
  outcomes.map((each) =>
    each.status === 'accepted' ? each.order?.status : each.status === 'rejected' ? each.reason.kind : each,
  );

describe.each(VENUES)('%s', (venue) => {
  const { symbol, fees } = TRADED[venue];

  it('tells balances, and fees as fractions', async () => {
    const { account } = simulated.connectAccount(venue);
    const balances = await now(account!.balances());
    expect(balances.length).toBeGreaterThan(0);
    for (const { total, free } of balances) expect([Number(total) > 0, Number(free) > 0]).toEqual([true, true]);
    const rates = await now(account!.feeRates(symbol));
    expect({ maker: Number(rates.maker), taker: Number(rates.taker) }).toEqual(fees);
  });

  it('holds back what an order takes', async () => {
    const connector = simulated.connectAccount(venue);
    const free = async () => Number((await now(connector.account!.balances())).find(({ currency }) => currency === pays)?.free);
    const pays = venue === 'binancecoinm' ? 'BTC' : 'USDT';
    const before = await free();
    await now(connector.trading!.placeOrder(orderOf(connector)));
    expect(await free()).toBeLessThan(before);
  });

  it('pages own fills by id, and finds them by time and by order', async () => {
    const connector = simulated.connectAccount(venue);
    const trading = connector.trading!;
    const from = simulated.sim.clock.now();
    const orders: (string | null)[] = [];
    for (let i = 0; i < 3; i++) {
      const outcome = await now(trading.placeOrder(orderOf(connector, { type: 'market' })));
      orders.push(outcome.status === 'accepted' ? outcome.venueOrderId : null);
    }
    const all = await now(trading.fills(symbol));
    expect(new Set(all.map((fill) => fill.venueOrderId))).toEqual(new Set(orders));
    expect(await now(trading.fills(symbol, { since: from }))).toEqual(all);
    expect(await now(trading.fills(symbol, { since: from + 3_600_000 }))).toEqual([]);
    expect(await now(trading.fills(symbol, { fromId: all[1]!.tradeId }))).toEqual(all.slice(1));
    expect(await now(trading.fills(symbol, { fromId: all[0]!.tradeId, limit: 2 }))).toEqual(all.slice(0, 2));
    expect(await now(trading.fills(symbol, { venueOrderId: orders[1]! }))).toEqual(
      all.filter((fill) => fill.venueOrderId === orders[1]),
    );
  });

  it('has what it declares, and no more', () => {
    const { trading, account, capabilities } = simulated.connectAccount(venue);
    const futures = venue !== 'binance';
    expect([trading!.placeOrders, trading!.cancelOrders, trading!.cancelAllAfter].map((each) => each !== undefined)).toEqual([
      futures,
      futures,
      futures,
    ]);
    expect([account!.positions, account!.setLeverage, account!.hedgeMode].map((each) => each !== undefined)).toEqual([
      futures,
      futures,
      futures,
    ]);
    expect(capabilities.trading?.deadMansSwitch).toBe(futures);
  });

  it('refuses to speak without credentials, and says where they go', async () => {
    const { trading, account } = simulated.connect(venue);
    const connector = simulated.connect(venue);
    const calls: (() => Promise<unknown>)[] = [
      () => trading!.placeOrder(orderOf(connector)),
      () => trading!.getOrder({ symbol, clientOrderId: 'x' }),
      () => account!.balances(),
      () => account!.subscribe(() => {}),
    ];
    for (const call of calls) {
      await expect(now(call())).rejects.toMatchObject({
        kind: 'unauthorized',
        message: expect.stringContaining('apiKey') as unknown,
      });
    }
  });

  it('tells a wrong key from a lost answer', async () => {
    const { trading, account } = simulated.connectAccount(venue, { secret: 'not the secret' });
    const outcome = await now(trading!.placeOrder(orderOf(simulated.connect(venue)), { via: 'rest' }));
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unauthorized', venueCode: '-1022' } });
    const bySocket = await now(trading!.placeOrder(orderOf(simulated.connect(venue)), { via: 'socket' }));
    expect(bySocket).toMatchObject({ status: 'rejected', reason: { kind: 'unauthorized', venueCode: '-1022' } });
    const failed = await now(account!.balances().catch((error: unknown) => error));
    expect(SpeedError.is(failed, 'unauthorized')).toBe(true);
  });
});

describe.each(FUTURES)('%s', (venue) => {
  const { symbol, amount } = TRADED[venue];

  it('opens and closes a position, with leverage and margin mode', async () => {
    const connector = simulated.connectAccount(venue);
    const account = connector.account!;
    await now(account.setLeverage!(symbol, 7));
    await now(account.setMarginMode!(symbol, 'isolated'));
    await now(account.setMarginMode!(symbol, 'isolated'));
    expect(await now(account.positions!())).toEqual([]);
    await now(connector.trading!.placeOrder(orderOf(connector, { type: 'market' })));
    const [position, ...others] = await now(account.positions!(symbol));
    expect(others).toEqual([]);
    expect(position).toMatchObject({ venue, symbol, positionSide: null, leverage: 7, marginMode: 'isolated' });
    expect(Number(position?.amount)).toBe(Number(amount));
    expect(Number(position?.entryPrice)).toBeGreaterThan(0);
    const closing = orderOf(connector, { type: 'market', side: 'sell', reduceOnly: true, amount: decimal(amount) });
    await now(connector.trading!.placeOrder(closing));
    expect(await now(account.positions!())).toEqual([]);
    const again = { ...closing, clientOrderId: connector.trading!.newClientOrderId() };
    expect(await now(connector.trading!.placeOrder(again))).toMatchObject({ status: 'rejected', reason: { kind: 'rejected' } });
  });

  it('keeps two legs in hedge mode, and closes one by its own name', async () => {
    const connector = simulated.connectAccount(venue);
    const { account, trading } = connector;
    expect(await now(account!.hedgeMode!())).toBe(false);
    await now(account!.setHedgeMode!(true));
    await now(account!.setHedgeMode!(true));
    expect(await now(account!.hedgeMode!())).toBe(true);
    const one = orderOf(connector, { type: 'market' });
    expect(await now(trading!.placeOrder(one))).toMatchObject({ status: 'rejected' });
    await now(trading!.placeOrder(orderOf(connector, { type: 'market', positionSide: 'long' })));
    await now(trading!.placeOrder(orderOf(connector, { type: 'market', side: 'sell', positionSide: 'short' })));
    const legs = await now(account!.positions!(symbol));
    expect(legs.map(({ positionSide, amount: held }) => [positionSide, Number(held)]).sort()).toEqual([
      ['long', Number(amount)],
      ['short', -Number(amount)],
    ]);
    const close = orderOf(connector, { type: 'market', side: 'sell', positionSide: 'long', reduceOnly: true });
    expect(await now(trading!.placeOrder(close))).toMatchObject({ status: 'accepted', order: { positionSide: 'long' } });
    expect((await now(account!.positions!(symbol))).map(({ positionSide }) => positionSide)).toEqual(['short']);
    const opening = orderOf(connector, { type: 'market', positionSide: 'long', reduceOnly: true });
    await expect(trading!.placeOrder(opening)).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it('places and cancels more than one request holds, each with its own outcome, in order', async () => {
    const connector = simulated.connectAccount(venue);
    const trading = connector.trading!;
    const orders = Array.from({ length: 12 }, (_, i) =>
      orderOf(connector, i === 7 ? { price: decimal('99000'), timeInForce: 'POST_ONLY' } : {}),
    );
    const placed = await now(trading.placeOrders!(orders));
    expect(statuses(placed)).toEqual(orders.map((_, i) => (i === 7 ? 'rejected' : 'OPEN')));
    expect(placed.map((each) => (each.status === 'accepted' ? each.order?.clientOrderId : null))).toEqual(
      orders.map(({ clientOrderId }, i) => (i === 7 ? null : clientOrderId)),
    );
    const refs = orders.map(({ clientOrderId }, i) => {
      const outcome = placed[i]!;
      if (i % 3 === 0 && outcome.status === 'accepted') return { symbol, venueOrderId: outcome.venueOrderId! };
      return { symbol, clientOrderId };
    });
    const cancelled = await now(trading.cancelOrders!(refs));
    expect(statuses(cancelled)).toEqual(orders.map((_, i) => (i === 7 ? 'not-found' : 'CANCELED')));
    expect(await now(trading.openOrders())).toEqual([]);
  });

  it('is cancelled by the venue when it falls silent, unless disarmed', async () => {
    const connector = simulated.connectAccount(venue);
    const trading = connector.trading!;
    await now(trading.placeOrder(orderOf(connector)));
    await now(trading.cancelAllAfter!(symbol, 2_000));
    await now(trading.cancelAllAfter!(symbol, 0));
    await simulated.pass(4_000);
    expect(await now(trading.openOrders(symbol))).toHaveLength(1);
    await now(trading.cancelAllAfter!(symbol, 2_000));
    await simulated.pass(4_000);
    expect(await now(trading.openOrders(symbol))).toEqual([]);
    await expect(trading.cancelAllAfter!(symbol, -1)).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it('amends one value alone, and an order that another process placed', async () => {
    const connector = simulated.connectAccount(venue);
    const order = orderOf(connector);
    await now(connector.trading!.placeOrder(order));
    const other = simulated.connectAccount(venue).trading!;
    const ref = { symbol, clientOrderId: order.clientOrderId };
    const moved = await now(other.amendOrder!(ref, { price: decimal('88200') }));
    expect(moved).toMatchObject({ status: 'accepted', order: { status: 'OPEN' } });
    const asked = await now(other.getOrder(ref));
    expect([Number(asked?.price), Number(asked?.amount)]).toEqual([88200, Number(amount)]);
    expect(await now(other.amendOrder!({ symbol, clientOrderId: 'speed-nobody' }, { price: decimal('1') }))).toMatchObject({
      status: 'rejected',
      reason: { kind: 'not-found' },
    });
  });
});
