import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { Desk, startTrading } from '../../../test/sim-trading.js';

type Json = Record<string, unknown>;

let sim: RunningSimulator;
afterEach(() => sim.close());

const futures = ['binanceusdm', 'binancecoinm'] as const;

describe.each(futures)('%s', (venue) => {
  it('acknowledges as taken, and tells the result when asked', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const ack = await desk.ask('POST', '/order', { side: 'BUY', type: 'MARKET', quantity: desk.size });
    expect(ack).toMatchObject({ status: 'NEW', executedQty: expect.stringMatching(/^0(\.0+)?$/) });
    expect(ack).not.toHaveProperty('avgPrice');
    expect(await desk.ask('GET', '/order', { orderId: ack['orderId'] as number })).toMatchObject({
      status: 'FILLED',
      avgPrice: expect.stringMatching(/^8|^9/),
    });
  });

  it('takes no further from mark than the bound, and lets the rest expire', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const { grid, engine, pricing } = desk.market;
    const mark = pricing.mark(sim.clock.now());
    for (const percent of [4.9, 5.1]) {
      const price = grid.nearestTicks((mark * (100 + percent)) / 100);
      desk.market.submit({ owner: 'elsewhere', side: 'sell', price, size: 10_000 });
    }
    let order: Json;
    do order = await desk.take('BUY', { quantity: grid.formatSize(40_000) });
    while (order['status'] === 'FILLED');
    expect(order).toMatchObject({ status: 'EXPIRED', type: 'MARKET' });
    expect(engine.asks.best!.price / grid.nearestTicks(mark)).toBeCloseTo(1.051, 4);
    expect(await desk.take('BUY')).toMatchObject({ code: -4131 });
    expect(await desk.ask('GET', '/openOrders')).toEqual([]);
  });

  it('modifies with both price and quantity, and cancels what cannot stay', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const { orderId } = (await desk.limit(-10, { timeInForce: 'GTX' })) as { orderId: number };
    const modify = (params: Json) => desk.ask('PUT', '/order', { orderId, side: 'BUY', ...params } as never);
    expect(await modify({ quantity: desk.size })).toMatchObject({ code: -1102 });
    expect(await modify({ quantity: desk.size, price: desk.price(-10) })).toMatchObject({ code: -5027 });
    expect(await modify({ quantity: desk.size, price: desk.price(-11) })).toMatchObject({
      orderId,
      status: 'NEW',
      price: desk.price(-11),
    });
    const [from, to] = [desk.price(-10), desk.price(-11)];
    expect(await desk.ask('GET', '/orderAmendment', { orderId })).toMatchObject([
      { orderId, amendment: { price: { before: from, after: to }, origQty: { before: desk.size, after: desk.size }, count: 1 } },
    ]);
    expect(await modify({ quantity: desk.size, price: desk.price(1) })).toMatchObject({ orderId, status: 'CANCELED' });
    expect(await modify({ quantity: desk.size, price: desk.price(-11) })).toMatchObject({ code: -2013 });
  });

  it('places, modifies and cancels in batches, errors in their place', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const order = { symbol: desk.symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: desk.size };
    const orders = [desk.price(-10), '0', desk.price(-11)].map((price, i) => ({ ...order, price, newClientOrderId: `b${i}` }));
    const placed = await desk.ask<Json[]>('POST', '/batchOrders', { batchOrders: JSON.stringify(orders) });
    expect(placed).toMatchObject([{ clientOrderId: 'b0' }, { code: -4001 }, { clientOrderId: 'b2' }]);
    const canceled = await desk.ask('DELETE', '/batchOrders', { orderIdList: JSON.stringify([placed[0]!['orderId'], 1]) });
    expect(canceled).toMatchObject([{ status: 'CANCELED' }, { code: -2011 }]);
    expect(await desk.ask('DELETE', '/batchOrders', { origClientOrderIdList: '["b2"]' })).toMatchObject([{ status: 'CANCELED' }]);
    expect(await desk.ask('POST', '/batchOrders', { batchOrders: JSON.stringify(Array(6).fill(order)) })).toMatchObject({
      code: -4082,
    });
  });

  it('keeps position, balance and income of a round trip to the last unit', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const account = sim.accounts(venue).get('default')!;
    await desk.take('BUY');
    const [risk] = (await desk.ask<Json[]>('GET', venue === 'binanceusdm' ? '/../v3/positionRisk' : '/positionRisk')) as Json[];
    expect(risk).toMatchObject({ symbol: desk.symbol, positionSide: 'BOTH' });
    expect(Number(risk!['positionAmt'])).toBe(Number(desk.size));
    sim.clock.advance(5000);
    await desk.take('SELL', { reduceOnly: true });
    const trades = await desk.ask<Json[]>('GET', '/userTrades');
    const sum = (rows: Json[], key: string) =>
      rows.reduce((total, row) => total + BigInt(Math.round(Number(row[key]) * 1e8)), 0n);
    const settle = venue === 'binanceusdm' ? 'USDT' : 'BTC';
    const deposit = venue === 'binanceusdm' ? 10n ** 15n : 10n ** 10n;
    expect(deposit + sum(trades, 'realizedPnl') - sum(trades, 'commission')).toBe(account.balance(settle).total);
    const income = (await desk.ask<Json[]>('GET', '/income')).filter(({ symbol }) => symbol === desk.symbol);
    expect(sum(income, 'income')).toBe(account.balance(settle).total - deposit);
  });

  it('trades two legs in hedge mode, on both futures products alike', async () => {
    sim = await startTrading();
    const [desk, twin] = [new Desk(sim, venue), new Desk(sim, venue === 'binanceusdm' ? 'binancecoinm' : 'binanceusdm')];
    expect(await desk.ask('POST', '/positionSide/dual', { dualSidePosition: false })).toMatchObject({ code: -4059 });
    await twin.limit(-10);
    expect(await desk.ask('POST', '/positionSide/dual', { dualSidePosition: true })).toMatchObject({ code: -4067 });
    await twin.ask('DELETE', '/allOpenOrders');
    expect(await desk.ask('POST', '/positionSide/dual', { dualSidePosition: true })).toEqual({ code: 200, msg: 'success' });
    expect(await twin.ask('GET', '/positionSide/dual')).toEqual({ dualSidePosition: true });
    expect(await desk.take('BUY')).toMatchObject({ code: -4061 });
    for (const [side, positionSide] of [
      ['BUY', 'LONG'],
      ['SELL', 'SHORT'],
    ] as const) {
      expect(await desk.take(side, { positionSide })).toMatchObject({ status: 'FILLED', positionSide });
    }
    expect(await desk.take('SELL', { positionSide: 'LONG', reduceOnly: true })).toMatchObject({ code: -1106 });
    const path = venue === 'binanceusdm' ? '/../v3/positionRisk' : '/positionRisk';
    const legs = (await desk.ask<Json[]>('GET', path)).filter(({ symbol }) => symbol === desk.symbol);
    expect(legs.map(({ positionSide, positionAmt }) => [positionSide, Number(positionAmt)])).toEqual([
      ['LONG', Number(desk.size)],
      ['SHORT', -Number(desk.size)],
    ]);
    expect(await desk.ask('POST', '/positionSide/dual', { dualSidePosition: false })).toMatchObject({ code: -4068 });
  });

  it('cancels all after a countdown that is not renewed', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    await desk.limit(-10);
    expect(await desk.ask('POST', '/countdownCancelAll', { countdownTime: 5000 })).toEqual({
      symbol: desk.symbol,
      countdownTime: '5000',
    });
    sim.clock.advance(4999);
    expect(await desk.ask<Json[]>('GET', '/openOrders')).toHaveLength(1);
    sim.clock.advance(1);
    expect(await desk.ask<Json[]>('GET', '/openOrders')).toEqual([]);
  });

  it('sets leverage within what the margin bears', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    expect(await desk.ask('POST', '/leverage', { leverage: 5 })).toMatchObject({ leverage: 5, symbol: desk.symbol });
    const before = await desk.ask('POST', '/leverage', { leverage: 125 });
    const room = Number(before['maxNotionalValue'] ?? before['maxQty']);
    const { grid, pricing } = desk.market;
    const mark = pricing.mark(sim.clock.now());
    const lots = grid.nearestLots(venue === 'binanceusdm' ? room / mark : (room * mark) / 100);
    const limit = { type: 'LIMIT', side: 'BUY', timeInForce: 'GTC', price: desk.price(-0.5) };
    const place = (share: number) =>
      desk.ask('POST', '/order', { ...limit, quantity: grid.formatSize(Math.round(lots * share)) });
    expect(await place(0.9)).toMatchObject({ status: 'NEW' });
    expect(await place(0.2)).toMatchObject({ code: -2027 });
    await desk.ask('POST', '/leverage', { leverage: 50 });
    expect(await place(0.2)).toMatchObject({ status: 'NEW' });
    const rows = await desk.ask<Json[]>('GET', '/leverageBracket');
    expect(rows).toMatchObject([
      { symbol: desk.symbol, brackets: expect.arrayContaining([expect.objectContaining({ bracket: 5 })]) },
    ]);
    expect(await desk.ask('POST', '/leverage', { leverage: 126 })).toEqual({ code: -4028, msg: 'Leverage 126 is not valid' });
  });
});

