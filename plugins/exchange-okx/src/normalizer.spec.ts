import { eventToJson, type NormalizedFrame, type RawFrame, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import manifest from './index.js';

const ROWS = {
  code: '0',
  msg: '',
  data: [
    {
      ...{ instType: 'SWAP', instId: 'BTC-USDT-SWAP', uly: 'BTC-USDT', baseCcy: '', quoteCcy: '', settleCcy: 'USDT' },
      ...{ ctVal: '0.01', ctMult: '1', ctValCcy: 'BTC', ctType: 'linear', expTime: '', stk: '', optType: '' },
      ...{ tickSz: '0.1', lotSz: '0.01', minSz: '0.01', state: 'live' },
    },
  ],
};
const LISTING = rest('/api/v5/public/instruments?instType=SWAP', ROWS);
const AT = { venue: 'okx', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTC-USDT-SWAP' };

function rest(path: string, body: unknown): RawFrame {
  return { transport: 'rest', url: `https://www.okx.com${path}`, dir: 'in', ts: 9, raw: JSON.stringify(body) };
}

function ws(message: unknown): RawFrame {
  const raw = typeof message === 'string' ? message : JSON.stringify(message);
  return { transport: 'ws', url: 'wss://ws.okx.com:8443/ws/v5/public', dir: 'in', ts: 9, raw };
}

const told = (channel: string, data: unknown, more: object = {}) =>
  ws({ arg: { channel, instId: 'BTC-USDT-SWAP' }, ...more, data });

function normalize(frame: RawFrame): NormalizedFrame {
  const normalizer = manifest.createNormalizer('okx');
  normalizer.normalize(LISTING);
  return normalizer.normalize(frame);
}

function events(frame: RawFrame): unknown[] {
  const result = normalize(frame);
  if (result.outcome !== 'events') throw new Error(result.outcome);
  return result.events.map((event: SpeedEvent) => JSON.parse(eventToJson(event)));
}

const ticker = {
  ...{
    instType: 'SWAP',
    instId: 'BTC-USDT-SWAP',
    last: '90000',
    lastSz: '1',
    askPx: '90000.1',
    askSz: '2',
    bidPx: '',
    bidSz: '',
  },
  ...{ open24h: '88000', high24h: '91000', low24h: '87000', volCcy24h: '123.5', vol24h: '12350', ts: '1700000000000' },
};
const level = (price: string, size: string) => [price, size, '0', '1'];

// Written from the venue's documents; what they mean is written by hand.
const CASES: readonly (readonly [string, RawFrame, readonly object[]])[] = [
  [
    'a book',
    told(
      'books',
      [
        {
          asks: [level('90000.1', '3')],
          bids: [level('90000', '2.5')],
          ts: '1700000000000',
          checksum: 0,
          prevSeqId: -1,
          seqId: 7,
        },
      ],
      { action: 'snapshot' },
    ),
    [
      {
        ...{ type: 'depth', kind: 'snapshot', ...AT, venueTime: 1700000000000, sequence: 7, prevSequence: null },
        ...{ bids: [[90000, 2.5]], asks: [[90000.1, 3]] },
      },
    ],
  ],
  [
    'a change of a book',
    told('books', [{ asks: [], bids: [level('90000', '0')], ts: '1700000000100', checksum: 0, prevSeqId: 7, seqId: 12 }], {
      action: 'update',
    }),
    [
      {
        ...{ type: 'depth', kind: 'delta', ...AT, venueTime: 1700000000100, sequence: 12, prevSequence: 7 },
        ...{ bids: [[90000, 0]], asks: [] },
      },
    ],
  ],
  [
    'a change of old, without numbers',
    told('books-l2-tbt', [{ asks: [], bids: [level('1.7e-6', '2')], ts: '1646003667640', checksum: -980833328 }], {
      action: 'update',
    }),
    [
      {
        ...{ type: 'depth', kind: 'delta', ...AT, venueTime: 1646003667640, sequence: null, prevSequence: null },
        ...{ bids: [[0.0000017, 2]], asks: [] },
      },
    ],
  ],
  [
    'best levels, one of them missing',
    told('bbo-tbt', [{ asks: [level('90000.1', '3')], bids: [], ts: '1700000000000', seqId: 8 }]),
    [{ type: 'quote', ...AT, venueTime: 1700000000000, bid: null, bidSize: null, ask: 90000.1, askSize: 3 }],
  ],
  [
    'trades',
    told('trades', [
      {
        instId: 'BTC-USDT-SWAP',
        tradeId: '130639474123456789012',
        px: '90000',
        sz: '0.5',
        side: 'sell',
        ts: '1700000000000',
        count: '3',
      },
    ]),
    [{ type: 'trade', ...AT, venueTime: 1700000000000, id: '130639474123456789012', price: 90000, size: 0.5, side: 'sell' }],
  ],
  [
    'a ticker: volume in contracts, none in quote',
    told('tickers', [ticker]),
    [
      {
        ...{ type: 'ticker', ...AT, venueTime: 1700000000000, last: 90000, open: 88000, high: 91000, low: 87000 },
        ...{ volume: 12350, quoteVolume: null },
      },
    ],
  ],
  [
    'a candle',
    told('candle1Dutc', [['1700000000000', '1', '4', '0.5', '2', '10', '0.1', '9000', '1']]),
    [
      {
        ...{
          type: 'candle',
          ...AT,
          venueTime: null,
          interval: '1d',
          openTime: 1700000000000,
          open: 1,
          high: 4,
          low: 0.5,
          close: 2,
        },
        ...{ volume: 10, closed: true },
      },
    ],
  ],
  [
    'a funding rate with its real interval',
    told('funding-rate', [
      {
        ...{ instId: 'BTC-USDT-SWAP', instType: 'SWAP', fundingRate: '-0.000125', nextFundingRate: '', method: 'current_period' },
        ...{ fundingTime: '1700006400000', nextFundingTime: '1700020800000', ts: '1700000000000' },
      },
    ]),
    [
      {
        ...{ type: 'funding', ...AT, venueTime: 1700000000000, rate: -0.000125, predictedRate: null },
        ...{ nextFundingTime: 1700006400000, intervalHours: 4, markPrice: null, indexPrice: null },
      },
    ],
  ],
  [
    'liquidations of any instrument',
    ws({
      arg: { channel: 'liquidation-orders', instType: 'SWAP' },
      data: [
        {
          ...{ instFamily: 'BTC-USDT', instId: 'BTC-USDT-SWAP', instType: 'SWAP', uly: 'BTC-USDT' },
          details: [{ bkLoss: '0', bkPx: '89000.1', ccy: '', posSide: 'long', side: 'sell', sz: '13', ts: '1700000001990' }],
        },
      ],
    }),
    [{ type: 'liquidation', ...AT, venueTime: 1700000001990, side: 'sell', price: 89000.1, size: 13 }],
  ],
  [
    'open interest',
    told('open-interest', [{ instId: 'BTC-USDT-SWAP', instType: 'SWAP', oi: '5000.5', oiCcy: '50', ts: '1700000003000' }]),
    [{ type: 'openInterest', ...AT, venueTime: 1700000003000, amount: 5000.5 }],
  ],
  [
    'a settled rate: what was paid',
    rest('/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP', {
      code: '0',
      msg: '',
      data: [
        {
          fundingRate: '0.0002',
          realizedRate: '0.0001',
          fundingTime: '1700000000000',
          instId: 'BTC-USDT-SWAP',
          instType: 'SWAP',
        },
      ],
    }),
    [
      {
        ...{ type: 'funding', ...AT, venueTime: 1700000000000, rate: 0.0001, predictedRate: null },
        ...{ nextFundingTime: null, intervalHours: null, markPrice: null, indexPrice: null },
      },
    ],
  ],
  [
    'candles by REST',
    rest('/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1H', {
      code: '0',
      msg: '',
      data: [['1700000000000', '1', '4', '0.5', '2', '10', '0.1', '9000', '0']],
    }),
    [
      {
        ...{
          type: 'candle',
          ...AT,
          venueTime: null,
          interval: '1h',
          openTime: 1700000000000,
          open: 1,
          high: 4,
          low: 0.5,
          close: 2,
        },
        ...{ volume: 10, closed: false },
      },
    ],
  ],
];

describe('the normaliser', () => {
  it.each(CASES)('reads %s', (_, frame, expected) => {
    expect(events(frame)).toEqual(expected);
  });

  it.each([
    ['an acknowledgement', ws({ event: 'subscribe', arg: { channel: 'books', instId: 'X' }, connId: 'a' })],
    ['a refusal', ws({ event: 'error', code: '60018', msg: 'no', connId: 'a' })],
    ['an answer to an order', ws({ id: '7', op: 'order', code: '1', msg: '', data: [] })],
    ['an error body', rest('/api/v5/market/books', { code: '51001', msg: 'no', data: [] })],
    ['the time', rest('/api/v5/public/time', { code: '0', msg: '', data: [{ ts: '1' }] })],
  ])('takes %s for control', (_, frame) => {
    expect(normalize(frame)).toEqual({ outcome: 'control' });
  });

  it('names what it does not know', () => {
    expect(normalize(told('opt-summary', [{}]))).toEqual({ outcome: 'unknown', topic: 'opt-summary' });
    expect(normalize(rest('/api/v5/rubik/x', { code: '0', data: [['1']] }))).toEqual({ outcome: 'unknown', topic: 'rubik/x' });
  });

  it.each([
    ['no JSON', ws('{"arg":')],
    ['a required field missing', told('books5', [{ asks: [], bids: [] }])],
    ['a side that is none', told('trades', [{ tradeId: '1', px: '1', sz: '1', side: 'long', ts: '1' }])],
    ['a candle that is short', told('candle1m', [['1', '2']])],
  ])('refuses %s', (_, frame) => {
    expect(() => normalize(frame)).toThrow(SpeedError);
  });
});
