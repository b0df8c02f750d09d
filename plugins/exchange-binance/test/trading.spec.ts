import type { Simulated } from '@speed-protocol/conformance/exchange';
import { type CommandOutcome, type Connector, decimal, type NewOrder, type Order, type PrivateEvent } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate, type VenueId } from './helpers/simulated.js';

/** Orders that are legal on each venue: one price that rests, a better one, and one size. */
const TRADED = {
  binance: { symbol: 'BTC/USDT', amount: '0.02', smaller: '0.01', resting: '60000', better: '61000', ways: ['rest', 'socket'] },
  binanceusdm: {
    symbol: 'BTC/USDT:USDT',
    amount: '0.020',
    smaller: '0.010',
    resting: '88000',
    better: '88100',
    ways: ['rest', 'socket'],
  },
  binancecoinm: {
    symbol: 'BTC/USD:BTC',
    amount: '20',
    smaller: '10',
    resting: '88000',
    better: '88100',
    ways: ['rest', 'socket'],
  },
} as const;
const CASES = Object.entries(TRADED).flatMap(([venue, { ways }]) => ways.map((via) => [venue as VenueId, via] as const));

let simulated: Simulated;
beforeEach(async () => {
  simulated = await simulate({ seed: 20260131 });
});
afterEach(async () => {
  await simulated[Symbol.asyncDispose]();
});

const now = <T>(promise: Promise<T>, what = 'the answer') => simulated.settled(promise, what);

function orderOf(connector: Connector, more: Partial<NewOrder> = {}): NewOrder {
  const { symbol, amount, resting } = TRADED[connector.venue as VenueId];
  const clientOrderId = connector.trading!.newClientOrderId();
  return { symbol, clientOrderId, side: 'buy', type: 'limit', amount: decimal(amount), price: decimal(resting), ...more };
}

function market(connector: Connector, more: Partial<NewOrder> = {}): NewOrder {
  const { price: _, ...order } = orderOf(connector, { type: 'market', ...more });
  return order;
}

function accepted(outcome: CommandOutcome): Order {
  if (outcome.status === 'accepted' && outcome.order) return outcome.order;
  throw new Error(`not accepted: ${JSON.stringify(outcome)} ${outcome.status === 'rejected' ? outcome.reason.message : ''}`);
}

