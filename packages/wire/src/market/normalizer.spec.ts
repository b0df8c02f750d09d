import type { Instrument, RawFrame } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { defineNormalizer, frame, frameReader, num, text } from '../index.js';

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
const normalizer = defineNormalizer({
  productOf: ({ kind }) => kind,
  message: (_, { raw, url }) => {
    const piece = { text: raw, venueSymbol: '', product: url === null ? undefined : url.slice('ws://v/'.length) };
    return { kind: 'pieces', reader, pieces: [piece] };
  },
  bodies: {
    prefix: /^\/api\//,
    open: (message) =>
      message === null ? 'control' : Array.isArray(message) ? 'unknown' : { content: message, sample: message },
    about: (_, asked) => ({ venueSymbol: '', product: asked.get('product') ?? undefined }),
    aliases: { price: 'trade' },
    rows: {
      trade: { like: ['s', 'p'], reader },
      quote: { like: ['s', 'q'], control: true },
      order: { like: ['s', 'p', 'id'], account: () => [] },
      candle: { like: [], readerOf: (asked) => (asked.get('interval') === '1m' ? reader : undefined) },
      time: { like: (sample) => typeof sample === 'number', control: true },
    },
  },
})('v', { instruments: LIST });

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

describe('a REST body', () => {
  const read = (body: unknown, path: string | null = null) => {
    const url = path === null ? null : `https://v/api/${path}`;
    return normalizer.normalize({ transport: 'rest', url, dir: 'in', ts: 1, raw: JSON.stringify(body) });
  };
  const event = (symbol: string | null) => ({ outcome: 'events', events: [{ symbol, price: 5 }] });
  const trade = { s: 'BTCUSDT', p: 5 };

  it.each([
    ['by its path', trade, 'trade?product=spot', event('BTC/USDT')],
    ['by the path that carries the same', trade, 'price?product=perpetual', event('BTC/USDT:USDT')],
    ['by its keys where there is no URL', trade, null, event(null)],
    ['by what was asked', trade, 'candle?interval=1m', event(null)],
    ['as unknown where it was asked for what nobody reads', trade, 'candle?interval=5m', { outcome: 'unknown', topic: 'candle' }],
    ['by most keys', { ...trade, id: 1 }, null, { outcome: 'private', events: [] }],
    ['as neither of two that know as much of it', { ...trade, q: 1 }, null, { outcome: 'unknown', topic: 's,p,q' }],
    ['by looking at it', 17, null, { outcome: 'control' }],
    ['as an answer that tells nothing', null, 'trade', { outcome: 'control' }],
    ['as unknown, by its path, without the envelope', [], 'trade', { outcome: 'unknown', topic: 'trade' }],
    ['as unknown by its path', {}, 'toString', { outcome: 'unknown', topic: 'toString' }],
  ])('is known %s', (_, body, path, found) => {
    expect(read(body, path)).toMatchObject(found);
  });
});

it('a message that is no object is unknown', () => {
  const read = (raw: string) => normalizer.normalize({ transport: 'ws', url: null, dir: 'in', ts: 1, raw });
  expect(read('[1]')).toEqual({ outcome: 'unknown', topic: 'list' });
  expect(read('7')).toEqual({ outcome: 'unknown', topic: '7' });
});
