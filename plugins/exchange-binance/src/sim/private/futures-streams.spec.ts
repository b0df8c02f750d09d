import { type FlowOptions, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimTrader, TRADED, type TradedVenue } from '../../../test/sim-trader.js';
import type { StreamClient } from '../../../test/stream-client.js';
import dialect from '../index.js';

const START = Date.UTC(2026, 10, 20, 7, 30);
const MINUTE = 60_000;
let sim: RunningSimulator;
let trader: SimTrader;

async function start(venue: TradedVenue, flow: Partial<FlowOptions> = {}): Promise<void> {
  const symbols = ['BTC/USDT:USDT', 'BTC/USD:BTC'];
  sim = await startSimulator({ dialects: [dialect], seed: 12, clock: START, symbols, flow });
  trader = new SimTrader(sim, venue);
}

afterEach(async () => {
  trader.close();
  await sim.close();
});

/** Minute by minute, so that pings are answered. */
async function pass(minutes: number, client: StreamClient): Promise<void> {
  for (let t = 0; t < minutes; t++) {
    sim.clock.advance(MINUTE);
    await client.settle();
  }
}

const PATHS = { binanceusdm: (key: string) => `/private/ws?listenKey=${key}`, binancecoinm: (key: string) => `/ws/${key}` };
const FUTURES = ['binanceusdm', 'binancecoinm'] as const;

