import { levelsToPairs, type NormalizedFrame, type RawFrame, SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import type { VenueId } from './config.js';
import { createNormalizer } from './normalizer.js';

const FILTERS = [
  { filterType: 'PRICE_FILTER', minPrice: '1', maxPrice: '9', tickSize: '0.1' },
  { filterType: 'LOT_SIZE', minQty: '1', maxQty: '9', stepSize: '1' },
];
const LISTING = {
  serverTime: 1,
  rateLimits: [],
  symbols: [
    {
      symbol: 'BTCUSDT',
      contractType: 'PERPETUAL',
      status: 'TRADING',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      marginAsset: 'USDT',
      filters: FILTERS,
    },
  ],
};

const frame = (transport: 'ws' | 'rest', body: unknown, url: string | null = null): RawFrame => ({
  transport,
  url,
  dir: 'in',
  ts: 1_000,
  raw: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Normalises one message after the listing, with levels spelt out. */
function read(venue: VenueId, message: RawFrame, listing: unknown = LISTING): unknown {
  const normalizer = createNormalizer(venue, {});
  normalizer.normalize(frame('rest', listing, 'https://host/fapi/v1/exchangeInfo'));
  return plain(normalizer.normalize(message));
}

function plain(result: NormalizedFrame): unknown {
  if (result.outcome !== 'events') return result;
  return result.events.map((event) =>
    event.type === 'depth' ? { ...event, bids: levelsToPairs(event.bids), asks: levelsToPairs(event.asks) } : event,
  );
}

const PLACE = { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTCUSDT' };
const DELTA = { e: 'depthUpdate', E: 7, T: 6, s: 'BTCUSDT', U: 5, u: 9, pu: 3, b: [['1.5', '0']], a: [['2', '1e-3']] };
const TICKER = { e: '24hrTicker', E: 7, s: 'BTCUSDT', c: '3', o: '1', h: '4', l: '0.5', v: '10', q: '20' };
const MARK = { e: 'markPriceUpdate', E: 7, s: 'BTCUSDT', p: '10', i: '11', P: '12', r: '-0.0001', T: 99 };

describe('a message of a stream', () => {
  it.each([
    [
      'a delta of futures follows the one that it names',
      { stream: 'btcusdt@depth@0ms', data: DELTA },
      [{ type: 'depth', kind: 'delta', venueTime: 7, sequence: 9, prevSequence: 3, bids: [[1.5, 0]], asks: [[2, 0.001]] }],
    ],
    ['a bare delta is the same', DELTA, [{ type: 'depth', kind: 'delta', sequence: 9, prevSequence: 3 }]],
    [
      'a partial book is a snapshot, though it has the shape of a delta',
      { stream: 'btcusdt@depth20@100ms', data: DELTA },
      [{ type: 'depth', kind: 'snapshot', sequence: 9, prevSequence: null }],
    ],
    [
      'an aggregate trade; ids of 21 digits survive',
      `{"e":"aggTrade","E":8,"a":123456789012345678901,"s":"BTCUSDT","p":"1.5","q":"2","f":1,"l":1,"T":6,"m":true}`,
      [{ type: 'trade', id: '123456789012345678901', price: 1.5, size: 2, side: 'sell', venueTime: 6 }],
    ],
    [
      'a single trade',
      { e: 'trade', E: 8, T: 6, s: 'BTCUSDT', t: 12, p: '1', q: '2', X: 'MARKET', m: false },
      [{ type: 'trade', id: '12', side: 'buy' }],
    ],
    [
      'a fill by the insurance fund is no trade',
      { e: 'trade', E: 8, T: 6, s: 'BTCUSDT', t: 12, p: '0', q: '0', X: 'NA', m: false },
      [],
    ],
    [
      'a quote',
      { e: 'bookTicker', u: 4, E: 7, T: 6, s: 'BTCUSDT', b: '1', B: '2', a: '3', A: '4' },
      [{ type: 'quote', sequence: 4, bid: 1, bidSize: 2, ask: 3, askSize: 4, venueTime: 7 }],
    ],
    [
      'all-market tickers, each with its own symbol',
      { stream: '!ticker@arr', data: [TICKER, { ...TICKER, s: 'ETHUSDT' }] },
      [
        { type: 'ticker', last: 3, open: 1, high: 4, low: 0.5, volume: 10, quoteVolume: 20, symbol: 'BTC/USDT:USDT' },
        { type: 'ticker', symbol: null, venueSymbol: 'ETHUSDT' },
      ],
    ],
    [
      'a bare list',
      [MARK],
      [{ type: 'funding', rate: -0.0001, nextFundingTime: 99, markPrice: 10, indexPrice: 11, intervalHours: null }],
    ],
    [
      'a dated future has no funding: null, not zero',
      { ...MARK, r: '', T: 0 },
      [{ type: 'funding', rate: null, nextFundingTime: null, predictedRate: null, intervalHours: null }],
    ],
    [
      'a candle',
      {
        e: 'kline',
        E: 7,
        s: 'BTCUSDT',
        k: { t: 1, T: 2, s: 'BTCUSDT', i: '1m', o: '1', c: '2', h: '3', l: '0.5', v: '9', x: false },
      },
      [{ type: 'candle', interval: '1m', openTime: 1, open: 1, high: 3, low: 0.5, close: 2, volume: 9, closed: false }],
    ],
    [
      'a liquidation',
      {
        e: 'forceOrder',
        E: 8,
        o: { s: 'BTCUSDT', S: 'SELL', o: 'LIMIT', f: 'IOC', q: '2', p: '9', ap: '9', X: 'FILLED', l: '2', z: '2', T: 6 },
      },
      [{ type: 'liquidation', side: 'sell', price: 9, size: 2, venueTime: 6 }],
    ],
  ])('%s', (_, message, expected) => {
    const events = read('binanceusdm', frame('ws', message)) as object[];
    expect(events).toHaveLength(expected.length);
    expected.forEach((each, i) => void expect(events[i]).toMatchObject({ ...PLACE, receivedAt: 1_000, ...each }));
  });

  it('takes the symbol of a partial spot book from the stream, combined or raw', () => {
    const book = { lastUpdateId: 5, bids: [['1', '2']], asks: [] };
    const expected = { kind: 'snapshot', sequence: 5, venueTime: null, venueSymbol: 'BNBBTC', bids: [[1, 2]], asks: [] };
    expect(read('binance', frame('ws', { stream: 'bnbbtc@depth5', data: book }))).toMatchObject([expected]);
    expect(read('binance', frame('ws', book, 'wss://host/ws/bnbbtc@depth5@100ms'))).toMatchObject([expected]);
  });

  it('a delta of spot follows the number before its first', () => {
    const { pu: _, ...delta } = DELTA;
    expect(read('binance', frame('ws', delta))).toMatchObject([{ sequence: 9, prevSequence: 4 }]);
  });

  it.each([
    ['an acknowledgement', { result: null, id: 1 }],
    ['a refusal', { code: 2, msg: 'Invalid request', id: 1 }],
    ['an answer of the order socket', { id: 'a', status: 200, result: {}, rateLimits: [] }],
    ['a shutdown notice', { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } }],
  ])('%s is control', (_, message) => {
    expect(read('binance', frame('ws', message))).toEqual({ outcome: 'control' });
  });

  it.each([
    ['by the stream', { stream: '!contractInfo', data: { e: 'contractInfo' } }, '!contractInfo'],
    [
      'by the event, where the stream is a listen key',
      { stream: 'pqia91ma19a5', data: { e: 'ACCOUNT_OF_TOMORROW' } },
      'ACCOUNT_OF_TOMORROW',
    ],
    ['by the event in its wrapper', { subscriptionId: 0, event: { e: 'reportOfTomorrow' } }, 'reportOfTomorrow'],
  ])('names what it does not know: %s', (_, message, topic) => {
    expect(read('binance', frame('ws', message))).toEqual({ outcome: 'unknown', topic });
  });
});

describe('a REST body', () => {
  const at = (path: string) => `https://fapi.binance.com/fapi/v1/${path}`;

  it.each([
    [
      'depth',
      'depth?symbol=BTCUSDT&limit=5',
      { lastUpdateId: 9, E: 7, T: 6, bids: [['1', '2']], asks: [] },
      { kind: 'snapshot', sequence: 9, venueTime: 7 },
    ],
    [
      'trades',
      'trades?symbol=BTCUSDT',
      [{ id: 5, price: '1', qty: '2', time: 7, isBuyerMaker: false }],
      { type: 'trade', id: '5', side: 'buy' },
    ],
    [
      'aggTrades',
      'aggTrades?symbol=BTCUSDT',
      [{ a: 5, p: '1', q: '2', f: 1, l: 1, T: 7, m: true }],
      { type: 'trade', id: '5', side: 'sell' },
    ],
    [
      'klines',
      'klines?symbol=BTCUSDT&interval=3m',
      [[1, '1', '3', '0.5', '2', '9', 2, '0', 1, '0', '0', '0']],
      { type: 'candle', interval: '3m', closed: true },
    ],
    [
      'openInterest',
      'openInterest?symbol=BTCUSDT',
      { symbol: 'BTCUSDT', openInterest: '5.5', time: 7 },
      { type: 'openInterest', amount: 5.5 },
    ],
    [
      'premiumIndex of one',
      'premiumIndex?symbol=BTCUSDT',
      { symbol: 'BTCUSDT', markPrice: '1', indexPrice: '2', lastFundingRate: '0.1', nextFundingTime: 9, time: 7 },
      { type: 'funding', rate: 0.1 },
    ],
    [
      'fundingRate',
      'fundingRate',
      [{ symbol: 'BTCUSDT', fundingTime: 9, fundingRate: '0.2', markPrice: '' }],
      { type: 'funding', rate: 0.2, markPrice: null, venueTime: 9 },
    ],
    [
      'ticker/bookTicker',
      'ticker/bookTicker',
      [{ symbol: 'BTCUSDT', bidPrice: '1', bidQty: '2', askPrice: '3', askQty: '4', time: 7 }],
      { type: 'quote', bid: 1, sequence: null },
    ],
  ])('%s', (_, path, body, expected) => {
    expect(read('binanceusdm', frame('rest', body, at(path)))).toMatchObject([{ ...PLACE, ...expected }]);
  });

  it('is known by its shape where the capture has no URL', () => {
    const body = { symbol: 'BTCUSDT', openInterest: '5', time: 7 };
    expect(read('binanceusdm', frame('rest', body))).toMatchObject([{ type: 'openInterest', ...PLACE }]);
  });

  it('teaches funding intervals: 8 h where the list does not say otherwise', () => {
    const normalizer = createNormalizer('binanceusdm', {});
    normalizer.normalize(frame('rest', LISTING));
    const rows = [{ symbol: 'BLZUSDT', fundingIntervalHours: 4 }];
    normalizer.normalize(frame('rest', rows, at('fundingInfo')));
    expect(plain(normalizer.normalize(frame('ws', MARK)))).toMatchObject([{ intervalHours: 8 }]);
  });

  it('of an unknown kind is unknown, by its path', () => {
    expect(read('binanceusdm', frame('rest', [{ a: 1 }], at('constituents')))).toEqual({
      outcome: 'unknown',
      topic: 'constituents',
    });
  });
});

describe('a bad frame', () => {
  it.each([
    ['is not JSON', frame('ws', '{"e":"trade",'), /binanceusdm: the frame is not JSON/],
    ['lacks a field', frame('ws', { e: 'aggTrade', a: 1, p: '1', T: 6, m: true }), /aggTrade: .*\bq\b.*missing/],
    ['has a word for a number', frame('rest', { lastUpdateId: 'x', bids: [], asks: [] }), /depth: lastUpdateId/],
  ])('that %s is refused with the reason', (_, bad, message) => {
    const normalizer = createNormalizer('binanceusdm', {});
    const act = () => normalizer.normalize(bad);
    expect(act).toThrow(message);
    expect(act).toThrow(SpeedError);
  });

  it('outgoing frames are left alone', () => {
    const outgoing = { ...frame('ws', '{"method":"SUBSCRIBE"}'), dir: 'out' as const };
    expect(createNormalizer('binance', {}).normalize(outgoing)).toEqual({ outcome: 'outgoing' });
  });
});