describe.each(CASES)('%s over %s', (venue, via) => {
  it('places, asks, lists, amends and cancels', async () => {
    const { symbol, amount, smaller, resting, better } = TRADED[venue];
    const connector = simulated.connectAccount(venue);
    const trading = connector.trading!;
    const order = orderOf(connector);
    const ref = { symbol, clientOrderId: order.clientOrderId };
    const placed = accepted(await now(trading.placeOrder(order, { via })));
    expect(placed).toMatchObject({
      venue,
      symbol,
      clientOrderId: order.clientOrderId,
      side: 'buy',
      type: 'limit',
      status: 'OPEN',
    });
    expect([placed.amount, placed.price, placed.filled].map(Number)).toEqual([Number(amount), Number(resting), 0]);
    expect(await now(trading.getOrder(ref, { via }))).toMatchObject({ venueOrderId: placed.venueOrderId, status: 'OPEN' });
    expect(await now(trading.getOrder({ symbol, venueOrderId: placed.venueOrderId }))).toMatchObject({ status: 'OPEN' });
    expect((await now(trading.openOrders(symbol))).map((each) => each.clientOrderId)).toEqual([order.clientOrderId]);
    expect((await now(trading.openOrders())).map((each) => each.symbol)).toEqual([symbol]);
    const change = venue === 'binance' ? { amount: decimal(smaller) } : { price: decimal(better), amount: decimal(smaller) };
    const amended = accepted(await now(trading.amendOrder!(ref, change, { via })));
    expect(amended).toMatchObject({ clientOrderId: order.clientOrderId, status: 'OPEN' });
    expect(Number(amended.amount)).toBe(Number(smaller));
    const cancelled = accepted(await now(trading.cancelOrder(ref, { via })));
    expect(cancelled).toMatchObject({ clientOrderId: order.clientOrderId, status: 'CANCELED' });
    expect(await now(trading.getOrder(ref))).toMatchObject({ clientOrderId: order.clientOrderId, status: 'CANCELED' });
    expect(await now(trading.cancelOrder(ref, { via }))).toMatchObject({ status: 'rejected', reason: { kind: 'not-found' } });
    expect(await now(trading.openOrders(symbol))).toEqual([]);
  });

  it('tells what it is told of an order, its fill and the balance', async () => {
    const { symbol } = TRADED[venue];
    const connector = simulated.connectAccount(venue);
    const events: PrivateEvent[] = [];
    await now(
      connector.account!.subscribe((event) => events.push(event)),
      'the stream to be up',
    );
    const order = market(connector);
    const placed = accepted(await now(connector.trading!.placeOrder(order, { via })));
    await simulated.until(
      () => events.some((event) => event.type === 'order' && event.order.status === 'FILLED'),
      'the order to be told',
    );
    expect(placed).toMatchObject({ status: 'FILLED', type: 'market', price: null, timeInForce: null });
    const told = events.filter((event) => event.type === 'fill').map((event) => event.fill);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((fill) => fill.clientOrderId === order.clientOrderId && fill.liquidity === 'taker')).toBe(true);
    expect(events[0]).toMatchObject({ type: 'stream', state: 'up', venue });
    const asked = await now(connector.trading!.fills(symbol, { venueOrderId: placed.venueOrderId }));
    expect(told).toEqual(asked.map((fill) => ({ ...fill, clientOrderId: order.clientOrderId })));
    const types = new Set(events.map((event) => event.type));
    expect(types.has('balance')).toBe(true);
    expect(types.has('position')).toBe(venue !== 'binance');
  });

  it('says what is refused, with the reason', async () => {
    const connector = simulated.connectAccount(venue);
    const trading = connector.trading!;
    const first = orderOf(connector);
    accepted(await now(trading.placeOrder(first, { via })));
    const twice = await now(trading.placeOrder(first, { via }));
    expect(twice).toMatchObject({ status: 'rejected', reason: { kind: 'duplicate', outcomeKnown: true } });
    const taking = orderOf(connector, { price: decimal('99000'), timeInForce: 'POST_ONLY' });
    expect(await now(trading.placeOrder(taking, { via }))).toMatchObject({ status: 'rejected', reason: { kind: 'rejected' } });
    if (venue !== 'binance') await now(connector.account!.setLeverage!(first.symbol, 1));
    const huge = orderOf(connector, { amount: decimal(venue === 'binancecoinm' ? '900000' : '900') });
    expect(await now(trading.placeOrder(huge, { via }))).toMatchObject({
      status: 'rejected',
      reason: { kind: 'insufficient-funds' },
    });
    expect(await now(trading.getOrder({ symbol: first.symbol, clientOrderId: trading.newClientOrderId() }))).toBeNull();
    const resting = orderOf(connector, { timeInForce: 'POST_ONLY' });
    expect(accepted(await now(trading.placeOrder(resting, { via })))).toMatchObject({ timeInForce: 'POST_ONLY', status: 'OPEN' });
    expect(await now(trading.cancelAllOrders(first.symbol))).toMatchObject({ status: 'accepted' });
    expect(await now(trading.cancelAllOrders(first.symbol))).toMatchObject({ status: 'accepted' });
    expect(await now(trading.openOrders())).toEqual([]);
  });

  it.each(['IOC', 'FOK'] as const)('%s that finds nothing ends expired', async (timeInForce) => {
    const connector = simulated.connectAccount(venue);
    const order = orderOf(connector, { timeInForce });
    const outcome = await now(connector.trading!.placeOrder(order, { via }));
    const end = outcome.status === 'accepted' ? outcome.order?.status : outcome.status;
    expect(['EXPIRED', 'rejected']).toContain(end);
    if (end === 'EXPIRED') expect(outcome).toMatchObject({ order: { timeInForce } });
  });
});

it.each(['binanceusdm', 'binancecoinm'] as const)('cancels with all orders those that wait for a price: %s', async (venue) => {
  const connector = simulated.connectAccount(venue);
  const accounts = simulated.sim.accounts(venue);
  const account = accounts.get('default')!;
  const { symbol } = TRADED[venue];
  const { venueSymbol } = await now(connector.reference.instrument(symbol));
  const order = { symbol: venueSymbol, side: 'sell', kind: 'market', size: '1' } as const;
  const stop = accounts.placeConditional(account, { order, by: 'mark', direction: 'fall', price: '1000.0' });
  expect([stop.ok, accounts.conditionals.waiting(account)]).toEqual([true, [expect.anything()]]);
  expect(await now(connector.trading!.cancelAllOrders(symbol))).toMatchObject({ status: 'accepted' });
  expect(accounts.conditionals.waiting(account)).toEqual([]);
});
