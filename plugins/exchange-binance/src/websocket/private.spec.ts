import { accountEventToJson } from '@speed-protocol/core';
import type { PrivatePlace, Row } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { createNormalizer } from '../normalizer.js';
import { privateEvents } from './private.js';

const place = (venue: PrivatePlace['venue']): PrivatePlace => ({
  venue,
  receivedAt: 7,
  symbolOf: (venueSymbol) => (venueSymbol === 'BTCUSDT' ? 'BTC/USDT' : null),
});

const REPORT = {
  e: 'executionReport',
  E: 11,
  s: 'BTCUSDT',
  c: 'speed-a',
  C: '',
  S: 'SELL',
  o: 'LIMIT_MAKER',
  f: 'GTC',
  q: '0.020',
  p: '50000.00',
  x: 'NEW',
  X: 'NEW',
  r: 'NONE',
  i: '9007199254740993',
  l: '0',
  z: '0',
  L: '0',
  n: '0',
  N: null,
  T: 10,
  t: -1,
  m: false,
  Z: '0',
};
const UPDATE = {
  s: 'ETHUSDT',
  c: 'speed-b',
  S: 'BUY',
  o: 'LIMIT',
  f: 'GTX',
  q: '1',
  p: '2500',
  ap: '0',
  x: 'NEW',
  X: 'NEW',
  i: 5,
  l: '0',
  z: '0',
  L: '0',
  T: 20,
  t: 0,
  m: false,
  R: true,
  ps: 'SHORT',
  ot: 'LIMIT',
  rp: '0',
  er: '0',
};
const update = (o: object) => ({ e: 'ORDER_TRADE_UPDATE', E: 21, T: 20, o: { ...UPDATE, ...o } });

const orders = (venue: PrivatePlace['venue'], wire: Row) =>
  privateEvents(wire, place(venue))!.flatMap((event) => (event.type === 'order' ? [event.order] : []));
const fills = (venue: PrivatePlace['venue'], wire: Row) =>
  privateEvents(wire, place(venue))!.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));

describe('an order of spot', () => {
  it('that rests or nothing, ids digit for digit', () => {
    expect(privateEvents(REPORT, place('binance'))).toEqual([
      {
        type: 'order',
        venue: 'binance',
        symbol: 'BTC/USDT',
        venueSymbol: 'BTCUSDT',
        venueTime: 11,
        receivedAt: 7,
        order: {
          venue: 'binance',
          symbol: 'BTC/USDT',
          clientOrderId: 'speed-a',
          venueOrderId: '9007199254740993',
          side: 'sell',
          type: 'limit',
          timeInForce: 'POST_ONLY',
          status: 'OPEN',
          price: '50000.00',
          amount: '0.020',
          filled: '0',
          averagePrice: null,
          reduceOnly: null,
          positionSide: null,
          reason: null,
          updatedAt: 10,
        },
      },
    ]);
  });

  it.each([
    [
      'cancelled: goes by its own id, not the one of the cancel',
      { x: 'CANCELED', X: 'CANCELED', c: 'web-1', C: 'speed-a' },
      'CANCELED',
      null,
    ],
    ['expired: says why', { x: 'EXPIRED', X: 'EXPIRED', eR: 'INSUFFICIENT_LIQUIDITY' }, 'EXPIRED', 'INSUFFICIENT_LIQUIDITY'],
    ['refused: says why', { x: 'REJECTED', X: 'REJECTED', r: 'INSUFFICIENT_BALANCE' }, 'REJECTED', 'INSUFFICIENT_BALANCE'],
    ['ended against an order of one’s own', { x: 'TRADE_PREVENTION', X: 'EXPIRED_IN_MATCH' }, 'EXPIRED', null],
    ['of a status that nobody has documented', { X: 'OF_TOMORROW' }, 'UNKNOWN', null],
  ])('%s', (_, more, status, reason) => {
    expect(orders('binance', { ...REPORT, ...more })).toMatchObject([{ clientOrderId: 'speed-a', status, reason }]);
    expect(fills('binance', { ...REPORT, ...more })).toEqual([]);
  });

  it('averages what it cost', () => {
    const trade = {
      x: 'TRADE',
      X: 'FILLED',
      t: 9,
      l: '0.015',
      z: '0.020',
      L: '50001',
      Z: '1000.015',
      n: '0.00001',
      N: 'BTC',
      m: true,
    };
    expect(orders('binance', { ...REPORT, ...trade })).toMatchObject([{ averagePrice: '50000.75', filled: '0.020' }]);
    expect(fills('binance', { ...REPORT, ...trade })).toMatchObject([
      {
        tradeId: '9',
        price: '50001',
        amount: '0.015',
        fee: '0.00001',
        feeCurrency: 'BTC',
        liquidity: 'maker',
        realizedPnl: null,
      },
    ]);
  });

  it('balances: what is free and what is held back together', () => {
    const wire = { e: 'outboundAccountPosition', E: 3, u: 2, B: [{ a: 'BTC', f: '0.1', l: '0.025' }] };
    const balance = { venue: 'binance', currency: 'BTC', total: '0.125', free: '0.1' };
    expect(privateEvents(wire, place('binance'))).toEqual([
      { type: 'balance', venue: 'binance', venueTime: 3, receivedAt: 7, balance },
    ]);
  });
});

