import { type LimitOptions, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Params, SimTrader, TRADED, TRADED_VENUES, type TradedVenue } from '../../../test/sim-trader.js';
import type { StreamClient } from '../../../test/stream-client.js';
import dialect from '../index.js';

const START = Date.UTC(2026, 10, 20, 7, 30);
type Json = Record<string, unknown>;
let sim: RunningSimulator;
let trader: SimTrader;
let client: StreamClient;

async function start(venue: TradedVenue, limits: LimitOptions = {}): Promise<void> {
  const symbols = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
  sim = await startSimulator({ dialects: [dialect], seed: 13, clock: START, symbols, limits });
  trader = new SimTrader(sim, venue);
  client = await trader.openSocketApi();
}

afterEach(async () => {
  trader.close();
  await sim.close();
});

async function restart(venue: TradedVenue, limits: LimitOptions): Promise<void> {
  trader.close();
  await sim.close();
  await start(venue, limits);
}

const now = () => Math.floor(sim.clock.now());
const signed = async (method: string, params: Params = {}) => client.request(method, trader.signedParams(params));

describe.each(TRADED_VENUES)('order socket of %s', (venue) => {
  const { symbol, size, resting } = TRADED[venue];
  const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: size, price: resting };
  beforeEach(() => start(venue));

  it('places, asks, cancels, each signed', async () => {
    const placed = await signed('order.place', { ...limit, newClientOrderId: 'mine', newOrderRespType: 'RESULT' });
    expect(placed).toMatchObject({ status: 200, result: { symbol, status: 'NEW', clientOrderId: 'mine' } });
    expect(placed['rateLimits']).toContainEqual(expect.objectContaining({ rateLimitType: 'ORDERS', count: 1 }));
    expect(placed['rateLimits']).toContainEqual(expect.objectContaining({ rateLimitType: 'REQUEST_WEIGHT' }));
    expect(await signed('order.status', { symbol, origClientOrderId: 'mine' })).toMatchObject({ result: { status: 'NEW' } });
    const canceled = await signed('order.cancel', { symbol, origClientOrderId: 'mine' });
    expect(canceled).toMatchObject({ status: 200, result: { status: 'CANCELED' } });
    const order = sim.accounts(venue).get('default')!.orders[0]!;
    expect(order).toMatchObject({ clientId: 'mine', status: 'canceled' });
  });

  it('takes numbers as well as texts', async () => {
    const params = trader.signedParams({ ...limit, quantity: Number(size), price: Number(resting) });
    expect(await client.request('order.place', params)).toMatchObject({ status: 200 });
  });

  it('refuses in the words of the venue', async () => {
    const unsigned = { ...limit, apiKey: trader.credentials.apiKey, timestamp: now() };
    expect(await client.request('order.place', limit)).toMatchObject({ status: 401, error: { code: -2014 } });
    expect(await client.request('order.place', { ...unsigned, signature: 'ab'.repeat(32) })).toMatchObject({
      status: 400,
      error: { code: -1022 },
    });
    expect(await client.request('order.place', unsigned)).toMatchObject({ error: { code: -1102 } });
    expect(await signed('order.cancel', { symbol, orderId: 1 })).toMatchObject({ status: 400, error: { code: -2011 } });
    expect(await signed('order.place', { ...limit, symbol: 'NOPE' })).toMatchObject({ error: { code: -1121 } });
    const late = trader.signedParams({ ...limit, recvWindow: 5000 });
    sim.clock.advance(6000);
    expect(await client.request('order.place', late)).toMatchObject({ error: { code: -1021 } });
  });

  it.each([
    ['nothing', -1135],
    ['[]', -1135],
    ['{"id":1}', -1102],
    ['{"id":1,"method":"order.plaice"}', -1130],
    ['{"id":1,"method":"ping","params":[]}', -1102],
    ['{"id":[1],"method":"ping"}', -1100],
    ['{"id":1,"method":"ping","extra":true}', -1101],
  ])('%s is refused with %i', async (text, code) => {
    client.send(text);
    await client.until(() => client.texts.length === 1);
    expect(client.messages[0]).toMatchObject({ status: 400, error: { code } });
  });

  it('echoes ids letter for letter', async () => {
    for (const id of ['12345678901234567890', '"a\\"b"', 'null', '-7']) client.send(`{"id":${id},"method":"ping"}`);
    await client.until(() => client.texts.length === 4);
    expect(client.texts.map((text) => /^\{"id":(.*),"status":200,"result":\{\}/.exec(text)?.[1])).toEqual([
      '12345678901234567890',
      '"a\\"b"',
      'null',
      '-7',
    ]);
  });

  it('leaves rate limits out where nobody wants them', async () => {
    expect(await client.request('ping', { returnRateLimits: false })).not.toHaveProperty('rateLimits');
    const quiet = await trader.openSocketApi('?returnRateLimits=false');
    expect(await quiet.request('time')).toMatchObject({ result: { serverTime: now() } });
    expect(quiet.messages[0]).not.toHaveProperty('rateLimits');
  });

  it('shares the weight of REST, and says when to come back', async () => {
    await restart(venue, { weightFactor: 0.02 });
    let answer: Json = {};
    while (answer['status'] !== 429) answer = await client.request('depth', { symbol });
    const retryAfter = (Math.floor(now() / 60_000) + 1) * 60_000;
    expect(answer).toMatchObject({ status: 429, error: { code: -1003, data: { serverTime: now(), retryAfter } } });
    expect((await trader.ask('GET', '/time')).status).toBe(429);
  });

  it('logs in with an Ed25519 key, and out', async () => {
    expect(await signed('session.logon')).toMatchObject({ error: { code: -4056 } });
    expect(await trader.logOn(client)).toMatchObject({
      status: 200,
      result: { apiKey: trader.credentials.apiKey, authorizedSince: now() },
    });
    expect(await client.request('order.place', limit)).toMatchObject({ error: { code: -1102 } });
    expect(await client.request('order.place', { ...limit, timestamp: now() })).toMatchObject({ status: 200 });
    expect(await client.request('session.status')).toMatchObject({ result: { apiKey: trader.credentials.apiKey } });
    expect(await client.request('session.logout')).toMatchObject({ result: { apiKey: null, authorizedSince: null } });
    expect(await client.request('order.place', { ...limit, timestamp: now() })).toMatchObject({ error: { code: -2014 } });
  });

  it('is logged out by the fault key-expiry', async () => {
    await trader.logOn(client);
    expect(sim.faults.inject({ kind: 'key-expiry', venue }).affected).toBe(1);
    expect(await client.request('session.status')).toMatchObject({ result: { apiKey: null } });
  });

  it('execute-502: placed, and the venue does not know', async () => {
    sim.faults.inject({ kind: 'execute-502', venue });
    const answer = await signed('order.place', { ...limit, newClientOrderId: 'lost' });
    expect(answer).toMatchObject({ status: 502, error: { code: -1007 } });
    expect(await signed('order.status', { symbol, origClientOrderId: 'lost' })).toMatchObject({ result: { status: 'NEW' } });
    expect(sim.faults.records).toMatchObject([{ kind: 'execute-502', orders: [{ clientId: 'lost', done: true, symbol }] }]);
  });

  it('ack-lose, over REST too: placed, never said', async () => {
    sim.faults.inject({ kind: 'ack-lose', venue, count: 2 });
    await expect(trader.ask('POST', '/order', { ...limit, newClientOrderId: 'rest' })).rejects.toThrow();
    client.send(
      JSON.stringify({ id: 1, method: 'order.place', params: trader.signedParams({ ...limit, newClientOrderId: 'ws' }) }),
    );
    await client.until(() => client.closed !== undefined);
    expect(sim.faults.records.flatMap(({ orders }) => orders!.map(({ clientId }) => clientId))).toEqual(['rest', 'ws']);
    const open = (await trader.ask('GET', '/openOrders', { symbol })).body as unknown as Json[];
    expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['rest', 'ws']);
  });

  it('cancel-race: the cancel comes too late', async () => {
    await signed('order.place', { ...limit, newClientOrderId: 'raced' });
    sim.faults.inject({ kind: 'cancel-race', venue, clientId: 'raced' });
    expect(await signed('order.cancel', { symbol, origClientOrderId: 'raced' })).toMatchObject({ error: { code: -2011 } });
    expect(await signed('order.status', { symbol, origClientOrderId: 'raced' })).toMatchObject({ result: { status: 'FILLED' } });
  });

  it('clock-skew: who keeps time is refused until the clock is right again', async () => {
    const { id } = sim.faults.inject({ kind: 'clock-skew', venue, skewMs: 7000 });
    expect(await signed('order.place', limit)).toMatchObject({ error: { code: -1021 } });
    expect(await client.request('time')).toMatchObject({ result: { serverTime: now() + 7000 } });
    sim.faults.remove(id);
    expect(await signed('order.place', limit)).toMatchObject({ status: 200 });
  });
});

describe('listen keys over the order sockets of futures', () => {
  it.each(['binanceusdm', 'binancecoinm'] as const)('%s', async (venue) => {
    await start(venue);
    const { apiKey } = trader.credentials;
    const started = await client.request('userDataStream.start', { apiKey });
    const key = await trader.listenKey();
    expect(started).toMatchObject({ status: 200, result: { listenKey: key } });
    expect(await client.request('userDataStream.ping', { apiKey })).toMatchObject({ result: { listenKey: key } });
    expect(await client.request('userDataStream.stop', { apiKey })).toMatchObject({ result: {} });
    expect(await client.request('userDataStream.ping', { apiKey })).toMatchObject({ error: { code: -1125 } });
  });
});