describe.each(futures)('%s, isolated margin', (venue) => {
  const riskPath = venue === 'binanceusdm' ? '/../v2/positionRisk' : '/positionRisk';

  it('has a wallet of its own, that can be filled by hand', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    expect(await desk.ask('POST', '/marginType', { marginType: 'CROSSED' })).toMatchObject({ code: -4046 });
    await desk.limit(-10);
    expect(await desk.ask('POST', '/marginType', { marginType: 'ISOLATED' })).toMatchObject({ code: -4047 });
    await desk.ask('DELETE', '/allOpenOrders');
    expect(await desk.ask('POST', '/marginType', { marginType: 'ISOLATED' })).toEqual({ code: 200, msg: 'success' });
    await desk.take('BUY');
    expect(await desk.ask('POST', '/marginType', { marginType: 'CROSSED' })).toMatchObject({ code: -4048 });
    const wallet = async () => {
      const rows = (await desk.ask<Json[]>('GET', riskPath)).filter(({ symbol }) => symbol === desk.symbol);
      expect(rows).toMatchObject([{ marginType: 'isolated' }]);
      return Number(rows[0]!['isolatedWallet']);
    };
    const before = await wallet();
    expect(before).toBeGreaterThan(0);
    const move = (type: number, amount: string) => desk.ask('POST', '/positionMargin', { type, amount });
    expect(await move(1, '0.01')).toMatchObject({ code: 200, amount: 0.01, type: 1 });
    expect(await wallet()).toBeCloseTo(before + 0.01, 8);
    expect(await move(2, (before + 0.0099).toFixed(8))).toMatchObject({ code: -4051 });
    expect(await move(1, '1000000000')).toMatchObject({ code: -4050 });
  });
});

