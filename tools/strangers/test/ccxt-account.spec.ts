import type { RunningSimulator } from '@speed-protocol/simulator';
import ccxt, { type Exchange } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointAll } from '../src/index.js';
import { expectNoEscape, SEED, simulate } from './simulation.js';
import { openAccount, restingPrice, TRADED, TRADED_VENUES, type TradedVenue } from './trading.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(async () => {
  await sim.close();
  expectNoEscape();
});

/** A client of an account of its own, which spot knows too: ccxt asks there for currencies. */
async function createExchange(venue: TradedVenue, account: string): Promise<Exchange> {
  for (const other of new Set([venue, 'binance'] as const)) await openAccount(sim, other, account);
  const { apiKey, secret } = sim.accounts(venue).get(account)!.credentials;
  const exchange = new ccxt[venue]({ apiKey, secret }) as Exchange;
  exchange.urls = pointAll(sim.ready, exchange.urls as object) as never;
  await exchange.loadMarkets();
  return exchange;
}

const FUTURES = TRADED_VENUES.slice(1);

describe.each(TRADED_VENUES)(`ccxt on %s, seed ${SEED}`, (venue) => {
  const { unified, size } = TRADED[venue];

  it('reads fees and the history of orders', async () => {
    const exchange = await createExchange(venue, `reader of ${venue}`);
    const { maker, taker } = await exchange.fetchTradingFee(unified);
    const { rates } = sim.accounts(venue);
    expect([maker, taker]).toEqual([Number(rates.maker) / 1e8, Number(rates.taker) / 1e8]);
    const filled = await exchange.createOrder(unified, 'market', 'buy', size);
    const resting = await exchange.createOrder(unified, 'limit', 'buy', size, restingPrice(sim, venue));
    const orders = await exchange.fetchOrders(unified);
    expect(orders.map(({ id, status }) => [id, status])).toEqual([
      [filled.id, 'closed'],
      [resting.id, 'open'],
    ]);
  });
});

it(`ccxt spends a sum on spot, and keeps a stop there, seed ${SEED}`, async () => {
  const exchange = await createExchange('binance', 'spender');
  const bought = await exchange.createMarketBuyOrderWithCost('BTC/USDT', 1000);
  expect(bought.cost).toBeLessThanOrEqual(1000);
  expect(bought.cost).toBeGreaterThan(990);
  const triggerPrice = restingPrice(sim, 'binance');
  const stop = await exchange.createOrder('BTC/USDT', 'limit', 'sell', 0.001, triggerPrice - 10, { stopLossPrice: triggerPrice });
  expect(stop).toMatchObject({ status: 'open', type: 'limit', triggerPrice });
  expect(await exchange.cancelOrder(stop.id as string, 'BTC/USDT')).toMatchObject({ id: stop.id, status: 'canceled' });
});

