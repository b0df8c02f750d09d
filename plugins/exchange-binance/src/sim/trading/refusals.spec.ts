import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Params, TradedVenue } from '../../../test/sim-trader.js';
import { Desk, startTrading } from '../../../test/sim-trading.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await startTrading({ limits: { weightFactor: Number.POSITIVE_INFINITY } });
});
afterAll(() => sim.close());

type Case = readonly [what: string, params: Params | ((desk: Desk) => Params), code: number, message: RegExp | string];

const LIMIT = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' };
/** Leaves a parameter out. */
const NONE = '';

const SPOT: readonly Case[] = [
  ['unknown symbol', { symbol: 'NOPEUSDT' }, -1121, 'Invalid symbol.'],
  ['no side', { side: NONE }, -1102, /'side'/],
  ['bad side', { side: 'HOLD' }, -1117, 'Invalid side.'],
  ['bad type', { type: 'HUNCH' }, -1116, 'Invalid orderType.'],
  ['a type out of a prototype', { type: '__proto__' }, -1116, 'Invalid orderType.'],
  ['no time in force', { timeInForce: NONE }, -1102, /'timeInForce'/],
  ['bad time in force', { timeInForce: 'GTX' }, -1115, 'Invalid timeInForce.'],
  ['limit maker with a time in force', { type: 'LIMIT_MAKER' }, -1106, "Parameter 'timeInForce' sent when not required."],
  ['market with a price', { type: 'MARKET', timeInForce: NONE }, -1106, /'price'/],
  ['no quantity', { quantity: NONE }, -1102, /'quantity'/],
  ['quantity that is none', { quantity: 'lots' }, -1100, /'quantity'/],
  ['negative quantity', { quantity: '-1' }, -1100, /'quantity'/],
  ['no quantity at all', { quantity: '0' }, -1013, 'Invalid quantity.'],
  ['too much precision', { quantity: '0.000000001' }, -1111, "Parameter 'quantity' has too much precision."],
  ['off the lot', { quantity: '0.000015' }, -1013, 'Filter failure: LOT_SIZE'],
  ['more than anybody trades', { quantity: '100000' }, -1013, 'Filter failure: LOT_SIZE'],
  ['price of nothing', { price: '0' }, -1013, 'Invalid price.'],
  ['off the tick', { price: '50000.001' }, -1013, 'Filter failure: PRICE_FILTER'],
  ['price out of this world', { price: '10000000' }, -1013, 'Filter failure: PRICE_FILTER'],
  ['price far from the market', { price: '10000' }, -1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'],
  ['small change', { quantity: '0.00005' }, -1013, 'Filter failure: NOTIONAL'],
  ['bad client id', { newClientOrderId: 'a b' }, -1100, /'newClientOrderId'/],
  ['long client id', { newClientOrderId: 'a'.repeat(37) }, -1100, /'newClientOrderId'/],
  ['not enough money', { quantity: '300' }, -2010, 'Account has insufficient balance for requested action.'],
  [
    'post-only that would take',
    (desk) => ({ type: 'LIMIT_MAKER', timeInForce: NONE, price: desk.price(1) }),
    -2010,
    'Order would immediately match and take.',
  ],
  ['an iceberg', { icebergQty: '0.001' }, -2010, 'Iceberg orders are not supported for this symbol.'],
  ['bad response type', { newOrderRespType: 'NOVEL' }, -1130, /'newOrderRespType'/],
  ['a stop without its price', { type: 'STOP_LOSS_LIMIT' }, -1102, /'stopPrice'/],
  [
    'a stop that is there already',
    (desk) => ({ type: 'STOP_LOSS_LIMIT', stopPrice: desk.price(-1) }),
    -2010,
    'Order would trigger immediately.',
  ],
];

const FUTURES: readonly Case[] = [
  ['unknown symbol', { symbol: 'NOPEUSDT' }, -1121, 'Invalid symbol.'],
  ['bad side', { side: 'HOLD' }, -1117, 'Invalid side.'],
  ['bad type', { type: 'HUNCH' }, -1116, 'Invalid orderType.'],
  ['a type out of a prototype', { type: '__proto__' }, -1116, 'Invalid orderType.'],
  ['no time in force', { timeInForce: NONE }, -1102, /'timeInForce'/],
  ['bad time in force', { timeInForce: 'NOW' }, -1115, 'Invalid timeInForce.'],
  ['conditional', { type: 'STOP_MARKET', stopPrice: '50000' }, -4120, /Algo Order API/],
  ['market with a price', { type: 'MARKET', timeInForce: NONE }, -1106, /'price'/],
  ['no quantity at all', { quantity: '0' }, -4003, 'Quantity less than or equal to zero.'],
  ['too precise a quantity', { quantity: '0.00001' }, -1111, 'Precision is over the maximum defined for this asset.'],
  ['more than anybody trades', { quantity: '100000000' }, -4005, 'Quantity greater than max quantity.'],
  ['price of nothing', { price: '0' }, -4001, 'Price less than 0.'],
  ['too precise a price', { price: '50000.001' }, -1111, 'Precision is over the maximum defined for this asset.'],
  ['price out of this world', { price: '10000000' }, -4002, 'Price greater than max price.'],
  ['buying far above mark', (desk) => ({ price: desk.price(6) }), -4016, /^Limit price can't be higher than \d/],
  ['selling far below mark', (desk) => ({ side: 'SELL', price: desk.price(-6) }), -4024, /^Limit price can't be lower than \d/],
  ['bad client id', { newClientOrderId: 'a b' }, -1100, /'newClientOrderId'/],
  ['post-only that would take', (desk) => ({ timeInForce: 'GTX', price: desk.price(1) }), -5022, /executed as maker/],
  ['reducing nothing', { reduceOnly: true }, -2022, 'ReduceOnly Order is rejected.'],
  ['a leg in one-way mode', { positionSide: 'LONG' }, -4061, "Order's position side does not match user's setting."],
  ['a price and a price match', { priceMatch: 'QUEUE' }, -1106, /'price'/],
];

const LINEAR: readonly Case[] = [
  ...FUTURES,
  ['not enough margin', { quantity: '999', leverage: 1 }, -2019, 'Margin is insufficient.'],
  ['small change', { quantity: '0.000', price: '50000' }, -4003, /zero/],
  ['little value', { quantity: '0.001', price: '4000' }, -4164, /notional must be no smaller than 5/],
  ['good till a moment ago', { timeInForce: 'GTD', goodTillDate: Date.UTC(2026, 10, 20, 7, 39) }, -1130, /'goodTillDate'/],
];

const INVERSE: readonly Case[] = [
  ...FUTURES,
  ['part of a contract', { quantity: '1.5' }, -1111, 'Precision is over the maximum defined for this asset.'],
  ['good till date', { timeInForce: 'GTD', goodTillDate: Date.UTC(2027, 1, 1) }, -1115, 'Invalid timeInForce.'],
];

const TABLES: Readonly<Record<TradedVenue, readonly Case[]>> = { binance: SPOT, binanceusdm: LINEAR, binancecoinm: INVERSE };

describe.each(Object.entries(TABLES))('%s refuses', (venue, cases) => {
  it.each(cases)('%s', async (_, params, code, message) => {
    const desk = new Desk(sim, venue as TradedVenue);
    const { leverage, ...changed } = typeof params === 'function' ? params(desk) : params;
    if (leverage) await desk.ask('POST', '/leverage', { leverage });
    const full = { ...LIMIT, quantity: desk.size, price: desk.price(-10), ...changed };
    const sent = Object.fromEntries(Object.entries(full).filter(([, value]) => value !== NONE));
    const entries = sim.accounts(venue).ledger.entries.length;
    const body = await desk.ask('POST', '/order', sent);
    expect(body['code']).toBe(code);
    if (typeof message === 'string') expect(body['msg']).toBe(message);
    else expect(body['msg']).toMatch(message);
    const since = sim.accounts(venue).ledger.entries.slice(entries);
    expect(since.filter(({ kind }) => kind !== 'refusal' && kind !== 'setting')).toEqual([]);
  });

  it('an id that is taken, an order that nobody knows, one that is gone', async () => {
    const desk = new Desk(sim, venue as TradedVenue);
    await desk.limit(-10, { newClientOrderId: 'twice' });
    const spot = venue === 'binance';
    expect(await desk.limit(-10, { newClientOrderId: 'twice' })).toMatchObject(
      spot ? { code: -2010, msg: 'Duplicate order sent.' } : { code: -4116, msg: 'ClientOrderId is duplicated.' },
    );
    expect(await desk.ask('GET', '/order', { origClientOrderId: 'none' })).toMatchObject({ code: -2013 });
    expect(await desk.ask('DELETE', '/order', { origClientOrderId: 'none' })).toMatchObject({ code: -2011 });
    expect(await desk.ask('DELETE', '/order')).toMatchObject({ code: -1102 });
    expect(await desk.ask('DELETE', '/order', { origClientOrderId: 'twice' })).toMatchObject({ status: 'CANCELED' });
    expect(await desk.ask('DELETE', '/order', { origClientOrderId: 'twice' })).toMatchObject({ code: -2011 });
    expect(await desk.limit(-10, { newClientOrderId: 'twice' })).toMatchObject({ clientOrderId: 'twice' });
    expect(await desk.ask('DELETE', '/order', { origClientOrderId: 'twice' })).toMatchObject({ status: 'CANCELED' });
  });
});
