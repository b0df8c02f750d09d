import {
  type AnyTrading,
  decimal,
  type Instrument,
  type NewOrder,
  type Order,
  SpeedError,
  silentLogger,
  type TradingDeclaration,
} from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRateGate,
  createRestClient,
  createTrading,
  Doors,
  defineEndpoints,
  type ErrorTable,
  fullPage,
  RestExchange,
  readPages,
  type TradingSpec,
  wantedFills,
} from '../src/index.js';
import { HttpServer } from './support/http-server.js';
import { VirtualClock } from './support/virtual-clock.js';

const POST = { method: 'POST', encoding: 'json', weight: 1, idempotent: false } as const;
const ENDPOINTS = defineEndpoints({
  place: { ...POST, path: '/place' },
  cancel: { ...POST, path: '/cancel' },
  batch: { ...POST, path: '/batch' },
  order: { method: 'GET', path: '/order', weight: 1, idempotent: false },
  open: { method: 'GET', path: '/open', weight: 1, idempotent: false },
});
type Name = keyof typeof ENDPOINTS;

const ERRORS: ErrorTable = {
  read: (body) => {
    const { code, msg = '' } = (body ?? {}) as { code?: number; msg?: string };
    return code === undefined ? undefined : { code: String(code), message: msg };
  },
  codes: { 1: 'rejected', 2: 'not-found', 3: 'not-found' },
};

const instrument = (symbol: string): Instrument => ({
  ...{ venue: 'toy', symbol, venueSymbol: symbol.replace('/', ''), kind: 'spot', status: 'open', base: 'A', quote: 'B' },
  ...{ tickSize: decimal('1'), lotSize: decimal('1'), contractSize: decimal('1') },
});

class ToyExchange extends RestExchange<Name> {
  nameOf({ venueSymbol }: Instrument) {
    return { symbol: venueSymbol };
  }
  protected async loadInstruments() {
    return ['A/B', 'C/D'].map(instrument);
  }
}

const DECLARED: TradingDeclaration = {
  ...{ orderTypes: ['limit', 'market'], timeInForce: ['GTC', 'IOC'], reduceOnly: false, orderSocket: false },
  ...{ deadMansSwitch: false, batch: { place: 2, cancel: 3 } },
};
const SPOT = { positions: false, hedgeMode: false };

let server: HttpServer;
/** What the venue says to a request of this path and body. */
let answer: (path: string, body: unknown) => unknown;
const close: AsyncDisposable[] = [];

