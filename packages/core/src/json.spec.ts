import { describe, expect, it } from 'vitest';
import { levelsFromPairs, levelsToPairs, type SpeedEvent } from './events.js';
import { eventToJson } from './json.js';

const base = {
  venue: 'binanceusdm',
  symbol: 'BTC/USDT:USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: 1_700_000_000_000,
  receivedAt: 1.5,
};

/** One event of every type; what the line must contain besides the base keys. */
const EVENTS: SpeedEvent[] = [
  {
    ...base,
    type: 'depth',
    kind: 'delta',
    sequence: 12,
    prevSequence: 9,
    bids: levelsFromPairs([
      [1e-7, 0.1],
      [65_000.25, 0],
    ]),
    asks: levelsFromPairs([]),
  },
  { ...base, type: 'trade', id: '9007199254740993123', price: 0.1 + 0.2, size: 3, side: 'sell' },
  { ...base, type: 'quote', sequence: 5, bid: 1, bidSize: 2, ask: null, askSize: null },
  { ...base, type: 'ticker', last: 1, open: 2, high: 3, low: Number.NaN, volume: 5, quoteVolume: null },
  { ...base, type: 'candle', interval: '1m', openTime: 1, open: 1, high: 2, low: 1, close: 2, volume: 9, closed: false },
  {
    ...base,
    type: 'funding',
    rate: -0.0001,
    predictedRate: null,
    nextFundingTime: 2,
    intervalHours: 8,
    markPrice: 3,
    indexPrice: 4,
  },
  { ...base, type: 'liquidation', side: 'buy', price: 1, size: 2 },
  { ...base, type: 'openInterest', amount: 5 },
  {
    ...{ ...base, type: 'greeks', delta: 0.5, gamma: 1e-5, vega: 12.5, theta: -3.5, rho: null },
    ...{ markIv: 0.65, bidIv: null, askIv: 0.7, markPrice: 0.05, underlyingPrice: 90000 },
  },
  { ...base, type: 'gap', feed: 'depth', reason: 'sequence' },
];

/** The slow and obvious encoder that the fast one must agree with. */
function plain(event: SpeedEvent): unknown {
  const { receivedAt: _receivedAt, ...rest } = event;
  if (rest.type === 'depth') return { ...rest, bids: levelsToPairs(rest.bids), asks: levelsToPairs(rest.asks) };
  if (rest.type === 'quote') {
    const { sequence: _sequence, ...quote } = rest;
    return quote;
  }
  return rest;
}

describe('eventToJson', () => {
  it.each(EVENTS.map((event) => [event.type, event] as const))('writes %s with exactly the documented keys', (_type, event) => {
    expect(JSON.parse(eventToJson(event))).toEqual(JSON.parse(JSON.stringify(plain(event))));
  });

  it('reads a view of a shared array, not the whole array', () => {
    const values = Float64Array.of(9, 9, 1, 2, 3, 4, 9, 9);
    const event: SpeedEvent = {
      ...base,
      type: 'depth',
      kind: 'snapshot',
      sequence: null,
      prevSequence: null,
      bids: { values, start: 2, count: 2 },
      asks: { values, start: 0, count: 0 },
    };
    expect(JSON.parse(eventToJson(event))).toMatchObject({
      bids: [
        [1, 2],
        [3, 4],
      ],
      asks: [],
      sequence: null,
    });
  });

  it.each(['a"b', 'back\\slash', 'line\nbreak', '币安人生USDT', '\u2028', ''])(
    'escapes %j like JSON.stringify',
    (venueSymbol) => {
      const event: SpeedEvent = { ...base, symbol: null, venueSymbol, type: 'openInterest', amount: 1 };
      expect(JSON.parse(eventToJson(event))).toMatchObject({ symbol: null, venueSymbol });
    },
  );

  it('appends members and says when an event was recovered', () => {
    const event: SpeedEvent = { ...base, recovered: true, type: 'openInterest', amount: 1 };
    expect(JSON.parse(eventToJson(event, ',"channel":"x"'))).toMatchObject({ recovered: true, channel: 'x', amount: 1 });
  });
});
