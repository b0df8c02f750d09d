import { createHmac } from 'node:crypto';
import {
  type Dialect,
  type RunningSimulator,
  type SimRequest,
  startSimulator,
  type VenueServer,
} from '@speed-protocol/simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRADED, TRADED_VENUES, type TradedVenue } from '../../../test/sim-trader.js';
import { TRADING_START } from '../../../test/sim-trading.js';
import dialect from '../index.js';
import { PRODUCTS } from '../products.js';
import { TRADING_ROUTES } from './routes.js';

const SEED = Number(process.env['SPEED_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SPEED_SEED=${SEED}`);

let sim: RunningSimulator;
let servers: ReadonlyMap<string, VenueServer>;
beforeAll(async () => {
  const create: Dialect['create'] = (host) => {
    servers = dialect.create(host);
    return servers;
  };
  const limits = { weightFactor: Number.POSITIVE_INFINITY };
  const symbols = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];
  sim = await startSimulator({ dialects: [{ ...dialect, create }], seed: SEED, clock: TRADING_START, symbols, limits });
});
afterAll(() => sim.close());

/** Something between an order and nonsense: legal values where a name has them, and anything else now and then. */
function paramsFor(venue: TradedVenue) {
  const { symbol, size } = TRADED[venue];
  const often = <T>(...legal: readonly T[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...legal) }, { weight: 1, arbitrary: garbage });
  const price = often('90000', '89000.0', '70000', '91000', '10000', '0', '1e5', '90000.123456789');
  return fc.record(
    {
      symbol: often(symbol, symbol, symbol, symbol, 'NOPE', ''),
      side: often('BUY', 'SELL'),
      type: often(
        'LIMIT',
        'LIMIT',
        'MARKET',
        'MARKET',
        'LIMIT_MAKER',
        'STOP',
        'STOP_MARKET',
        'TAKE_PROFIT',
        'STOP_LOSS_LIMIT',
        'STOP_LOSS',
        'TRAILING_STOP_MARKET',
      ),
      timeInForce: often('GTC', 'GTC', 'IOC', 'FOK', 'GTX', 'GTD'),
      quantity: often(size, size, size, '0', '999999999999999999999', '0.000000001', '5'),
      price,
      stopPrice: price,
      triggerPrice: price,
      activatePrice: price,
      callbackRate: often('1', '0.1', '20', '50'),
      quoteOrderQty: often('1000', '0', '0.00000001'),
      newQty: often('0.01', '10', '0'),
      amount: often('0.5', '100', '0'),
      newClientOrderId: often('a', 'b', 'c', 'a b', ''),
      origClientOrderId: often('a', 'b', 'c', ''),
      clientAlgoId: often('a', 'b', 'c'),
      cancelOrigClientOrderId: often('a', 'b'),
      cancelReplaceMode: often('STOP_ON_FAILURE', 'ALLOW_FAILURE'),
      batchOrders: often(JSON.stringify([{ symbol, side: 'BUY', type: 'MARKET', quantity: size }]), '[]', '[1]', '{}', '[null]'),
      orderIdList: often('[1]', '[12345678901234567890]', '[]', 'x', '[{}]'),
      orderId: often('1', '1500000000', '-1', '99999999999999999999'),
      algoId: often('1', '5000000'),
      algoType: often('CONDITIONAL'),
      reduceOnly: often('true', 'false', 'false', 'TRUE'),
      closePosition: often('true', 'false'),
      positionSide: often('BOTH', 'BOTH', 'LONG', 'SHORT'),
      priceMatch: often('QUEUE', 'OPPONENT_20', 'NONE'),
      workingType: often('MARK_PRICE', 'CONTRACT_PRICE'),
      selfTradePreventionMode: often('NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'),
      newOrderRespType: often('ACK', 'RESULT', 'FULL'),
      goodTillDate: often(String(TRADING_START + 7_200_000), '1'),
      leverage: often('1', '20', '125', '126'),
      marginType: often('ISOLATED', 'CROSSED'),
      dualSidePosition: often('true', 'false'),
      countdownTime: often('0', '1000'),
      limit: often('1', '1000', '0'),
      startTime: often('0', String(TRADING_START)),
      endTime: often(String(TRADING_START), '99999999999999'),
      incomeType: often('COMMISSION', 'NOPE'),
    },
    { requiredKeys: ['symbol'] },
  );
}

