import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channelName, parseChannel } from './channel.js';
import { SERVER_FEEDS } from './names.js';

it('writes feed, venue and symbol, and options only where they differ from the default', () => {
  const at = { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT' } as const;
  expect(channelName({ feed: 'trade', ...at })).toBe('trade:binanceusdm:BTC/USDT:USDT');
  expect(channelName({ feed: 'book', levels: 10, ...at })).toBe('book:binanceusdm:BTC/USDT:USDT');
  expect(channelName({ feed: 'book', levels: 50, ...at })).toBe('book@50:binanceusdm:BTC/USDT:USDT');
  expect(channelName({ feed: 'candle', interval: '1m', ...at })).toBe('candle:binanceusdm:BTC/USDT:USDT');
  expect(channelName({ feed: 'candle', interval: '1h', ...at })).toBe('candle@1h:binanceusdm:BTC/USDT:USDT');
});

it('reads every name that it writes', () => {
  const spec = fc.record({
    feed: fc.constantFrom(...SERVER_FEEDS),
    venue: fc.constantFrom('binance', 'okx'),
    symbol: fc.constantFrom('BTC/USDT', 'BTC/USD:BTC-261225', 'BTC/USD:BTC-261225-100000-C'),
    levels: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    interval: fc.option(fc.constantFrom('1m', '1h'), { nil: undefined }),
  });
  fc.assert(fc.property(spec, (each) => channelName(parseChannel(channelName(each))!) === channelName(each)));
});

it.each(['', 'book', 'book:binance', 'nofeed:binance:BTC/USDT', '__proto__:binance:BTC/USDT', 'book:binance:'])(
  'refuses %j',
  (name) => expect(parseChannel(name)).toBeUndefined(),
);
