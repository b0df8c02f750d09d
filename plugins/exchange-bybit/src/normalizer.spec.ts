import { eventToJson, type NormalizedFrame, type RawFrame, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import manifest from './index.js';

const LOTS = { qtyStep: '0.001', minOrderQty: '0.001' };
const NAMES = { symbol: 'BTCUSDT', status: 'Trading', baseCoin: 'BTC', quoteCoin: 'USDT', priceFilter: { tickSize: '0.10' } };
const SPOT = { ...NAMES, lotSizeFilter: { basePrecision: '0.000001' } };
const PERPETUAL = { ...NAMES, settleCoin: 'USDT', contractType: 'LinearPerpetual', deliveryTime: '0', lotSizeFilter: LOTS };
const COIN = { ...PERPETUAL, symbol: 'BTCUSD', quoteCoin: 'USD', settleCoin: 'BTC', contractType: 'InversePerpetual' };

const AT = { venue: 'bybit', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTCUSDT' };

function rest(path: string | null, result: object): RawFrame {
  const raw = JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: 1700000009000 });
  return { transport: 'rest', url: path === null ? null : `https://api.bybit.com${path}`, dir: 'in', ts: 9, raw };
}

function ws(message: unknown, product: string | null = 'linear'): RawFrame {
  const raw = typeof message === 'string' ? message : JSON.stringify(message);
  const url = product === null ? null : `wss://stream.bybit.com/v5/public/${product}`;
  return { transport: 'ws', url, dir: 'in', ts: 9, raw };
}

const told = (topic: string, data: unknown, more: object = {}) => ({ topic, type: 'snapshot', ts: 1700000000000, data, ...more });

function normalize(frame: RawFrame): NormalizedFrame {
  const normalizer = manifest.createNormalizer('bybit');
  for (const [category, list] of Object.entries({ spot: [SPOT], linear: [PERPETUAL], inverse: [COIN] })) {
    normalizer.normalize(rest(`/v5/market/instruments-info?category=${category}`, { category, list }));
  }
  return normalizer.normalize(frame);
}

function events(frame: RawFrame): unknown[] {
  const result = normalize(frame);
  if (result.outcome !== 'events') throw new Error(result.outcome);
  return result.events.map((event: SpeedEvent) => JSON.parse(eventToJson(event)));
}

const TICKER = {
  ...{ symbol: 'BTCUSDT', tickDirection: 'PlusTick', lastPrice: '90000', prevPrice24h: '88000', highPrice24h: '91000' },
  ...{ lowPrice24h: '87000', volume24h: '123.5', turnover24h: '11000000', markPrice: '90001.5', indexPrice: '90002' },
  ...{ fundingRate: '-0.000125', nextFundingTime: '1700006400000', fundingIntervalHour: '4' },
  ...{ openInterest: '200', singleOpenInterest: '100' },
};
const DAY = { last: 90000, open: 88000, high: 91000, low: 87000, volume: 123.5 };
const FUNDING = {
  ...{ type: 'funding', ...AT, venueTime: 1700000000000, rate: -0.000125, predictedRate: null },
  ...{ nextFundingTime: 1700006400000, intervalHours: 4, markPrice: 90001.5, indexPrice: 90002 },
};
const CANDLE = {
  ...{ start: 1700000000000, end: 1700003599999, interval: '60', open: '1', close: '2', high: '4', low: '0.5' },
  ...{ volume: '10', turnover: '20', confirm: true, timestamp: 1700003600000 },
};
const BARS = { open: 1, high: 4, low: 0.5, close: 2, volume: 10 };
const UNSAID = { predictedRate: null, nextFundingTime: null, intervalHours: null, markPrice: null, indexPrice: null };

