import { generateKeyPairSync, verify } from 'node:crypto';
import {
  type Clock,
  type CommandOutcome,
  type Connector,
  decimal,
  type NewOrder,
  SpeedError,
  systemClock,
} from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import { ManualClock } from './support/manual-clock.js';
import { type Asked, ackOf, OrderVenue } from './support/order-venue.js';

const SYMBOL = 'BTC/USDT:USDT';
const WAYS = ['rest', 'socket'] as const;
const PATIENCE_MS = 300;
const PLACE = { rest: 'POST /fapi/v1/order', socket: 'order.place' };

let venue: OrderVenue;
/** Of connectors that run out of patience: it runs out when the test says so, on the busiest machine. */
let patience: ManualClock;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  venue = await OrderVenue.start();
  patience = new ManualClock();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
  await venue[Symbol.asyncDispose]();
});

function connect(more: object = {}, clock: Clock = { ...systemClock }): Connector {
  const config = { environment: 'sim', origin: venue.origin, apiKey: `key-${Math.random()}`, secret: 'secret', ...more };
  const connector = manifest.create('binanceusdm', { config, clock }) as unknown as Connector;
  open.push(connector);
  return connector;
}

function orderOf(connector: Connector): NewOrder {
  const clientOrderId = connector.trading!.newClientOrderId();
  return { symbol: SYMBOL, clientOrderId, side: 'buy', type: 'limit', amount: decimal('0.010'), price: decimal('50000') };
}

const place = (via: 'rest' | 'socket', connector = connect()): Promise<CommandOutcome> =>
  connector.trading!.placeOrder(orderOf(connector), { via });

describe.each(WAYS)('over %s', (via) => {
  it('accepts what the venue acknowledges, ids digit for digit', async () => {
    venue.answer = (asked) => asked.raw(bigId(asked));
    expect(await place(via)).toMatchObject({ status: 'accepted', venueOrderId: '9007199254740993', order: { status: 'OPEN' } });
    expect(venue.whats()).toEqual([PLACE[via]]);
  });

  /** Each leaves it open whether the order is at the venue; none is sent again. */
  const UNKNOWN: Readonly<Record<string, (asked: Asked) => void>> = {
    'a cut instead of an answer': (asked) => asked.cut(),
    'no answer in time': () => patience.advance(PATIENCE_MS),
    '-1007, the matching engine did not answer': (asked) => asked.refuse(408, -1007, 'Timeout waiting for response'),
    '-1006, unexpected response': (asked) => asked.refuse(500, -1006, 'An unexpected response was received'),
    '-1000, unknown error': (asked) => asked.refuse(500, -1000, 'An unknown error occurred'),
    '-1001, disconnected': (asked) => asked.refuse(500, -1001, 'Internal error; unable to process your request'),
    'a 503 of unknown outcome': (asked) => asked.refuse(503, -1, 'Unknown error, please check your request or try again later.'),
    'a 5xx with a code that nobody has documented': (asked) => asked.refuse(502, -77, 'what is this'),
    'an answer of another shape': (asked) => asked.ok({ hello: 'world' }),
    'an order without a size': (asked) => asked.ok(ackOf(asked, { origQty: null })),
  };
  it.each(Object.keys(UNKNOWN))('unknown: %s', async (name) => {
    venue.answer = UNKNOWN[name]!;
    const outcome = await place(via, connect({ timeoutMs: PATIENCE_MS }, patience));
    expect(outcome.status).toBe('unknown');
    if (outcome.status === 'unknown') expect(outcome.cause.outcomeKnown).toBe(false);
    expect(venue.whats()).toEqual([PLACE[via]]);
  });

  /** Each proves that there is no such order. */
  const REJECTED: Readonly<Record<string, readonly [answer: (asked: Asked) => void, kind: string]>> = {
    'no margin': [(asked) => asked.refuse(400, -2019, 'Margin is insufficient.'), 'insufficient-funds'],
    'would take': [(asked) => asked.refuse(400, -5022, 'Post Only order will be rejected.'), 'rejected'],
    'duplicate id': [(asked) => asked.refuse(400, -4116, 'ClientOrderId is duplicated.'), 'duplicate'],
    'too small': [(asked) => asked.refuse(400, -4164, "Order's notional must be no smaller than 5.0"), 'invalid-request'],
    'a code that nobody has documented': [(asked) => asked.refuse(400, -987_654, 'new rule'), 'invalid-request'],
    'a 503 that is a failure': [(asked) => asked.refuse(503, -1, 'Service Unavailable.'), 'unavailable'],
    overloaded: [(asked) => asked.refuse(503, -1008, 'Request throttled by system-level protection.'), 'unavailable'],
    'too many orders': [
      (asked) => asked.refuse(429, -1015, 'Too many new orders; current limit is 300 orders per TEN_SECONDS.'),
      'rate-limited',
    ],
  };
  it.each(Object.keys(REJECTED))('rejected: %s', async (name) => {
    const [answer, kind] = REJECTED[name]!;
    venue.answer = answer;
    const outcome = await place(via);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { kind, outcomeKnown: true, venue: 'binanceusdm' } });
    expect(venue.whats()).toEqual([PLACE[via]]);
  });

  it('stamps again once by the clock of a venue that refuses the stamp, and no more', async () => {
    const connector = connect();
    let refusals = 1;
    venue.answer = (asked) =>
      refusals-- > 0 ? asked.refuse(400, -1021, 'Timestamp outside recvWindow') : asked.ok(ackOf(asked));
    expect((await place(via, connector)).status).toBe('accepted');
    expect(venue.asked).toHaveLength(2);
    expect(venue.asked[0]?.params['newClientOrderId']).toBe(venue.asked[1]?.params['newClientOrderId']);
    refusals = 5;
    expect(await place(via, connector)).toMatchObject({ status: 'rejected', reason: { kind: 'clock-skew' } });
    expect(venue.asked).toHaveLength(4);
  });

  it('after too many orders: placing waits, cancelling goes on', async () => {
    const connector = connect();
    const text = 'Too many new orders; current limit is 300 orders per 10 SECOND.';
    venue.answer = (asked) => (asked.what === PLACE[via] ? asked.refuse(429, -1015, text) : asked.ok(ackOf(asked)));
    expect((await place(via, connector)).status).toBe('rejected');
    const stop = new AbortController();
    const waiting = connector.trading!.placeOrder(orderOf(connector), { via, signal: stop.signal });
    const cancel = await connector.trading!.cancelOrder({ symbol: SYMBOL, clientOrderId: 'speed-1' }, { via });
    expect(cancel.status).toBe('accepted');
    stop.abort();
    expect(await waiting).toMatchObject({ status: 'rejected', reason: { kind: 'aborted', outcomeKnown: true } });
    expect(venue.whats().filter((what) => what === PLACE[via])).toHaveLength(1);
  });

  it('aborted after it was sent: unknown', async () => {
    const connector = connect();
    await connector.reference.instruments();
    const stop = new AbortController();
    venue.answer = () => stop.abort();
    const outcome = await connector.trading!.placeOrder(orderOf(connector), { via, signal: stop.signal });
    expect(outcome).toMatchObject({ status: 'unknown', cause: { kind: 'aborted' } });
  });

  it('getOrder: null on proof alone', async () => {
    const { trading } = connect({ timeoutMs: PATIENCE_MS }, patience);
    const ask = () => trading!.getOrder({ symbol: SYMBOL, clientOrderId: 'speed-1' }, { via });
    venue.answer = (asked) => asked.refuse(400, -2013, 'Order does not exist.');
    expect(await ask()).toBeNull();
    const noProof: ((asked: Asked) => void)[] = [
      (asked) => asked.refuse(400, -1121, 'Invalid symbol.'),
      (asked) => asked.refuse(503, -1, 'Unknown error'),
      (asked) => asked.ok({}),
      () => undefined,
    ];
    for (const answer of noProof) {
      venue.answer = answer;
      let error: unknown;
      void ask().catch((thrown: unknown) => {
        error = thrown;
      });
      // Some are asked again after a while.
      await patience.until(() => error !== undefined);
      expect(SpeedError.is(error)).toBe(true);
    }
  });
});