describe.each(FUTURES)('user-data stream of %s', (venue) => {
  const { symbol, size, resting } = TRADED[venue];
  const settle = venue === 'binanceusdm' ? 'USDT' : 'BTC';
  const listen = async () => trader.open(PATHS[venue](await trader.listenKey()));
  const types = (client: { messages: Record<string, unknown>[] }) =>
    client.messages.map(({ e, o }) => (o ? `${e as string} ${(o as { x: string }).x}` : e));
  beforeEach(() => start(venue));

  it('tells of a fill: order, balance, position, and all of it again in the ledger', async () => {
    const client = await listen();
    await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size, newClientOrderId: 'mine' });
    await client.until(() => client.events('ORDER_TRADE_UPDATE').at(-1)?.['o'] !== undefined && types(client).length >= 3);
    await client.settle();
    const fill = ['ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE TRADE'];
    const once = venue === 'binanceusdm' ? ['TRADE_LITE', ...fill] : fill;
    const { entries } = sim.accounts(venue).ledger;
    const fills = entries.flatMap((entry) => (entry.kind === 'fill' ? [entry] : []));
    expect(types(client)).toEqual(['ORDER_TRADE_UPDATE NEW', ...fills.flatMap(() => once)]);
    const last = client.events('ORDER_TRADE_UPDATE').at(-1)!['o'] as Record<string, unknown>;
    expect(last).toMatchObject({
      s: symbol,
      c: 'mine',
      S: 'BUY',
      o: 'MARKET',
      X: 'FILLED',
      q: size,
      z: size,
      N: settle,
      ps: 'BOTH',
    });
    expect(last).toMatchObject({ t: fills.at(-1)!.tradeId, m: false, ...(venue === 'binancecoinm' && { ma: 'BTC' }) });
    const update = client.events('ACCOUNT_UPDATE').at(-1)!['a'] as Record<string, unknown>;
    expect(update).toMatchObject({
      m: 'ORDER',
      B: [{ a: settle, bc: '0' }],
      P: [{ s: symbol, pa: size, ps: 'BOTH', mt: 'cross' }],
    });
  });

  it('tells of orders that rest, change, end, and of leverage', async () => {
    const client = await listen();
    const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTX', quantity: size, price: resting };
    await trader.ask('POST', '/order', { ...limit, newClientOrderId: 'a' });
    await trader.ask('DELETE', '/order', { symbol, origClientOrderId: 'a' });
    await client.until(() => client.texts.length === 2);
    expect(types(client)).toEqual(['ORDER_TRADE_UPDATE NEW', 'ORDER_TRADE_UPDATE CANCELED']);
    expect(client.messages[0]!['o']).toMatchObject({ f: 'GTX', p: resting, ap: '0', X: 'NEW', er: '0' });
    expect(client.messages[1]!['o']).toMatchObject({ c: 'a', X: 'CANCELED' });
    const accounts = sim.accounts(venue);
    accounts.setLeverage(accounts.get('default')!, symbol, 7);
    await client.until(() => client.texts.length === 3);
    expect(client.messages[2]).toMatchObject({ e: 'ACCOUNT_CONFIG_UPDATE', ac: { s: symbol, l: 7 } });
  });

  it('pays funding', async () => {
    const client = await listen();
    await trader.ask('POST', '/order', { symbol, side: 'SELL', type: 'MARKET', quantity: size });
    await pass(30, client);
    const paid = client.events('ACCOUNT_UPDATE').map(({ a }) => a as Record<string, unknown>);
    const entry = sim.accounts(venue).ledger.entries.find(({ kind }) => kind === 'funding');
    expect(entry).toBeDefined();
    expect(paid.at(-1)).toMatchObject({ m: 'FUNDING_FEE', B: [{ a: settle }], P: [], S: symbol });
  });

  it('hands out one key an account, for an hour at a time', async () => {
    await sim.close();
    await start(venue, { eventsPerSecond: 0 });
    const key = await trader.listenKey();
    expect(key).toMatch(/^[A-Za-z0-9]{64}$/);
    const client = await trader.open(PATHS[venue](key));
    await pass(50, client);
    expect(await trader.listenKey()).toBe(key);
    await pass(50, client);
    expect((await trader.askByKey('PUT', '/listenKey')).status).toBe(200);
    await pass(59, client);
    expect(client.messages).toEqual([]);
    sim.clock.advance(MINUTE);
    await client.until(() => client.texts.length > 0);
    expect(client.messages).toEqual([{ e: 'listenKeyExpired', E: sim.clock.now(), listenKey: key }]);
    expect(await trader.askByKey('PUT', '/listenKey')).toMatchObject({ status: 400, body: { code: -1125 } });
    expect(await trader.listenKey()).not.toBe(key);
  });

  it('a key that has ended, or that nobody has, is silent', async () => {
    const key = await trader.listenKey();
    const before = await trader.open(PATHS[venue](key));
    expect((await trader.askByKey('DELETE', '/listenKey')).body).toEqual({});
    await before.until(() => before.events('listenKeyExpired').length === 1);
    const after = await trader.open(PATHS[venue](key));
    await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size });
    await before.settle();
    await after.settle();
    expect([before.texts.length, after.texts.length]).toEqual([1, 0]);
  });

  it('wraps events where asked to, and takes keys by SUBSCRIBE', async () => {
    const room = venue === 'binanceusdm' ? '/private' : '';
    const key = await trader.listenKey();
    const [byUrl, byFrame] = [await trader.open(`${room}/stream?streams=${key}`), await trader.open(`${room}/stream`)];
    await byFrame.request('SUBSCRIBE', [key]);
    await trader.ask('POST', '/order', {
      symbol,
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: size,
      price: resting,
    });
    for (const client of [byUrl, byFrame]) {
      await client.until(() => client.events('ORDER_TRADE_UPDATE').length === 1);
      expect(client.messages.at(-1)).toHaveProperty('stream', key);
    }
    await byFrame.request('UNSUBSCRIBE', [key]);
    await trader.ask('DELETE', '/order', { symbol, orderId: (byUrl.events('ORDER_TRADE_UPDATE')[0]!['o'] as { i: number }).i });
    await byUrl.until(() => byUrl.events('ORDER_TRADE_UPDATE').length === 2);
    await byFrame.settle();
    expect(byFrame.events('ORDER_TRADE_UPDATE')).toHaveLength(1);
  });

  it('another account hears nothing of it', async () => {
    const accounts = sim.accounts(venue);
    const other = new SimTrader(sim, venue, accounts.open('other', {}).credentials);
    const client = await other.open(PATHS[venue](await other.listenKey()));
    await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size });
    await client.settle();
    expect(client.messages).toEqual([]);
    other.close();
  });

  it('an expired key is the fault key-expiry', async () => {
    const client = await listen();
    expect(sim.faults.inject({ kind: 'key-expiry', venue }).affected).toBe(1);
    await client.until(() => client.events('listenKeyExpired').length === 1);
    expect((await trader.askByKey('PUT', '/listenKey')).body).toMatchObject({ code: -1125 });
  });

  it('a silent fill is the fault silent-fill: in the ledger, and nowhere else', async () => {
    const client = await listen();
    sim.faults.inject({ kind: 'silent-fill', venue, clientId: 'quiet' });
    for (const newClientOrderId of ['quiet', 'loud'])
      await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size, newClientOrderId });
    await client.until(() => (client.events('ORDER_TRADE_UPDATE').at(-1)?.['o'] as { X: string } | undefined)?.X === 'FILLED');
    const told = client.events('ORDER_TRADE_UPDATE').map(({ o }) => o as { c: string; x: string });
    expect(told.filter(({ c }) => c === 'quiet').map(({ x }) => x)).toEqual(['NEW']);
    expect(told.filter(({ c }) => c === 'loud').length).toBeGreaterThan(1);
    const status = await trader.ask('GET', '/order', { symbol, origClientOrderId: 'quiet' });
    expect(status.body).toMatchObject({ status: 'FILLED' });
    expect(sim.faults.records).toMatchObject([{ kind: 'silent-fill', orders: [{ clientId: 'quiet' }] }]);
  });
});

