import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { SimTrader, TRADED_VENUES } from '../../../test/sim-trader.js';
import { Desk, startTrading } from '../../../test/sim-trading.js';

type Json = Record<string, unknown>;

let sim: RunningSimulator;
afterEach(() => sim.close());

describe.each(TRADED_VENUES)('%s', (venue) => {
  it('places, fills, queries and cancels', async () => {
    sim = await startTrading();
    const desk = new Desk(sim, venue);
    const market = await desk.take('BUY', { newClientOrderId: 'mine-1' });
    expect(market).toMatchObject({ symbol: desk.symbol, status: 'FILLED', clientOrderId: 'mine-1', side: 'BUY' });
    const status = await desk.ask('GET', '/order', { origClientOrderId: 'mine-1' });
    expect(status).toMatchObject({ orderId: market['orderId'], status: 'FILLED', executedQty: market['origQty'] });
    const placed = await desk.limit(-10, { newClientOrderId: 'mine-2' });
    expect(placed).toMatchObject({ status: 'NEW', clientOrderId: 'mine-2' });
    expect(await desk.ask('GET', '/openOrders')).toMatchObject([{ clientOrderId: 'mine-2' }]);
    const canceled = await desk.ask('DELETE', '/order', { orderId: placed['orderId'] as number });
    expect(canceled).toMatchObject({ status: 'CANCELED', orderId: placed['orderId'] });
    expect(await desk.ask('GET', '/openOrders')).toEqual([]);
    expect(await desk.ask<Json[]>('GET', '/allOrders')).toMatchObject([{ status: 'FILLED' }, { status: 'CANCELED' }]);
  });

  it('takes parameters from a form body too, where the query wins', async () => {
    sim = await startTrading();
    const { trader, symbol, size } = new Desk(sim, venue);
    const query = `symbol=${symbol}&newClientOrderId=query`;
    const body = `side=BUY&type=MARKET&quantity=${size}&newClientOrderId=body&timestamp=${Math.floor(sim.clock.now())}`;
    const response = await fetch(
      `http://${trader.origin}${{ binance: '/api/v3', binanceusdm: '/fapi/v1', binancecoinm: '/dapi/v1' }[venue]}/order?${query}`,
      {
        method: 'POST',
        headers: { 'x-mbx-apikey': trader.credentials.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
        body: `${body}&signature=${trader.sign(query + body)}`,
      },
    );
    expect(await response.json()).toMatchObject({ symbol, clientOrderId: 'query' });
  });

  it('the same seed makes the same ledger, byte for byte', async () => {
    const run = async (seed: number) => {
      sim = await startTrading({ seed });
      const desk = new Desk(sim, venue);
      for (let i = 0; i < 20; i++) {
        await desk.take(i % 3 === 0 ? 'SELL' : 'BUY');
        await desk.limit(i % 2 === 0 ? -0.01 : 0);
        sim.clock.advance(700);
      }
      const { ledger } = sim.accounts(venue);
      await sim.close();
      return [ledger.hash(), ledger.entries.length];
    };
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect((await run(6))[0]).not.toBe(first[0]);
  });

  it('counts orders, says so, and refuses more than the limit', async () => {
    sim = await startTrading({ limits: { weightFactor: Number.POSITIVE_INFINITY, orderFactor: 0.01 } });
    const desk = new Desk(sim, venue);
    const [limit, header] = venue === 'binance' ? [1, 'x-mbx-order-count-10s'] : [3, 'x-mbx-order-count-10s'];
    const statuses: unknown[] = [];
    for (let i = 0; i <= limit; i++) statuses.push((await desk.limit(-10))['status'] ?? 'refused');
    expect(statuses).toEqual([...Array.from({ length: limit }, () => 'NEW'), 'refused']);
    const { status, body } = await desk.trader.ask('GET', '/rateLimit/order');
    expect([status, body]).toMatchObject([
      200,
      expect.arrayContaining([expect.objectContaining({ interval: 'SECOND', count: limit })]),
    ]);
    const refused = await rawOrder(desk);
    expect([refused.status, refused.headers.get(header), refused.headers.get('retry-after')]).toEqual([429, String(limit), '10']);
    expect(await refused.json()).toMatchObject({ code: -1015 });
    sim.clock.advance(10_000);
    expect(await desk.limit(-10)).toMatchObject({ status: 'NEW' });
  });

  it('knows nobody else by the key, and everybody by their own', async () => {
    sim = await startTrading();
    const other = sim.accounts(venue).open('other', {});
    const desk = new Desk(sim, venue);
    await desk.limit(-10, { newClientOrderId: 'mine' });
    const stranger = new SimTrader(sim, venue, other.credentials);
    expect((await stranger.ask('GET', '/openOrders', { symbol: desk.symbol })).body).toEqual([]);
    expect((await stranger.ask('GET', '/order', { symbol: desk.symbol, origClientOrderId: 'mine' })).body).toMatchObject({
      code: -2013,
    });
    expect(
      (await stranger.ask('POST', '/order', { symbol: desk.symbol, side: 'BUY', type: 'MARKET', quantity: desk.size })).body,
    ).toMatchObject({
      code: venue === 'binance' ? -2010 : -2019,
    });
  });
});

function rawOrder({ trader, symbol, size, venue }: Desk): Promise<Response> {
  const text = `symbol=${symbol}&side=BUY&type=MARKET&quantity=${size}&timestamp=${Math.floor(sim.clock.now())}`;
  const prefix = { binance: '/api/v3', binanceusdm: '/fapi/v1', binancecoinm: '/dapi/v1' }[venue];
  const headers = { 'x-mbx-apikey': trader.credentials.apiKey };
  return fetch(`http://${trader.origin}${prefix}/order?${text}&signature=${trader.sign(text)}`, { method: 'POST', headers });
}