describe('an order of futures', () => {
  it('with its leg, and a symbol that is not in the listing', () => {
    const [event] = privateEvents(update({}), place('binanceusdm'))!;
    expect(event).toMatchObject({ symbol: null, venueSymbol: 'ETHUSDT', venueTime: 21 });
    expect(orders('binanceusdm', update({}))).toMatchObject([
      { symbol: 'ETHUSDT', timeInForce: 'POST_ONLY', positionSide: 'short', reduceOnly: true, averagePrice: null, reason: null },
    ]);
  });

  it('that a condition has made keeps the name of its kind', () => {
    expect(orders('binanceusdm', update({ o: 'MARKET', ot: 'STOP_MARKET', p: '0' }))).toMatchObject([
      { type: 'STOP_MARKET', price: null },
    ]);
  });

  it('a liquidation fills too', () => {
    const trade = { x: 'CALCULATED', X: 'FILLED', t: 77, l: '1', z: '1', L: '2400', ap: '2400', n: '1.2', N: 'USDT', rp: '-100' };
    expect(fills('binanceusdm', update(trade))).toMatchObject([
      { tradeId: '77', realizedPnl: '-100', fee: '1.2', liquidity: 'taker' },
    ]);
  });

  it('a fill without a fee: nothing was paid', () => {
    const trade = { x: 'TRADE', X: 'FILLED', t: 78, l: '1', z: '1', L: '2400', ap: '2400' };
    expect(fills('binancecoinm', update(trade))).toMatchObject([{ fee: '0', feeCurrency: null }]);
  });

  it('a fill that is told ahead: what it does not say is null', () => {
    const wire = {
      e: 'TRADE_LITE',
      E: 2,
      T: 1,
      s: 'BTCUSDT',
      q: '1',
      p: '0',
      m: true,
      c: 'speed-c',
      S: 'BUY',
      L: '5',
      l: '1',
      t: 6,
      i: 7,
    };
    expect(fills('binanceusdm', wire)).toMatchObject([{ tradeId: '6', fee: null, realizedPnl: null, clientOrderId: 'speed-c' }]);
  });

  it('positions with their leg and margin mode', () => {
    const P = [{ s: 'BTCUSDT', pa: '-10', ep: '6563.86', up: '-1.5', mt: 'isolated', ps: 'BOTH' }];
    const wire = { e: 'ACCOUNT_UPDATE', E: 2, T: 1, a: { m: 'ORDER', B: [{ a: 'USDT', wb: '12.5' }], P } };
    expect(privateEvents(wire, place('binanceusdm'))).toMatchObject([
      { type: 'balance', balance: { currency: 'USDT', total: '12.5', free: null } },
      {
        type: 'position',
        position: { amount: '-10', positionSide: null, marginMode: 'isolated', unrealizedPnl: '-1.5', updatedAt: 1 },
      },
    ]);
    const funding = { e: 'ACCOUNT_UPDATE', E: 2, T: 1, a: { m: 'FUNDING_FEE', B: [] } };
    expect(privateEvents(funding, place('binanceusdm'))).toEqual([]);
  });
});

describe('a message that is not as documented', () => {
  it.each([
    ['a number with an exponent', { ...REPORT, q: '1e-3' }],
    ['no amount', { ...REPORT, q: undefined }],
    ['no side', { ...REPORT, S: undefined }],
  ])('is refused: %s', (_, wire) => {
    expect(() => privateEvents(wire, place('binance'))).toThrow(/field/);
  });

  it('of a kind that is not known is nobody’s', () => {
    for (const wire of [{}, { e: 5 }, { e: 'toString' }, { e: 'ofTomorrow' }])
      expect(privateEvents(wire, place('binance'))).toBeUndefined();
  });
});

describe('as speed normalize has it', () => {
  it.each([
    ['bare', REPORT],
    ['in the wrapper of a subscription', { subscriptionId: 0, event: REPORT }],
    ['in the wrapper of a stream', { stream: 'listen-key', data: REPORT }],
  ])('%s', (_, message) => {
    const raw = JSON.stringify(message);
    const found = createNormalizer('binance', {}).normalize({ transport: 'ws', url: null, dir: 'in', ts: 1, raw });
    if (found.outcome !== 'private') throw new Error(found.outcome);
    const line = JSON.parse(accountEventToJson(found.events[0]!)) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual(['type', 'venue', 'symbol', 'venueSymbol', 'venueTime', 'order']);
    expect(line).toMatchObject({ type: 'order', symbol: null, order: { venueOrderId: '9007199254740993', amount: '0.020' } });
  });
});
