import type { MarketEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { intervalNames } from '../exchange/intervals.js';
import { type FieldNode, id, int, num, optional, skip, text } from '../frames/index.js';
import { openedBy } from './bodies.js';
import { candleReaders, candleRows } from './candles.js';
import { EventCollector, type TextReader } from './collector.js';
import { bodiesIn, envelope, fields, readersOf } from './envelopes.js';
import { allOf, type Handler, namedBy, onlyIf } from './handlers.js';
import { candleColumns, sideReader } from './venue-words.js';

/** The events of a text about `X`, unless it says itself what it is about. */
function eventsOf(reader: TextReader, message: unknown): readonly MarketEvent[] {
  const collector = new EventCollector((venueSymbol, venue = 'toy') => ({
    ...{ venue, venueSymbol, symbol: null, instrument: null, options: {} },
  }));
  return collector.read(reader, [{ text: JSON.stringify(message), venueSymbol: 'X' }], 5);
}

const PRICES = { i: id(), p: num(), s: optional(text()) } as const;
interface Price {
  readonly i: string;
  readonly p: number;
  readonly s: string | null;
}
const trade: Handler<Price, { readonly ts: number }> =
  (out) =>
  (row, { ts }) =>
    out.trade(ts, row.i, row.p, 1, 'buy');
const interest: Handler<Price> = (out) => (row) => out.openInterest(Number.NaN, row.p);

interface Around {
  readonly ts: number;
  readonly data: unknown;
}
const AROUND = { shape: (data: FieldNode) => ({ ts: int(), data }), contentOf: ({ data }: Around) => data };
const { one, many } = bodiesIn({ ...AROUND, named: 's' });

describe('what stands in an envelope', () => {
  it('is one thing, or a list of rows; the envelope is told beside each, and rows that name their instrument are about it', () => {
    const row = { i: '1', p: 2 };
    expect(eventsOf(one('one', PRICES, trade), { ts: 3, data: row })).toMatchObject([
      { type: 'trade', venueSymbol: 'X', id: '1', price: 2, venueTime: 3 },
    ]);
    const rows = [row, { ...row, i: '2', s: 'Y' }];
    expect(eventsOf(many('many', PRICES, trade), { ts: 3, data: rows })).toMatchObject([
      { venueSymbol: 'X', id: '1' },
      { venueSymbol: 'Y', id: '2' },
    ]);
  });

  it('is not about what a shape skips', () => {
    const reader = many('skipped', { ...PRICES, s: skip() }, interest as never);
    expect(eventsOf(reader, { ts: 3, data: [{ i: '1', p: 2, s: 'Y' }] })).toMatchObject([{ venueSymbol: 'X', amount: 2 }]);
  });

  it('is told in all ways, or where it passes', () => {
    const whole = allOf<Price, { readonly ts: number }>(
      trade,
      onlyIf(({ p }) => p > 1, interest),
    );
    const told = (p: number) =>
      eventsOf(
        one(
          'all',
          PRICES,
          namedBy(() => 'Z', whole),
        ),
        { ts: 3, data: { i: '1', p } },
      );
    expect(told(1).map(({ type, venueSymbol }) => [type, venueSymbol])).toEqual([['trade', 'Z']]);
    expect(told(2).map(({ type }) => type)).toEqual(['trade', 'openInterest']);
  });

  it('makes readers of channels, with the rule by which changes link up', () => {
    const rule = { name: 'toy', follows: () => 1, joins: () => true, continues: () => true };
    const channel = envelope(AROUND).one(PRICES, trade);
    const { prices, books } = readersOf({ prices: channel, books: { ...channel, depth: { rule, snapshot: 'stream' } } });
    expect([prices?.what, prices?.rule, books?.rule]).toEqual(['prices', undefined, rule]);
    expect(eventsOf(prices!, { ts: 3, data: { i: '1', p: 2 } })).toHaveLength(1);
  });

  it('has several fields of one kind in the order given', () => {
    const node = num();
    expect(Object.entries(fields(node, 'b', 'a'))).toEqual([
      ['b', node],
      ['a', node],
    ]);
  });
});

it('candles are of the interval that their topic or URL names, a reader for each', () => {
  const names = intervalNames({ '1m': '1', '1h': '60' });
  const rows = candleRows((message: readonly (readonly number[])[]) =>
    message.map((row) => ({ ...candleColumns(row), closed: false })),
  );
  const readerOf = candleReaders('kline.', names, rows);
  expect(readerOf('60')).toBe(readerOf('60'));
  expect(readerOf('60').what).toBe('kline.60');
  expect(eventsOf(readerOf('60'), [[1, 2, 3, 1, 2, 4]])).toMatchObject([
    { type: 'candle', interval: '1h', openTime: 1, volume: 4 },
  ]);
  expect(() => eventsOf(readerOf('1'), [[1, 2]])).toThrow('kline.1: high of a candle');
});

it('sides are told in the words of the venue', () => {
  const side = sideReader({ Buy: 'buy', Sell: 'sell' });
  expect([side('Buy'), side('Sell')]).toEqual(['buy', 'sell']);
  for (const wrong of ['buy', '', 'toString']) expect(() => side(wrong)).toThrow('field "side" must be Buy or Sell');
});

describe('a body', () => {
  const open = openedBy({
    isRefusal: ({ code }) => code !== undefined && code !== 0,
    contentOf: ({ data }) => data,
    sampleOf: ({ list = [] }) => (list as readonly unknown[])[0],
  });

  it.each<[string, unknown, unknown]>([
    ['a refusal', { code: 1, data: [1] }, 'control'],
    ['no envelope of the venue', { other: 1 }, 'unknown'],
    ['no object', 5, 'unknown'],
    ['nothing', null, 'unknown'],
    ['an empty list', { code: 0, data: [] }, 'control'],
    ['rows', { code: 0, data: [{ a: 1 }, { a: 2 }] }, { content: [{ a: 1 }, { a: 2 }], sample: { a: 1 } }],
    ['one thing', { data: { list: [7] } }, { content: { list: [7] }, sample: 7 }],
  ])('that is %s is known by its envelope', (_, message, opened) => {
    expect(open(message)).toEqual(opened);
  });
});