const garbage = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('NaN', '__proto__', '1e400'),
);

/** Orders that are taken, on one product or the other. */
function legalOrders(venue: TradedVenue): readonly Record<string, string>[] {
  const { symbol, size: quantity, resting } = TRADED[venue];
  const limit = { symbol, quantity, type: 'LIMIT', timeInForce: 'GTC' };
  const stop = { symbol, quantity, algoType: 'CONDITIONAL', type: 'STOP_MARKET' };
  return [
    { symbol, quantity, type: 'MARKET' },
    { ...limit, price: resting },
    { ...limit, price: '91000' },
    { ...limit, price: '90000', timeInForce: 'IOC' },
    { ...stop, triggerPrice: '90500' },
    { ...stop, triggerPrice: '89500' },
  ];
}

const SPOILT = ['price', 'quantity', 'type', 'timeInForce', 'newClientOrderId', 'reduceOnly', 'positionSide', 'priceMatch'];

describe.each(TRADED_VENUES)('REST of %s', (venue) => {
  const { prefix, family } = PRODUCTS.find((product) => product.venue === venue)!;
  const routes = TRADING_ROUTES.filter(({ families, auth }) => auth === 'signed' && families.includes(family)).map(
    ({ method = 'GET', path, absolute }) => [method, absolute ? path : prefix + path] as const,
  );
  const orders = routes.filter(([method, path]) => method === 'POST' && /\/(order|algoOrder)$/.test(path));
  const anything = paramsFor(venue);
  /** A legal order, with one or two of its parameters spoilt now and then. */
  const order = fc
    .tuple(
      fc.constantFrom(...legalOrders(venue)),
      fc.constantFrom('BUY', 'SELL'),
      anything,
      fc.subarray(SPOILT, { maxLength: 2 }),
    )
    .map(([legal, side, spoilt, names]) => ({
      ...legal,
      side,
      ...Object.fromEntries(Object.entries(spoilt).filter(([name]) => names.includes(name))),
    }));
  const step = fc.record({
    request: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...orders), order) },
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...routes), anything) },
    ),
    waitMs: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1000),
  });

  function ask([method, path]: readonly [string, string], params: Readonly<Record<string, string>>) {
    const { apiKey, secret } = sim.ready.venues[venue]!.credentials!;
    const text = new URLSearchParams({ ...params, timestamp: String(Math.floor(sim.clock.now())) }).toString();
    const rawQuery = `${text}&signature=${createHmac('sha256', secret).update(text).digest('hex')}`;
    const seen: Omit<SimRequest, 'method' | 'path'> = {
      rawQuery,
      query: new URLSearchParams(rawQuery),
      headers: { 'x-mbx-apikey': apiKey },
      body: '',
      remote: '127.0.0.1',
    };
    return servers.get(venue)!.request({ ...seen, method, path });
  }

  it('answers anything in its own words, and keeps its accounts in order', { timeout: 300_000 }, () => {
    const statuses = new Map<number, number>();
    const account = sim.accounts(venue).get('default')!;
    fc.assert(
      fc.property(step, ({ request: [route, params], waitMs }) => {
        sim.clock.advance(waitMs);
        const { status, body } = ask(route, params as Record<string, string>);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const answer = JSON.parse(body) as { code?: number; msg?: string };
        if (status !== 200)
          expect(answer).toEqual({
            code: expect.any(Number),
            msg: expect.any(String),
            ...('data' in answer && { data: expect.anything() }),
          });
        expect([200, 400, 409]).toContain(status);
        for (const { total, locked } of account.balances) {
          expect(locked).toBeGreaterThanOrEqual(0n);
          if (venue === 'binance') expect(total).toBeGreaterThanOrEqual(locked);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(statuses.get(200)).toBeGreaterThan(60);
    expect(statuses.get(400)).toBeGreaterThan(60);
    expect(sim.accounts(venue).ledger.entries.filter(({ kind }) => kind === 'fill').length).toBeGreaterThan(20);
  });
});