// Written from the venue's documents; what they mean is written by hand.
const CASES: readonly (readonly [string, RawFrame, readonly object[]])[] = [
  [
    'a book',
    ws(told('orderbook.50.BTCUSDT', { s: 'BTCUSDT', b: [['90000', '2.5']], a: [['90000.1', '3']], u: 7, seq: 99 }, { cts: 8 })),
    [
      {
        ...{ type: 'depth', kind: 'snapshot', ...AT, venueTime: 1700000000000, sequence: 7, prevSequence: null },
        ...{ bids: [[90000, 2.5]], asks: [[90000.1, 3]] },
      },
    ],
  ],
  [
    'a change of a book, of a depth that is gone',
    ws(
      told('orderbook.500.BTCUSDT', { s: 'BTCUSDT', b: [['1.7e-6', '0']], a: [], u: 8, seq: 100 }, { type: 'delta', cts: 8 }),
      'spot',
    ),
    [
      {
        ...{ type: 'depth', kind: 'delta', ...AT, symbol: 'BTC/USDT', venueTime: 1700000000000, sequence: 8, prevSequence: 7 },
        ...{ bids: [[0.0000017, 0]], asks: [] },
      },
    ],
  ],
  [
    'best levels, one of them missing',
    ws(told('orderbook.1.BTCUSDT', { s: 'BTCUSDT', b: [], a: [['90000.1', '3']], u: 7, seq: 99 })),
    [{ type: 'quote', ...AT, venueTime: 1700000000000, bid: null, bidSize: null, ask: 90000.1, askSize: 3 }],
  ],
  [
    'a trade, of whichever of two instruments nobody says',
    ws(
      told('publicTrade.BTCUSDT', [
        { T: 1700000000001, s: 'BTCUSDT', S: 'Sell', v: '0.5', p: '90000', L: 'PlusTick', i: '20f4-1', BT: false, seq: 5 },
      ]),
      null,
    ),
    [
      {
        ...{ type: 'trade', ...AT, symbol: null, venueTime: 1700000000001, id: '20f4-1' },
        ...{ price: 90000, size: 0.5, side: 'sell' },
      },
    ],
  ],
  [
    'a ticker: statistics, funding and open interest, each contract counted once',
    ws(told('tickers.BTCUSDT', TICKER)),
    [
      { type: 'ticker', ...AT, venueTime: 1700000000000, ...DAY, quoteVolume: 11000000 },
      FUNDING,
      { type: 'openInterest', ...AT, venueTime: 1700000000000, amount: 100 },
    ],
  ],
  [
    'a change of a ticker: what it says',
    ws(told('tickers.BTCUSDT', { symbol: 'BTCUSDT', markPrice: '90003' }, { type: 'delta' })),
    [{ ...FUNDING, rate: null, nextFundingTime: null, intervalHours: null, markPrice: 90003, indexPrice: null }],
  ],
  [
    'a ticker of an inverse contract, whose turnover is in coins',
    ws(told('tickers.BTCUSD', { symbol: 'BTCUSD', lastPrice: '90000', volume24h: '5', turnover24h: '7' }), null),
    [
      {
        ...{ type: 'ticker', venue: 'bybit', symbol: 'BTC/USD:BTC', venueSymbol: 'BTCUSD', venueTime: 1700000000000 },
        ...{ last: 90000, open: null, high: null, low: null, volume: 5, quoteVolume: null },
      },
    ],
  ],
  [
    'a candle',
    ws(told('kline.60.BTCUSDT', [CANDLE])),
    [
      {
        ...{ type: 'candle', ...AT, venueTime: 1700003600000, interval: '1h', openTime: 1700000000000, ...BARS, closed: true },
      },
    ],
  ],
  [
    'a liquidation: of a long, by a sale',
    ws(told('allLiquidation.BTCUSDT', [{ T: 1700000001990, s: 'BTCUSDT', S: 'Buy', v: '13', p: '89000.1' }])),
    [{ type: 'liquidation', ...AT, venueTime: 1700000001990, side: 'sell', price: 89000.1, size: 13 }],
  ],
  [
    'a book by REST, known by its keys',
    rest(null, { s: 'BTCUSD', b: [['90000', '2']], a: [], ts: 1700000000000, u: 7, seq: 99, cts: 8 }),
    [
      {
        ...{ type: 'depth', kind: 'snapshot', venue: 'bybit', symbol: 'BTC/USD:BTC', venueSymbol: 'BTCUSD' },
        ...{ venueTime: 1700000000000, sequence: 7, prevSequence: null, bids: [[90000, 2]], asks: [] },
      },
    ],
  ],
  [
    'tickers by REST, with the best prices',
    rest('/v5/market/tickers?category=linear', {
      category: 'linear',
      list: [
        {
          ...{ symbol: 'BTCUSDT', lastPrice: '1', prevPrice24h: '2', highPrice24h: '3', lowPrice24h: '0.5' },
          ...{ bid1Price: '0.9', bid1Size: '10', ask1Price: '1.1', ask1Size: '20' },
        },
      ],
    }),
    [
      {
        ...{ type: 'ticker', ...AT, venueTime: 1700000009000, last: 1, open: 2, high: 3, low: 0.5 },
        ...{ volume: null, quoteVolume: null },
      },
      { type: 'quote', ...AT, venueTime: 1700000009000, bid: 0.9, bidSize: 10, ask: 1.1, askSize: 20 },
    ],
  ],
  [
    'settled rates by REST',
    rest('/v5/market/funding/history?category=linear&symbol=BTCUSDT', {
      category: 'linear',
      list: [{ symbol: 'BTCUSDT', fundingRate: '0.0001', fundingRateTimestamp: '1700000000000' }],
    }),
    [{ type: 'funding', ...AT, venueTime: 1700000000000, rate: 0.0001, ...UNSAID }],
  ],
  [
    'candles by REST',
    rest('/v5/market/kline?category=linear&symbol=BTCUSDT&interval=D', {
      ...{ category: 'linear', symbol: 'BTCUSDT', list: [['1700000000000', '1', '4', '0.5', '2', '10', '20']] },
    }),
    [{ type: 'candle', ...AT, venueTime: null, interval: '1d', openTime: 1700000000000, ...BARS, closed: false }],
  ],
];

