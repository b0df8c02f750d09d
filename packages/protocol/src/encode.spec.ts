import { levelsFromPairs, type SpeedEvent } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { channelTail, encodeEvent } from './encode.js';
import { pushedEvent } from './schemas/index.js';

const base = { venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', venueTime: 1, receivedAt: 2.25 } as const;
const bids = levelsFromPairs([[1e-7, 1e21]]);
const asks = levelsFromPairs([]);
const events: SpeedEvent[] = [
  { ...base, type: 'depth', kind: 'delta', sequence: 12, prevSequence: 11, bids, asks },
  { ...base, type: 'trade', id: '9007199254740993123', price: 1.5, size: 2, side: 'buy' },
  { ...base, type: 'quote', sequence: null, bid: 1, bidSize: 1, ask: null, askSize: null },
  { ...base, type: 'ticker', last: 1, open: 2, high: 3, low: null, volume: 5, quoteVolume: null },
  { ...base, type: 'candle', interval: '1m', openTime: 1, open: 1, high: 2, low: 1, close: 2, volume: 9, closed: true },
  {
    ...base,
    type: 'funding',
    rate: 0.0001,
    predictedRate: null,
    nextFundingTime: 9,
    intervalHours: 8,
    markPrice: 1,
    indexPrice: null,
  },
  { ...base, type: 'liquidation', side: 'sell', price: 1, size: 2 },
  { ...base, type: 'openInterest', amount: 5, recovered: true },
  {
    ...{ ...base, type: 'greeks', delta: 0.5, gamma: 1e-5, vega: 12.5, theta: -3.5, rho: null },
    ...{ markIv: 0.65, bidIv: null, askIv: 0.7, markPrice: 0.05, underlyingPrice: 90000 },
  },
  { ...base, type: 'gap', feed: 'depth', reason: 'sequence', symbol: null },
];

it.each(events)('pushes $type as the schema says, with channel and time of receipt', (event) => {
  const channel = `${event.type}:binance:a"b`;
  const parsed = JSON.parse(encodeEvent(event, channelTail(channel)));
  expect(pushedEvent.parse(parsed)).toEqual(parsed);
  expect(parsed).toMatchObject({ type: event.type, channel, receivedAt: 2.25, venueTime: 1, symbol: event.symbol });
});
