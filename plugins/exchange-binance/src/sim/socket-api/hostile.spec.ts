import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SimTrader, TRADED, TRADED_VENUES } from '../../../test/sim-trader.js';
import type { StreamClient } from '../../../test/stream-client.js';
import dialect from '../index.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);
const START = Date.UTC(2026, 10, 20, 7, 30);

let sim: RunningSimulator;
const warnings: Error[] = [];
const warn = (warning: Error) => warnings.push(warning);
beforeAll(async () => {
  process.on('warning', warn);
  const limits = { weightFactor: Number.POSITIVE_INFINITY, orderFactor: Number.POSITIVE_INFINITY };
  const symbols = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
  sim = await startSimulator({ dialects: [dialect], seed: SEED, clock: START, symbols, limits });
});
afterAll(async () => {
  process.off('warning', warn);
  await sim.close();
});
afterEach(() => expect(warnings).toEqual([]));

const METHODS = [
  ...[
    'order.place',
    'order.cancel',
    'order.status',
    'order.modify',
    'order.cancelReplace',
    'order.amend.keepPriority',
    'order.test',
  ],
  ...[
    'openOrders.cancelAll',
    'openOrders.status',
    'allOrders',
    'myTrades',
    'account.status',
    'v2/account.position',
    'account.balance',
  ],
  ...['algoOrder.place', 'algoOrder.cancel', 'session.logon', 'session.status', 'session.logout', 'session.subscriptions'],
  ...['userDataStream.subscribe', 'userDataStream.subscribe.signature', 'userDataStream.unsubscribe', 'userDataStream.start'],
  ...['depth', 'klines', 'ticker.price', 'exchangeInfo', 'ping', 'time', 'v3/order.place', '__proto__', 'constructor'],
];
const NAMES = [
  ...['symbol', 'side', 'type', 'timeInForce', 'quantity', 'price', 'quoteOrderQty', 'newClientOrderId', 'origClientOrderId'],
  ...[
    'orderId',
    'stopPrice',
    'reduceOnly',
    'positionSide',
    'recvWindow',
    'limit',
    'newQty',
    'cancelReplaceMode',
    'subscriptionId',
  ],
  ...['algoType', 'triggerPrice', 'callbackRate', 'closePosition', 'goodTillDate', 'newOrderRespType', 'interval', '__proto__'],
];
const value = fc.oneof(
  fc.constantFrom('BTCUSDT', 'BTCUSD_PERP', 'BUY', 'SELL', 'LIMIT', 'MARKET', 'STOP_MARKET', 'GTC', 'GTX', 'IOC', 'CONDITIONAL'),
  fc.constantFrom('0', '-1', '1e9', '0.02', '20', '90000', '99999999999999999999999', '0.00000000000000000000000001', 'NaN', ''),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.string({ maxLength: 60 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const params = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 10 });
const request = fc.record({ method: fc.constantFrom(...METHODS), params, signed: fc.boolean() });

describe.each(TRADED_VENUES)('the order socket of %s', (venue) => {
  let trader: SimTrader;
  let client: StreamClient;
  beforeAll(async () => {
    trader = new SimTrader(sim, venue);
    client = await trader.openSocketApi();
  });
  afterAll(() => trader.close());

  /** Sends a text, and a ping behind it. @returns what was answered to the text */
  async function answersTo(text: string): Promise<Record<string, unknown>[]> {
    client.texts.length = 0;
    client.send(text);
    await client.request('ping', undefined, 'behind');
    return client.messages.filter((message) => message['id'] !== 'behind' && 'status' in message);
  }

  it('answers every request once, whatever is in it, and stays open', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ method, params: fields, signed }) => {
        const flat = Object.entries(fields).map(([name, field]) => [
          name,
          typeof field === 'object' ? JSON.stringify(field) : field,
        ]);
        const sent = signed ? trader.signedParams(Object.fromEntries(flat) as never) : fields;
        const answers = await answersTo(JSON.stringify({ id: 7, method, params: sent }));
        expect(answers).toHaveLength(1);
        expect(answers[0]).toMatchObject({ id: 7, status: expect.any(Number) });
        expect('result' in answers[0]! !== 'error' in answers[0]!).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('answers every text once, and stays open', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const answers = await answersTo(text);
        expect(answers).toHaveLength(1);
        expect(answers[0]).toMatchObject({ status: 400, error: { code: expect.any(Number) } });
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('still trades after all that', async () => {
    const { symbol, size } = TRADED[venue];
    const order = trader.signedParams({ symbol, side: 'BUY', type: 'MARKET', quantity: size });
    expect(await client.request('order.place', order)).toMatchObject({ status: 200 });
  });
});
