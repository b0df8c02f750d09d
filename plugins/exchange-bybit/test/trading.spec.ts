import type { Simulated } from '@speed-protocol/conformance/exchange';
import type { Connector, Decimal, NewOrder, PrivateEvent } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

describe(`trading on the simulated bybit (SPEED_SEED=${seed})`, () => {
  let world: Simulated;
  let connector: Connector;

  beforeEach(async () => {
    world = await simulate({ seed, symbols: ['BTC/USDT', 'BTC/USDT:USDT'] });
    connector = world.connectAccount('bybit');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const account = () => world.sim.accounts('bybit').get('default')!;
  const trading = () => connector.trading!;
  const order = (fields: Partial<NewOrder>): NewOrder => ({
    symbol: 'BTC/USDT',
    clientOrderId: trading().newClientOrderId(),
    side: 'buy',
    type: 'market',
    amount: '0.01' as Decimal,
    ...fields,
  });
  const place = (placed: NewOrder) => world.settled(trading().placeOrder(placed), 'the order');
  const found = async ({ symbol, clientOrderId }: NewOrder) =>
    (await world.settled(trading().getOrder({ symbol, clientOrderId }), 'the question'))!;
  const above = (share: number) => String(Math.round(world.sim.oracle.book('bybit', 'BTC/USDT').asks[0]![0] * share)) as Decimal;

  it.each(['buy', 'sell'] as const)('counts a market %s of spot in base', async (side) => {
    const placed = order({ side });
    expect(await place(placed)).toMatchObject({ status: 'accepted' });
    expect(await found(placed)).toMatchObject({ status: 'FILLED', amount: '0.010000', filled: '0.010000', positionSide: null });
    expect(account().orders.at(-1)).toMatchObject({ clientId: placed.clientOrderId, symbol: 'spot/BTCUSDT' });
  });

  it('says why a post-only order that would have taken is none, by question and by stream', async () => {
    const events: PrivateEvent[] = [];
    await world.settled(
      connector.account!.subscribe((event) => void events.push(event)),
      'the stream',
    );
    const placed = order({ type: 'limit', price: above(1.001), timeInForce: 'POST_ONLY' });
    expect(await place(placed)).toMatchObject({ status: 'accepted' });
    const reason = 'EC_PostOnlyWillTakeLiquidity';
    expect(await found(placed)).toMatchObject({ status: 'REJECTED', filled: '0', reason, timeInForce: 'POST_ONLY' });
    await world.until(() => events.some((event) => event.type === 'order' && event.order.reason === reason), 'the event');
  });

  it.each(['FOK', 'IOC'] as const)('says that an order that could not fill in its time (%s) has expired', async (timeInForce) => {
    const placed = order({ type: 'limit', price: above(0.97), timeInForce });
    expect(await place(placed)).toMatchObject({ status: 'accepted' });
    expect(await found(placed)).toMatchObject({ status: 'EXPIRED', filled: '0', timeInForce });
  });

  it('tells orders of the spot pair and of the perpetual apart, though the venue calls both the same', async () => {
    const events: PrivateEvent[] = [];
    await world.settled(
      connector.account!.subscribe((event) => void events.push(event)),
      'the stream',
    );
    const orders = ['BTC/USDT', 'BTC/USDT:USDT'].map((symbol) => order({ symbol, type: 'limit', price: above(0.97) }));
    for (const each of orders) expect(await place(each)).toMatchObject({ status: 'accepted' });
    const symbolOf = (id: string) => {
      const told = events.find((event) => event.type === 'order' && event.order.clientOrderId === id);
      return told?.type === 'order' ? told.order.symbol : undefined;
    };
    await world.until(() => orders.every(({ clientOrderId }) => symbolOf(clientOrderId) !== undefined), 'the events');
    for (const each of orders) {
      expect(symbolOf(each.clientOrderId)).toBe(each.symbol);
      const open = await world.settled(trading().openOrders(each.symbol), 'the question');
      expect(open.map(({ clientOrderId, symbol }) => [clientOrderId, symbol])).toEqual([[each.clientOrderId, each.symbol]]);
    }
    expect(await world.settled(trading().openOrders(), 'the question')).toHaveLength(2);
  });

  it('orders over the socket, once it is up', async () => {
    const first = order({ type: 'limit', price: above(0.97) });
    const placing = trading().placeOrder(first, { via: 'socket' });
    expect(await world.settled(placing, 'the order')).toMatchObject({ status: 'accepted' });
    expect(connector.connections().map(({ name }) => name)).toContain('bybit.orders');
    expect(await found(first)).toMatchObject({ status: 'OPEN', price: `${first.price}.00` });
  });

  it.each(['rest', 'socket'] as const)('places and cancels several orders of several products over %s', async (via) => {
    const price = above(0.97);
    const orders = [
      order({ type: 'limit', price }),
      order({ type: 'limit', price, symbol: 'BTC/USDT:USDT' }),
      order({ type: 'limit', price, amount: '1000000' as Decimal }),
    ];
    const outcomes = await world.settled(trading().placeOrders!(orders, { via }), 'the batch');
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { kind: 'insufficient-funds', venueCode: '170131' } });
    expect(await found(orders[1]!)).toMatchObject({ status: 'OPEN', amount: '0.010' });
    const refs = orders.map(({ symbol, clientOrderId }) => ({ symbol, clientOrderId }));
    const cancelled = await world.settled(trading().cancelOrders!(refs, { via }), 'the batch');
    expect(cancelled.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(await found(orders[0]!)).toMatchObject({ status: 'CANCELED' });
    expect(await world.settled(trading().openOrders(), 'the question')).toEqual([]);
  });

  it('is refused, not carried out, when it comes after its time', async () => {
    await world.settled(connector.reference.instruments(), 'instruments');
    world.sim.faults.inject({ kind: 'slow', target: 'rest', venue: 'bybit', delayMs: 30_000, durationMs: 5_000 });
    const placed = order({ type: 'limit', price: above(0.97) });
    expect(await world.settled(trading().placeOrder(placed, { via: 'rest' }), 'the order')).toMatchObject({ status: 'unknown' });
    await world.pass(40_000);
    expect(account().orders).toEqual([]);
  });
});
