import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Params, SimTrader, TRADED } from '../../../test/sim-trader.js';
import type { StreamClient } from '../../../test/stream-client.js';
import dialect from '../index.js';

const START = Date.UTC(2026, 10, 20, 7, 30);
type Json = Record<string, unknown>;

describe('user data of spot', () => {
  const { symbol, size, resting } = TRADED.binance;
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: size, price: resting };
  const events = () => client.messages.flatMap(({ event }) => (event ? [event as Json] : []));
  const told = () => events().map(({ e, x }) => (x ? `${e as string} ${x as string}` : e));
  let sim: RunningSimulator;
  let trader: SimTrader;
  let client: StreamClient;
  beforeEach(async () => {
    sim = await startSimulator({ dialects: [dialect], venues: ['binance'], seed: 13, clock: START, symbols: ['BTC/USDT'] });
    trader = new SimTrader(sim, 'binance');
    client = await trader.openSocketApi();
  });
  afterEach(async () => {
    trader.close();
    await sim.close();
  });

  const signed = async (method: string, params: Params = {}) => client.request(method, trader.signedParams(params));

  it('follows a signed subscription: the answer first, then what follows from it', async () => {
    expect(await signed('userDataStream.subscribe.signature')).toMatchObject({ result: { subscriptionId: 0 } });
    await signed('order.place', { ...limit, newClientOrderId: 'mine' });
    await client.until(() => events().length === 2);
    expect(client.messages.map(({ id, subscriptionId }) => id ?? subscriptionId)).toEqual(['r1', 'r2', 0, 0]);
    await signed('order.cancel', { symbol, origClientOrderId: 'mine', newClientOrderId: 'undo' });
    await client.until(() => events().length === 4);
    expect(told()).toEqual([
      'executionReport NEW',
      'outboundAccountPosition',
      'executionReport CANCELED',
      'outboundAccountPosition',
    ]);
    const [placed, held, canceled, freed] = events();
    expect(placed).toMatchObject({ c: 'mine', C: '', X: 'NEW', q: '0.02000000', p: '60000.00000000', t: -1, w: true });
    expect(held!['B']).toMatchObject([{ a: 'USDT', l: '1200.00000000' }]);
    expect(canceled).toMatchObject({ c: 'undo', C: 'mine', X: 'CANCELED', w: false });
    expect(freed!['B']).toMatchObject([{ a: 'USDT', l: '0.00000000' }]);
  });

  it('tells fills that are the ledger', async () => {
    await signed('userDataStream.subscribe.signature');
    await signed('order.place', { symbol, side: 'BUY', type: 'MARKET', quantity: size });
    await client.until(() => events().some(({ X }) => X === 'FILLED') && told().at(-1) === 'outboundAccountPosition');
    const fills = sim.accounts('binance').ledger.entries.flatMap((entry) => (entry.kind === 'fill' ? [entry] : []));
    const reports = events().filter(({ x }) => x === 'TRADE');
    expect(reports.map(({ t }) => t)).toEqual(fills.map(({ tradeId }) => tradeId));
    expect(reports.at(-1)).toMatchObject({ N: 'BTC', z: '0.02000000', m: false, o: 'MARKET' });
    const { total, locked } = sim.accounts('binance').get('default')!.balance('BTC');
    const balance = (events().at(-1)!['B'] as Json[]).find(({ a }) => a === 'BTC')!;
    expect([balance['f'], balance['l']].map(Number)).toEqual([total - locked, locked].map((units) => Number(units) / 1e8));
  });

  it('says why an order expired, and what was deposited', async () => {
    await signed('userDataStream.subscribe.signature');
    await signed('order.place', { ...limit, timeInForce: 'IOC' });
    await client.until(() => events().length === 4);
    expect(events()[2]).toMatchObject({ x: 'EXPIRED', X: 'EXPIRED', eR: 'UNFILLED_IOC_QUANTITY_EXPIRED' });
    sim.accounts('binance').open('rich', { BTC: '1' });
    await client.settle();
    expect(events()).toHaveLength(4);
  });

  it('tells of amendments, stops that wait, and stops that work', async () => {
    await signed('userDataStream.subscribe.signature');
    await signed('order.place', { ...limit, newClientOrderId: 'big' });
    await signed('order.amend.keepPriority', { symbol, origClientOrderId: 'big', newQty: '0.01', newClientOrderId: 'small' });
    await client.until(() => events().some(({ x }) => x === 'REPLACED'));
    expect(events().find(({ x }) => x === 'REPLACED')).toMatchObject({ c: 'small', C: 'big', X: 'NEW', q: '0.01000000' });
    await signed('order.cancel', { symbol, origClientOrderId: 'small' });
    const { bids } = sim.oracle.book('binance', symbol);
    const stopPrice = (bids[0]![0] * 0.9999).toFixed(2);
    const stop = { symbol, side: 'SELL', type: 'STOP_LOSS', quantity: size, stopPrice, newClientOrderId: 'stop' };
    expect(await signed('order.place', stop)).toMatchObject({ status: 200 });
    const told = () => events().filter(({ c }) => c === 'stop');
    for (let i = 0; i < 600 && told().at(-1)?.['X'] !== 'FILLED'; i++) {
      sim.clock.advance(1000);
      await client.settle();
    }
    expect(told()[0]).toMatchObject({ x: 'NEW', X: 'NEW', w: false, o: 'STOP_LOSS', P: `${stopPrice}000000` });
    expect(told()[0]).not.toHaveProperty('W');
    expect(told()[1]).toMatchObject({ x: 'NEW', w: true, W: expect.any(Number) });
    expect(told().at(-1)).toMatchObject({ x: 'TRADE', X: 'FILLED' });
  });

  it('is one subscription an account, and ends when asked to', async () => {
    await signed('userDataStream.subscribe.signature');
    expect(await signed('userDataStream.subscribe.signature')).toMatchObject({ error: { code: -2035 } });
    expect(await client.request('session.subscriptions')).toMatchObject({ result: [{ subscriptionId: 0 }] });
    expect(await client.request('userDataStream.unsubscribe', { subscriptionId: 3 })).toMatchObject({ error: { code: -2036 } });
    expect(await client.request('userDataStream.unsubscribe', { subscriptionId: 0 })).toMatchObject({ result: {} });
    await client.until(() => events().length === 1);
    expect(client.messages.at(-1)).toMatchObject({ subscriptionId: 0, event: { e: 'eventStreamTerminated' } });
    await signed('order.place', limit);
    expect(events()).toHaveLength(1);
    expect(await signed('userDataStream.subscribe.signature')).toMatchObject({ result: { subscriptionId: 1 } });
  });

  it('follows a login, and ends with it', async () => {
    expect(await client.request('userDataStream.subscribe')).toMatchObject({ status: 401, error: { code: -2014 } });
    await trader.logOn(client);
    expect(await client.request('userDataStream.subscribe')).toMatchObject({ result: { subscriptionId: 0 } });
    await client.request('session.logout');
    await client.until(() => told().includes('eventStreamTerminated'));
    await signed('userDataStream.subscribe.signature');
    await trader.logOn(client);
    await client.request('session.logout');
    expect(await client.request('session.subscriptions')).toMatchObject({ result: [{ subscriptionId: 1 }] });
  });

  it('ends by the fault key-expiry, and can be begun again', async () => {
    await signed('userDataStream.subscribe.signature');
    expect(sim.faults.inject({ kind: 'key-expiry', venue: 'binance' }).affected).toBe(1);
    await client.until(() => told().includes('eventStreamTerminated'));
    expect(await signed('userDataStream.subscribe.signature')).toMatchObject({ result: { subscriptionId: 1 } });
    expect(sim.faults.records).toMatchObject([{ kind: 'key-expiry', venue: 'binance' }]);
  });

  it('knows no listen keys any more', async () => {
    expect((await fetch(`http://${trader.origin}/api/v3/userDataStream`, { method: 'POST' })).status).toBe(404);
    expect(await client.request('userDataStream.start', { apiKey: trader.credentials.apiKey })).toMatchObject({
      error: { code: -1130 },
    });
  });

  it('says goodbye before maintenance', async () => {
    sim.faults.inject({ kind: 'maintenance', venue: 'binance' });
    await client.until(() => client.closed !== undefined);
    expect(client.messages).toMatchObject([{ event: { e: 'serverShutdown' } }]);
  });
});