function bigId(asked: Asked): string {
  const order = JSON.stringify(ackOf(asked)).replace('"9007199254740993"', '9007199254740993');
  const id = venue.asked.length;
  return asked.by === 'rest' ? order : `{"id":"${id}","status":200,"result":${order}}`;
}

describe('over REST', () => {
  it.each([
    ['an HTML page of a proxy, status 400', 400],
    ['an HTML page of a proxy, status 404', 404],
    ['an HTML page of a proxy, status 502', 502],
    ['an HTML page, status 200', 200],
  ])('unknown: %s', async (_, status) => {
    venue.answer = (asked) => asked.raw('<html>no</html>', status);
    expect((await place('rest')).status).toBe('unknown');
  });

  it('rejected: nobody listens, so nothing was sent', async () => {
    const connector = connect();
    const unread = connect();
    await connector.reference.instruments();
    await venue[Symbol.asyncDispose]();
    // The first may still go out on a connection that was kept alive and is being closed: nobody knows.
    await place('rest', connector);
    const nothingSent = { status: 'rejected', reason: { kind: 'connection', outcomeKnown: true } };
    expect(await place('rest', connector)).toMatchObject(nothingSent);
    expect(await place('socket', connector)).toMatchObject(nothingSent);
    // Not even the listing can be read here.
    expect(await place('rest', unread)).toMatchObject(nothingSent);
    venue = await OrderVenue.start();
  });
});