describe.each(FUTURES)(`ccxt on %s, derivatives, seed ${SEED}`, (venue) => {
  const { unified, size } = TRADED[venue];

  it('places and cancels batches', async () => {
    const exchange = await createExchange(venue, `batcher of ${venue}`);
    const [symbol, type, side] = [unified, 'limit', 'buy'] as const;
    const order = { symbol, type, side, amount: size, price: restingPrice(sim, venue) };
    const placed = await exchange.createOrders([order, order, order]);
    expect(placed.map(({ status }) => status)).toEqual(['open', 'open', 'open']);
    const ids = placed.map(({ id }) => id as string);
    const canceled = await exchange.cancelOrders(ids.slice(0, 2), unified);
    expect(canceled.map(({ id, status }) => [id, status])).toEqual(ids.slice(0, 2).map((id) => [id, 'canceled']));
    expect((await exchange.fetchOpenOrders(unified)).map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('sets leverage and margin mode, and sees a position with them', async () => {
    const exchange = await createExchange(venue, `isolator of ${venue}`);
    await exchange.setLeverage(10, unified);
    await exchange.setMarginMode('isolated', unified);
    await exchange.createOrder(unified, 'market', 'buy', size);
    const account = sim.accounts(venue).get(`isolator of ${venue}`)!;
    const [position] = await exchange.fetchPositions([unified]);
    expect(position).toMatchObject({ marginMode: 'isolated', contracts: size, side: 'long' });
    expect(account.positions[0]!.wallet).toBeGreaterThan(0n);
    await exchange.addMargin(unified, venue === 'binanceusdm' ? 100 : 2);
    const [fuller] = await exchange.fetchPositions([unified]);
    expect(fuller!.collateral).toBeGreaterThan(position!.collateral!);
    expect(fuller!.liquidationPrice).toBeLessThan(position!.liquidationPrice!);
    await exchange.reduceMargin(unified, venue === 'binanceusdm' ? 50 : 1);
    expect((await exchange.fetchLeverage(unified)).longLeverage).toBe(10);
  });

  it('keeps two legs in hedge mode', async () => {
    const exchange = await createExchange(venue, `hedger of ${venue}`);
    await exchange.setPositionMode(true, unified);
    expect(await exchange.fetchPositionMode(unified)).toMatchObject({ hedged: true });
    for (const side of ['buy', 'sell'] as const)
      await exchange.createOrder(unified, 'market', side, size, undefined, { hedged: true });
    const positions = await exchange.fetchPositions([unified]);
    expect(positions.map(({ side, contracts, hedged }) => [side, contracts, hedged])).toEqual([
      ['long', size, true],
      ['short', size, true],
    ]);
  });
});

it(`ccxt keeps conditional orders on their own endpoint, seed ${SEED}`, async () => {
  const exchange = await createExchange('binanceusdm', 'careful');
  const symbol = 'BTC/USDT:USDT';
  const stopLossPrice = restingPrice(sim, 'binanceusdm');
  const stop = await exchange.createOrder(symbol, 'market', 'sell', 0.02, undefined, { stopLossPrice });
  const trailing = await exchange.createOrder(symbol, 'market', 'sell', 0.02, undefined, { trailingPercent: 5 });
  const trigger = { trigger: true };
  const open = await exchange.fetchOpenOrders(symbol, undefined, undefined, trigger);
  expect(open.map(({ id, triggerPrice, status }) => [id, triggerPrice, status])).toMatchObject([
    [stop.id, stopLossPrice, 'open'],
    [trailing.id, undefined, 'open'],
  ]);
  await exchange.cancelOrder(stop.id as string, symbol, trigger);
  expect(await exchange.fetchOrder(stop.id as string, symbol, trigger)).toMatchObject({ status: 'canceled' });
  await exchange.cancelAllOrders(symbol, trigger);
  expect(await exchange.fetchOpenOrders(symbol, undefined, undefined, trigger)).toEqual([]);
  expect(sim.accounts('binanceusdm').conditionals.waiting(sim.accounts('binanceusdm').get('careful')!)).toEqual([]);
});

it(`ccxt keeps a stop on COIN-M too, under the id that it sends as that of a plain order, seed ${SEED}`, async () => {
  const exchange = await createExchange('binancecoinm', 'careful on COIN-M');
  const symbol = 'BTC/USD:BTC';
  const stopLossPrice = restingPrice(sim, 'binancecoinm');
  const params = { stopLossPrice, clientOrderId: 'my-stop' };
  const stop = await exchange.createOrder(symbol, 'market', 'sell', 20, undefined, params);
  expect(stop).toMatchObject({ clientOrderId: 'my-stop', status: 'open', triggerPrice: stopLossPrice });
  const trigger = { trigger: true };
  expect((await exchange.fetchOpenOrders(symbol, undefined, undefined, trigger)).map(({ id }) => id)).toEqual([stop.id]);
  await exchange.cancelOrder(stop.id as string, symbol, trigger);
  expect(await exchange.fetchOpenOrders(symbol, undefined, undefined, trigger)).toEqual([]);
});
