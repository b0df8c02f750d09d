import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { Desk, startTrading } from '../../../test/sim-trading.js';

type Json = Record<string, unknown>;

let sim: RunningSimulator;
afterEach(() => sim.close());

describe('spot', () => {
  it('answers with fills by default, and with less when asked', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    const full = await desk.ask('POST', '/order', { side: 'BUY', type: 'MARKET', quantity: desk.size });
    const fills = full['fills'] as Json[];
    expect(fills.reduce((sum, { qty }) => sum + Number(qty), 0)).toBeCloseTo(Number(desk.size), 10);
    expect(fills[0]).toMatchObject({ commissionAsset: 'BTC', tradeId: expect.any(Number) });
    const ack = await desk.limit(-10, { newOrderRespType: 'ACK' });
    expect(Object.keys(ack)).toEqual(['symbol', 'orderId', 'orderListId', 'clientOrderId', 'transactTime']);
  });

  it('spends a value, never more', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    const bought = await desk.ask('POST', '/order', { side: 'BUY', type: 'MARKET', quoteOrderQty: '12345.67' });
    const spent = Number(bought['cummulativeQuoteQty']);
    expect(bought).toMatchObject({ status: 'FILLED', origQuoteOrderQty: '12345.67000000' });
    expect(spent).toBeLessThanOrEqual(12_345.67);
    expect(spent).toBeGreaterThan(12_345.67 - 1);
  });

  it('amends in place, under a new id', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    const { orderId } = (await desk.limit(-10, { newClientOrderId: 'first' })) as { orderId: number };
    const amend = (params: Json) => desk.ask('PUT', '/order/amend/keepPriority', { orderId, ...params } as never);
    expect(await amend({ newQty: '0.01', newClientOrderId: 'second' })).toMatchObject({
      amendedOrder: { orderId, origClientOrderId: 'first', clientOrderId: 'second', qty: '0.01000000', status: 'NEW' },
    });
    expect(await amend({ newQty: '0.01' })).toMatchObject({ code: -2038 });
    expect(await desk.ask('GET', '/order/amendments', { orderId })).toMatchObject([
      { orderId, origClientOrderId: 'first', newClientOrderId: 'second', origQty: '0.02000000', newQty: '0.01000000' },
    ]);
    expect(await desk.ask('GET', '/order', { origClientOrderId: 'first' })).toMatchObject({ code: -2013 });
    expect(await desk.ask('GET', '/order', { origClientOrderId: 'second' })).toMatchObject({ orderId, origQty: '0.01000000' });
  });

  it('cancels and replaces: both, one, or nothing', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    const { orderId } = (await desk.limit(-10)) as { orderId: number };
    const terms = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: desk.price(-10) };
    const ask = (params: Json) => desk.ask('POST', '/order/cancelReplace', { ...terms, ...params } as never);
    const both = await ask({ cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: orderId, quantity: desk.size });
    expect(both).toMatchObject({
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      cancelResponse: { orderId, status: 'CANCELED' },
    });
    expect(await ask({ cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: orderId, quantity: desk.size })).toMatchObject({
      code: -2022,
      data: { cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', cancelResponse: { code: -2011 } },
    });
    expect(await ask({ cancelReplaceMode: 'ALLOW_FAILURE', cancelOrderId: orderId, quantity: desk.size })).toMatchObject({
      code: -2021,
      data: { cancelResult: 'FAILURE', newOrderResult: 'SUCCESS' },
    });
    expect(await desk.ask<Json[]>('GET', '/openOrders')).toHaveLength(2);
  });

  it('cancels all, and says -2011 when there are none', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    for (const percent of [-10, -11]) await desk.limit(percent);
    expect(await desk.ask('DELETE', '/openOrders')).toMatchObject([{ status: 'CANCELED' }, { status: 'CANCELED' }]);
    expect(await desk.ask('DELETE', '/openOrders')).toMatchObject({ code: -2011 });
  });

  it('keeps stop orders asleep until their price', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    const terms = { side: 'SELL', type: 'STOP_LOSS', stopPrice: desk.price(-0.05) };
    const placed = await desk.ask('POST', '/order', {
      ...terms,
      quantity: desk.size,
      newClientOrderId: 'stop',
      newOrderRespType: 'RESULT',
    });
    expect(placed).toMatchObject({ status: 'NEW', type: 'STOP_LOSS', workingTime: -1 });
    expect(await desk.ask('GET', '/order', { origClientOrderId: 'stop' })).toMatchObject({ isWorking: false });
    for (let i = 0; i < 30; i++) await desk.take('SELL', { quantity: '5' });
    expect(await desk.ask('GET', '/order', { origClientOrderId: 'stop' })).toMatchObject({ isWorking: true, status: 'FILLED' });
  });

  it('costs weight only when it is refused', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, 'binance');
    await desk.limit(-10);
    const weight = async () =>
      Number((await fetch(`http://${desk.trader.origin}/api/v3/ping`)).headers.get('x-mbx-used-weight-1m'));
    expect(await weight()).toBe(1);
    await desk.limit(-10, { quantity: '0' });
    expect(await weight()).toBe(3);
  });

  it('takes no text that was signed before it was percent-encoded', async () => {
    sim = await startTrading();
    const { trader } = new Desk(sim, 'binance');
    const rest = `&timestamp=${Math.floor(sim.clock.now())}`;
    const ask = async (name: string, signed: string) => {
      const body = `newClientOrderId=${name}${rest}&signature=${trader.sign(`newClientOrderId=${signed}${rest}`)}`;
      const headers = { 'x-mbx-apikey': trader.credentials.apiKey, 'content-type': 'application/x-www-form-urlencoded' };
      const response = await fetch(`http://${trader.origin}/api/v3/order`, { method: 'POST', headers, body });
      return ((await response.json()) as Json)['code'];
    };
    expect(await ask('%C3%BC', '%C3%BC')).toBe(-1102);
    expect(await ask('%C3%BC', 'ü')).toBe(-1022);
    expect(await ask('ü', 'ü')).toBe(-1022);
  });
});