describe.each(futures)('%s, conditional orders', (venue) => {
  it('wait, are seen, and become orders', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const { clock } = sim;
    const stop = { algoType: 'CONDITIONAL', side: 'SELL', type: 'STOP_MARKET', quantity: desk.size };
    const ask = (params: Json) => desk.ask('POST', '/algoOrder', { ...stop, ...params } as never);
    expect(await ask({ triggerPrice: desk.price(1) })).toMatchObject({ code: -2021 });
    const placed = await ask({ triggerPrice: desk.price(-0.05), clientAlgoId: 'stop' });
    expect(placed).toMatchObject({ clientAlgoId: 'stop', algoStatus: 'NEW', orderType: 'STOP_MARKET', triggerTime: 0 });
    expect(await desk.ask('GET', '/openAlgoOrders')).toMatchObject([{ algoId: placed['algoId'] }]);
    expect(await desk.ask<Json[]>('GET', '/openOrders')).toEqual([]);
    for (let i = 0; i < 600 && (await desk.ask<Json[]>('GET', '/openAlgoOrders')).length > 0; i++) clock.advance(2000);
    const done = await desk.ask('GET', '/algoOrder', { clientAlgoId: 'stop' });
    expect(done).toMatchObject({ algoStatus: 'FINISHED', actualOrderId: expect.stringMatching(/^\d+$/) });
    const order = await desk.ask('GET', '/order', { orderId: done['actualOrderId'] as string });
    expect(order).toMatchObject({ status: 'FILLED', type: 'MARKET', origType: 'STOP_MARKET', stopPrice: done['triggerPrice'] });
  });

  it('are canceled one by one, or all of a symbol', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const take = { algoType: 'CONDITIONAL', side: 'SELL', type: 'TAKE_PROFIT', quantity: desk.size, price: desk.price(9) };
    for (const clientAlgoId of ['a', 'b', 'c']) {
      await desk.ask('POST', '/algoOrder', { ...take, triggerPrice: desk.price(10), clientAlgoId });
    }
    expect(await desk.ask('DELETE', '/algoOrder', { clientAlgoId: 'b' })).toMatchObject({ code: '200', clientAlgoId: 'b' });
    expect(await desk.ask('DELETE', '/algoOrder', { clientAlgoId: 'b' })).toMatchObject({ code: -2011 });
    expect(await desk.ask('DELETE', '/algoOpenOrders')).toMatchObject({ code: 200 });
    expect(await desk.ask('GET', '/allAlgoOrders')).toMatchObject(
      ['a', 'b', 'c'].map((clientAlgoId) => ({ clientAlgoId, algoStatus: 'CANCELED' })),
    );
  });
});