describe('over the order socket', () => {
  it('takes a late answer for nobody, and a second one too', async () => {
    const connector = connect({ timeoutMs: PATIENCE_MS }, patience);
    const late: Asked[] = [];
    venue.answer = (asked) => {
      late.push(asked);
      patience.advance(PATIENCE_MS);
    };
    expect((await place('socket', connector)).status).toBe('unknown');
    venue.answer = (asked) => {
      late[0]!.ok(ackOf(late[0]!));
      asked.ok(ackOf(asked));
      asked.ok(ackOf(asked, { status: 'FILLED' }));
    };
    const order = orderOf(connector);
    const outcome = await connector.trading!.placeOrder(order, { via: 'socket' });
    expect(outcome).toMatchObject({ status: 'accepted', order: { clientOrderId: order.clientOrderId, status: 'OPEN' } });
    expect((await place('socket', connector)).status).toBe('accepted');
  });

  it('pairs answers with requests in whatever order they come', async () => {
    const connector = connect();
    const all: Asked[] = [];
    venue.answer = (asked) => {
      all.push(asked);
      if (all.length === 50) for (const each of all.toReversed()) each.ok(ackOf(each));
    };
    const orders = Array.from({ length: 50 }, () => orderOf(connector));
    const outcomes = await Promise.all(orders.map((order) => connector.trading!.placeOrder(order, { via: 'socket' })));
    expect(outcomes.map((each) => (each.status === 'accepted' ? each.order?.clientOrderId : each.status))).toEqual(
      orders.map(({ clientOrderId }) => clientOrderId),
    );
  });

  it('is taken once it is up, REST until then and while it is down', async () => {
    const connector = connect();
    venue.answer = (asked) => asked.ok(ackOf(asked));
    const send = () => connector.trading!.placeOrder(orderOf(connector));
    expect((await send()).status).toBe('accepted');
    expect(venue.whats()).toEqual([PLACE.rest]);
    await venue.until(() => venue.peers.length === 1);
    await expect.poll(() => connector.connections().find(({ name }) => name.endsWith('.orders'))?.state).toBe('open');
    await send();
    expect(venue.whats().at(-1)).toBe(PLACE.socket);
    venue.closed = true;
    venue.peers[0]!.socket.terminate();
    await expect.poll(() => connector.connections().find(({ name }) => name.endsWith('.orders'))?.state).not.toBe('open');
    await send();
    expect(venue.whats().at(-1)).toBe(PLACE.rest);
    venue.closed = false;
    await expect.poll(() => connector.connections().find(({ name }) => name.endsWith('.orders'))?.state).toBe('open');
    await send();
    expect(venue.whats().at(-1)).toBe(PLACE.socket);
    await connector.trading!.getOrder({ symbol: SYMBOL, clientOrderId: 'x' });
    expect(venue.whats().at(-1)).toBe('GET /fapi/v1/order');
  });

  it('refuses to send by a way that there is not', async () => {
    const { trading } = connect();
    await expect(trading!.cancelAllOrders(SYMBOL, { via: 'socket' })).rejects.toMatchObject({ kind: 'unsupported' });
    expect(venue.asked).toEqual([]);
  });

  it('counts against the same allowances as REST, and believes what the venue counted', async () => {
    const connector = connect();
    venue.answer = (asked) =>
      asked.raw(
        JSON.stringify({
          id: '1',
          status: 200,
          result: ackOf(asked),
          rateLimits: [{ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300, count: 294 }],
        }),
      );
    await place('socket', connector);
    const stop = new AbortController();
    const waiting = connector.trading!.placeOrder(orderOf(connector), { via: 'socket', signal: stop.signal });
    stop.abort();
    expect(await waiting).toMatchObject({ status: 'rejected', reason: { kind: 'aborted' } });
    expect(venue.asked).toHaveLength(1);
  });
});

/** `name=value` pairs by name, without the signature. */
function payloadOf({ params }: Asked): string {
  const names = Object.keys(params).filter((name) => name !== 'signature');
  return names
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
}

describe('keys', () => {
  it('logs on once with an Ed25519 key, and signs nothing after that', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const connector = connect({ secret: undefined, privateKey: pem });
    venue.answer = (asked) => asked.ok(asked.what === 'session.logon' ? { apiKey: 'x' } : ackOf(asked));
    expect((await place('socket', connector)).status).toBe('accepted');
    expect(venue.whats()).toEqual(['session.logon', 'order.place']);
    const [logon, placed] = venue.asked;
    const signature = Buffer.from(logon!.params['signature']!, 'base64');
    expect(verify(null, Buffer.from(payloadOf(logon!)), publicKey, signature)).toBe(true);
    expect(placed!.params).not.toHaveProperty('signature');
    expect(placed!.params).not.toHaveProperty('apiKey');
    expect((await place('rest', connector)).status).toBe('accepted');
    expect(venue.asked[2]!.params['signature']).toMatch(/==$/);
  });

  it('signs each request with an RSA key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const connector = connect({ secret: undefined, privateKey: pem });
    venue.answer = (asked) => asked.ok(ackOf(asked));
    expect((await place('socket', connector)).status).toBe('accepted');
    const [placed] = venue.asked;
    const signature = Buffer.from(placed!.params['signature']!, 'base64');
    expect(verify('sha256', Buffer.from(payloadOf(placed!)), publicKey, signature)).toBe(true);
  });
});