describe('the normaliser', () => {
  it.each(CASES)('reads %s', (_, frame, expected) => {
    expect(events(frame)).toEqual(expected);
  });

  it('reads private topics, by the product of each row', () => {
    const order = {
      ...{ category: 'spot', symbol: 'BTCUSDT', orderId: '9', orderLinkId: 'a', side: 'Buy', positionIdx: 0 },
      ...{ orderType: 'Limit', timeInForce: 'PostOnly', price: '90000', qty: '0.1', cumExecQty: '0', avgPrice: '' },
      ...{ orderStatus: 'Cancelled', cancelType: 'UNKNOWN', rejectReason: 'EC_PostOnlyWillTakeLiquidity' },
      ...{ stopOrderType: '', reduceOnly: false, updatedTime: '1700000000000' },
    };
    const contract = {
      ...order,
      category: 'linear',
      orderStatus: 'PartiallyFilled',
      rejectReason: 'EC_NoError',
      cumExecQty: '0.05',
    };
    const frame = ws({ topic: 'order', id: 'm', creationTime: 1700000000001, data: [order, contract] }, null);
    expect(normalize(frame)).toMatchObject({
      outcome: 'private',
      events: [
        {
          type: 'order',
          symbol: 'BTC/USDT',
          order: { status: 'REJECTED', reason: 'EC_PostOnlyWillTakeLiquidity', price: '90000' },
        },
        { type: 'order', symbol: 'BTC/USDT:USDT', order: { status: 'PARTIALLY_FILLED', filled: '0.05', reason: null } },
      ],
    });
  });

  it('tells fills and balances apart from what is neither', () => {
    const fill = {
      ...{ category: 'linear', symbol: 'BTCUSDT', execId: 'e1', orderId: '9', orderLinkId: '', side: 'Sell', execPrice: '90000' },
      ...{ execQty: '0.1', execFee: '4.95', feeCurrency: 'USDT', execPnl: '-1', isMaker: false, execTime: '1700000000000' },
    };
    const data = [
      { ...fill, execType: 'Funding' },
      { ...fill, execType: 'Trade' },
    ];
    expect(normalize(ws({ topic: 'execution.linear', creationTime: 1, data }, null))).toMatchObject({
      events: [
        { type: 'fill', symbol: 'BTC/USDT:USDT', fill: { tradeId: 'e1', fee: '4.95', realizedPnl: '-1', liquidity: 'taker' } },
      ],
    });
    const coin = { coin: 'USDT', walletBalance: '100.5', locked: '0.25', totalOrderIM: '', totalPositionIM: '10' };
    expect(normalize(ws({ topic: 'wallet', creationTime: 5, data: [{ coin: [coin] }] }, null))).toMatchObject({
      events: [{ type: 'balance', venueTime: 5, balance: { currency: 'USDT', total: '100.5', free: '90.25' } }],
    });
  });

  it.each([
    ['an acknowledgement', ws({ success: true, ret_msg: '', conn_id: 'a', req_id: '1', op: 'subscribe' })],
    ['a pong', ws({ success: true, ret_msg: 'pong', conn_id: 'a', op: 'ping' })],
    ['an answer to an order', ws({ reqId: '7', retCode: 110007, retMsg: 'no', op: 'order.create', connId: 'a' }, null)],
    ['the time', rest('/v5/market/time', { timeSecond: '1', timeNano: '1000000000' })],
    ['an empty result', rest('/v5/position/set-leverage', {})],
  ])('takes %s for control', (_, frame) => {
    expect(normalize(frame)).toEqual({ outcome: 'control' });
  });

  it('names what it does not know', () => {
    const unknown = (frame: RawFrame) => normalize(frame) as { outcome: string; topic?: string };
    expect(unknown(ws(told('orderbook.rpi.BTCUSDT', {})))).toEqual({ outcome: 'unknown', topic: 'orderbook.rpi.BTCUSDT' });
    expect(unknown(ws(told('insurance.USDT', [])))).toEqual({ outcome: 'unknown', topic: 'insurance.USDT' });
    expect(unknown(rest('/v5/market/insurance', { list: [{}] }))).toEqual({ outcome: 'unknown', topic: 'market/insurance' });
  });

  it.each([
    ['no JSON', ws('{"topic":')],
    ['a required field missing', ws(told('orderbook.50.BTCUSDT', { s: 'BTCUSDT', b: [], a: [] }))],
    // One bit of "delta" flipped: it was taken for a whole book of the few levels that had changed (conformance, seed 7).
    [
      'a book that is neither whole nor a change',
      ws(told('orderbook.50.BTCUSDT', { s: 'BTCUSDT', b: [['90000', '2.5']], a: [], u: 7, seq: 9 }, { type: 'demta', cts: 8 })),
    ],
    ['a ticker of no kind', ws(told('tickers.BTCUSDT', { symbol: 'BTCUSDT', lastPrice: '1' }, { type: 'x', cs: 1 }))],
    ['a side that is none', ws(told('publicTrade.BTCUSDT', [{ T: 1, s: 'X', S: 'Long', v: '1', p: '1', i: '1' }]))],
    ['a candle by REST that is short', rest('/v5/market/kline?symbol=BTCUSDT', { list: [['1', '2']] })],
  ])('refuses %s', (_, frame) => {
    expect(() => normalize(frame)).toThrow(SpeedError);
  });
});