describe('doors of USD-M', () => {
  const { symbol, size } = TRADED.binanceusdm;
  beforeEach(() => start('binanceusdm'));

  it('only /private hears user data', async () => {
    const key = await trader.listenKey();
    const clients = [];
    for (const path of [`/ws/${key}`, `/public/ws/${key}`, `/market/stream?streams=${key}`])
      clients.push(await trader.open(path));
    await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size });
    for (const client of clients) {
      await client.settle();
      expect(client.messages).toEqual([]);
    }
  });

  it('says only the events that were asked for', async () => {
    const client = await trader.open(`/private/ws?listenKey=${await trader.listenKey()}&events=TRADE_LITE/ACCOUNT_UPDATE`);
    await trader.ask('POST', '/order', { symbol, side: 'BUY', type: 'MARKET', quantity: size });
    await client.until(() => client.events('ACCOUNT_UPDATE').length > 0);
    expect(client.events('TRADE_LITE').length).toBeGreaterThan(0);
    expect(client.events('ORDER_TRADE_UPDATE')).toEqual([]);
  });
});

describe.each(FUTURES)('rarer events of %s', (venue) => {
  const { symbol, size } = TRADED[venue];
  const settle = venue === 'binanceusdm' ? 'USDT' : 'BTC';
  beforeEach(() => start(venue));

  it('tells what becomes of a conditional order, and of the order that it becomes', async () => {
    const client = await trader.open(PATHS[venue](await trader.listenKey()));
    const { bids } = sim.oracle.book(venue, symbol);
    const base = { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', quantity: size };
    const below = { ...base, triggerPrice: (bids[0]![0] * 0.9).toFixed(1), clientAlgoId: 'far' };
    await trader.ask('POST', '/algoOrder', below);
    await trader.ask('DELETE', '/algoOrder', { clientAlgoId: 'far' });
    const above = (bids[0]![0] * 1.0001).toFixed(1);
    await trader.ask('POST', '/algoOrder', { ...base, type: 'TAKE_PROFIT_MARKET', triggerPrice: above, clientAlgoId: 'near' });
    const told = (id: string) =>
      client
        .events('ALGO_UPDATE')
        .map(({ o }) => o as { caid: string; X: string; ai: string })
        .filter(({ caid }) => caid === id);
    while (told('near').at(-1)?.X !== 'FINISHED') await pass(1, client);
    expect(told('far').map(({ X }) => X)).toEqual(['NEW', 'CANCELED']);
    expect(told('near').map(({ X }) => X)).toEqual(['NEW', 'TRIGGERED', 'FINISHED']);
    expect(told('near')[0]).toMatchObject({ o: 'TAKE_PROFIT_MARKET', S: 'SELL', ai: '', tp: above, q: size });
    const order = sim.accounts(venue).get('default')!.orders.at(-1)!;
    expect(told('near').at(-1)!.ai).toBe(String(order.id));
    const orders = client.events('ORDER_TRADE_UPDATE').map(({ o }) => o as { i: number; X: string });
    expect(orders.at(-1)).toMatchObject({ i: order.id, X: 'FILLED' });
  });

  /** An account that has just enough for a bet, and hears what becomes of it. */
  async function bet(side: 'BUY' | 'SELL'): Promise<StreamClient> {
    const accounts = sim.accounts(venue);
    const poor = accounts.open(side, venue === 'binanceusdm' ? { USDT: '40' } : { BTC: '0.0005' });
    accounts.setLeverage(poor, symbol, 125);
    const player = new SimTrader(sim, venue, poor.credentials);
    const client = await trader.open(PATHS[venue](await player.listenKey()));
    const quantity = venue === 'binanceusdm' ? '0.040' : '40';
    expect(await player.ask('POST', '/order', { symbol, side, type: 'MARKET', quantity })).toMatchObject({ status: 200 });
    return client;
  }

  it('warns before it liquidates, and says whose order that was', async () => {
    const [long, short] = [await bet('BUY'), await bet('SELL')];
    const called = () => [long, short].find((client) => client.events('MARGIN_CALL').length > 0);
    while (!called()) {
      await pass(1, long);
      await short.settle();
    }
    const client = called()!;
    const at = client.messages.findIndex(({ e }) => e === 'MARGIN_CALL');
    expect(client.messages[at]).toMatchObject({ p: [{ s: symbol, ps: 'BOTH' }] });
    const after = client.messages.slice(at + 1).flatMap(({ o }) => (o ? [o as { c: string; x: string }] : []));
    expect(after[0]).toMatchObject({ c: expect.stringMatching(/^autoclose-/), x: 'NEW', S: client === long ? 'SELL' : 'BUY' });
    expect(after.map(({ x }) => x)).toContain('CALCULATED');
    expect(client.events('ACCOUNT_UPDATE').at(-1)!['a']).toMatchObject({ B: [{ a: settle }] });
  });
});