beforeEach(async () => {
  server = await HttpServer.start(({ url, body }, response) => {
    const said = answer(url.split('?')[0]!, body === '' ? {} : JSON.parse(body));
    response.writeHead(said === undefined ? 502 : 200).end(said === undefined ? 'no' : JSON.stringify(said));
  });
  close.push(server);
});
afterEach(async () => {
  for (const each of close.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

function tradingOf(trading: TradingDeclaration = DECLARED): AnyTrading {
  const clock = new VirtualClock();
  const context = { clock, logger: silentLogger, signal: new AbortController().signal };
  const client = createRestClient({
    ...{ venue: 'toy', baseUrl: server.origin, allowedHosts: [server.host], endpoints: ENDPOINTS, errors: ERRORS },
    ...{ gate: createRateGate({ clock, buckets: [{ id: 'all', limit: 1_000, intervalMs: 1_000 }] }), ...context },
  });
  close.push(client);
  const exchange = new ToyExchange('toy', client, context);
  const named = ({ clientOrderId, venueOrderId }: { clientOrderId?: string; venueOrderId?: string }) => ({
    id: venueOrderId ?? clientOrderId,
  });
  const order = (id: string): Order => ({ venueOrderId: id }) as Order;
  const spec: TradingSpec = {
    ...{ declared: { trading, account: SPOT }, errors: ERRORS, orderIdPrefix: 'x' },
    doors: new Doors({ exchange, socket: undefined, missing: undefined }),
    ids: { pattern: /^[a-z0-9]+$/, maxLength: 40, alphabet: '0123456789abcdef' },
    place: ({ clientOrderId }) => ({ endpoint: 'place', lane: 'place', params: { id: clientOrderId } }),
    cancel: (ref) => ({ endpoint: 'cancel', lane: 'cancel', params: named(ref as never) }),
    accepted: (body) => {
      const { id } = body as { id?: string };
      if (id === undefined) throw new TypeError('no id');
      return { venueOrderId: id, order: null };
    },
    noOrder: new Set(['2']),
    order: (ref, _, ask) =>
      ask({ endpoint: 'order', lane: 'read', params: named(ref as never) }, ({ id }: { id: string }) => order(id.trim())),
    openOrders: (_, ask) => ask({ endpoint: 'open', lane: 'read', params: {} }, (ids: readonly string[]) => ids.map(order)),
    fills: async () => [],
    batch: {
      place: (entries) => {
        const orders = JSON.stringify(entries.map(({ item }) => item.clientOrderId));
        return { endpoint: 'batch', lane: 'place', params: { orders } };
      },
      cancel: (entries) => {
        const orders = JSON.stringify(entries.map(({ item }) => item.venueOrderId));
        return { endpoint: 'batch', lane: 'cancel', params: { orders } };
      },
      groupOf: ({ item }) => item.symbol,
      rows: (body) => (body as readonly unknown[]).map((row) => ({ fault: row, body: row })),
    },
  };
  return createTrading(exchange, spec);
}

const limit = (clientOrderId: string, symbol = 'A/B'): NewOrder => ({
  ...{ symbol, clientOrderId, side: 'buy', type: 'limit', amount: decimal('1'), price: decimal('2') },
});
const idsOf = (body: unknown): readonly string[] => JSON.parse((body as { orders: string }).orders) as string[];

describe('batches', () => {
  it('are split by what a request holds and by group, and answered in order', async () => {
    answer = (_, body) => idsOf(body).map((id) => ({ id: `v${id}` }));
    const orders = [limit('a1'), limit('c1', 'C/D'), limit('a2'), limit('a3')];
    const outcomes = await tradingOf().placeOrders!(orders);
    expect(outcomes.map((each) => each.status === 'accepted' && each.venueOrderId)).toEqual(['va1', 'vc1', 'va2', 'va3']);
    expect(server.seen.map(({ body }) => idsOf(JSON.parse(body)).join()).toSorted()).toEqual(['a1,a2', 'a3', 'c1']);
  });

  it('are judged one by one where the venue answers, and all alike where it does not', async () => {
    const rows: Readonly<Record<string, unknown>> = { a1: { id: '1' }, a2: { code: 1, msg: 'no' }, c1: { hello: 'you' } };
    answer = (_, body) => (idsOf(body).includes('a3') ? undefined : idsOf(body).map((id) => rows[id]));
    const orders = [limit('a1'), limit('a2'), limit('a3'), limit('a4'), limit('c1', 'C/D')];
    const outcomes = await tradingOf().placeOrders!(orders);
    expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'unknown', 'unknown', 'unknown']);
  });

  it('leave open what an answer of another shape means', async () => {
    answer = () => ({ not: 'a list' });
    const outcomes = await tradingOf().cancelOrders!([{ symbol: 'A/B', venueOrderId: '1' }]);
    expect(outcomes).toMatchObject([{ status: 'unknown', cause: { kind: 'protocol', outcomeKnown: false } }]);
  });
});

describe('cancelling all where the venue has no word for it', () => {
  it.each([
    ['accepted', 'an order that has gone is as good', { code: 3, msg: 'gone' }],
    ['rejected', 'one that stays is not', { code: 1, msg: 'no' }],
    ['unknown', 'one that nobody knows of is neither', {}],
  ])('%s: %s', async (status, _, second) => {
    answer = (path, body) => {
      if (path === '/open') return ['1', '2'];
      return path === '/cancel'
        ? (body as { id: string }).id === '1'
          ? { id: '1' }
          : second
        : idsOf(body).map((id) => (id === '1' ? { id } : second));
    };
    expect(await tradingOf().cancelAllOrders('A/B')).toMatchObject({ status });
    const { batch: _batch, ...single } = DECLARED;
    expect(await tradingOf(single).cancelAllOrders('A/B')).toMatchObject({ status });
  });

  it('sends nothing when the open orders cannot be asked', async () => {
    answer = () => undefined;
    const outcome = await tradingOf().cancelAllOrders('A/B');
    expect(outcome).toMatchObject({ status: 'rejected', reason: { outcomeKnown: true } });
    expect(server.seen.map(({ url }) => url)).not.toContain('/batch');
  });
});

describe('what cannot be right is not sent', () => {
  it.each<[string, Partial<NewOrder>, string]>([
    ['an id of another alphabet', { clientOrderId: 'A-1' }, 'invalid-request'],
    ['no amount', { amount: decimal('0') }, 'invalid-request'],
    ['a limit without a price', { price: undefined }, 'invalid-request'],
    ['a market order with a price', { type: 'market' }, 'invalid-request'],
    ['a time in force that is not declared', { timeInForce: 'FOK' }, 'unsupported'],
    ['a reduction where nothing is held', { reduceOnly: true }, 'unsupported'],
    ['a leg where there are none', { positionSide: 'long' }, 'unsupported'],
  ])('%s', async (_, wrong, kind) => {
    const { placeOrder, placeOrders } = tradingOf();
    const order = { ...limit('a1'), ...wrong };
    await expect(placeOrder(order)).rejects.toSatisfy((error) => SpeedError.is(error, kind as never));
    await expect(placeOrders!([limit('a2'), order])).rejects.toSatisfy((error) => SpeedError.is(error, kind as never));
    expect(server.seen).toEqual([]);
  });

  it('rooms have what is declared', () => {
    const { amendOrder, cancelAllAfter, placeOrders } = tradingOf();
    expect([amendOrder, cancelAllAfter]).toEqual([undefined, undefined]);
    expect(placeOrders).toBeDefined();
  });
});

it('an order is known not to exist on proof alone', async () => {
  const { getOrder } = tradingOf();
  const ask = () => getOrder({ symbol: 'A/B', clientOrderId: 'a1' });
  answer = () => ({ code: 2, msg: 'no such order' });
  expect(await ask()).toBeNull();
  for (const [said, kind] of [
    [{ code: 3, msg: 'no such symbol' }, 'not-found'],
    [{}, 'protocol'],
    [undefined, 'unavailable'],
  ] as const) {
    answer = () => said;
    await expect(ask()).rejects.toSatisfy((error) => SpeedError.is(error, kind));
  }
});

it('fills are read page by page until one is not full or goes back far enough', async () => {
  const told = [9, 8, 7, 6, 5, 4, 3, 2, 1];
  const read = (isOlder: (row: number) => boolean) => {
    const asked: (number | undefined)[] = [];
    const fetch = async (before?: number) => {
      asked.push(before);
      return fullPage(told.filter((row) => before === undefined || row < before).slice(0, 3), 3, (last) => last);
    };
    return readPages(fetch, (page) => page.some(isOlder)).then((rows) => ({ rows, asked }));
  };
  const isOlder = (row: number) => row < 6;
  const { rows, asked } = await read(isOlder);
  expect(asked).toEqual([undefined, 7]);
  expect(wantedFills(rows, { fromId: '6' }, isOlder)).toEqual([6, 7, 8, 9]);
  expect(wantedFills(rows, { fromId: '6', limit: 2 }, isOlder)).toEqual([6, 7]);
  expect((await read(() => false)).asked).toEqual([undefined, 7, 4, 1]);
  expect(wantedFills(told, { limit: 2 }, () => false)).toEqual([8, 9]);
});
