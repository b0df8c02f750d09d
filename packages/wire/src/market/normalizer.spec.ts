import type { Instrument, RawFrame } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { createNormalizer, frame, frameReader, num, text } from '../index.js';

const LIST = [
  { venue: 'v', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', kind: 'spot' },
  { venue: 'v', symbol: 'BTC/USDT:USDT', venueSymbol: 'BTCUSDT', kind: 'perpetual' },
  { venue: 'v', symbol: 'ETH/USDT', venueSymbol: 'ETHUSDT', kind: 'spot' },
] as Instrument[];

const reader = frameReader({
  what: 'trade',
  frame: frame({ s: text(), p: num() }),
  start: (out) => (f) => {
    out.about(f.s);
    out.trade(1, '1', f.p, 1, 'buy');
  },
});

/** A venue whose products share ids: the URL says which product a frame is of. */
const normalizer = createNormalizer(
  {
    venue: 'v',
    productOf: ({ kind }) => kind,
    classify: (_, { raw, url }) => {
      const piece = { text: raw, venueSymbol: '', product: url === null ? undefined : url.slice('ws://v/'.length) };
      return { kind: 'pieces', reader, pieces: [piece] };
    },
  },
  { instruments: LIST },
);

describe('the normaliser of a venue whose products share ids', () => {
  it.each([
    ['ws://v/spot', 'BTCUSDT', 'BTC/USDT'],
    ['ws://v/perpetual', 'BTCUSDT', 'BTC/USDT:USDT'],
    ['ws://v/perpetual', 'ETHUSDT', null],
    [null, 'ETHUSDT', 'ETH/USDT'],
    // Either of two: nobody guesses.
    [null, 'BTCUSDT', null],
  ])('over %s %s is %s', (url, venueSymbol, symbol) => {
    const raw: RawFrame = { transport: 'ws', url, dir: 'in', ts: 1, raw: JSON.stringify({ s: venueSymbol, p: 5 }) };
    expect(normalizer.normalize(raw)).toMatchObject({ events: [{ symbol, venueSymbol }] });
  });
});
