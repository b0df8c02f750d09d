import { type Decimal, decimal, type FundingEvent, type Order } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { candleColumns } from '../market/venue-words.js';
import { averageOf, exactOf, exactOrNull, exactUnlessZero, negated, plain, sumOf } from './exact.js';
import { fundingRateOf, fundingRecordOf } from './funding.js';
import { inMinutes, intervalNames } from './intervals.js';
import { eachSymbolOnce, instrumentOf, type ListedInstrument, listingReader } from './listing.js';
import { cell, orderReader, type RowTable, rowReader, turned } from './rows.js';

const listed = (more: Partial<ListedInstrument>): ListedInstrument => ({
  ...{ venue: 'toy', venueSymbol: 'X', kind: 'spot', status: 'open', base: 'BTC', quote: 'USDT', contractSize: decimal('1') },
  limits: {},
  ...more,
});

describe('instruments of listings', () => {
  it.each<[string, Partial<ListedInstrument>]>([
    ['BTC/USDT', {}],
    ['BTC/USDT:USDT', { settle: 'USDT' }],
    ['BTC/USD:BTC-261225', { quote: 'USD', settle: 'BTC', expiry: Date.UTC(2026, 11, 25, 8) }],
    [
      'BTC/USD:BTC-261225-100000-P',
      { quote: 'USD', settle: 'BTC', expiry: Date.UTC(2026, 11, 25, 8), strike: decimal('100000'), optionType: 'put' },
    ],
  ])('%s', (symbol, more) => {
    expect(instrumentOf(listed(more)).symbol).toBe(symbol);
  });

  it('have limits without trailing zeros; those of 0 are switched off, and a missing step is 1', () => {
    const { tickSize, lotSize, minAmount, maxAmount } = instrumentOf(
      listed({ limits: { tickSize: '0.0100', minAmount: '10.000', maxAmount: '0.00' } }),
    );
    expect([tickSize, lotSize, minAmount, maxAmount]).toEqual(['0.01', '1', '10', undefined]);
  });

  it('stand once for each symbol: of two, the one that trades wins', () => {
    const [old, now] = [listed({ venueSymbol: 'OLD', status: 'halted' }), listed({ venueSymbol: 'NEW' })].map(instrumentOf);
    for (const rows of [
      [old, now, undefined],
      [now, old],
    ]) {
      expect(eachSymbolOnce(rows).map(({ venueSymbol }) => venueSymbol)).toEqual(['NEW']);
    }
  });
});

describe('exact numbers', () => {
  it('are read from text, or refused by name', () => {
    expect(exactOf('1.50', 'px')).toBe('1.50');
    expect(['0', '0.10', '-1', '12', 3, ''].map((sent) => exactUnlessZero(sent, 'px'))).toEqual([
      null,
      '0.10',
      '-1',
      '12',
      '3',
      null,
    ]);
    expect(() => exactUnlessZero('1x', 'px')).toThrow('field "px"');
    for (const wrong of ['', 'x', undefined, null, '1e5']) expect(() => exactOf(wrong, 'px')).toThrow('field "px"');
    expect([exactOrNull('', 'px'), exactOrNull('0', 'px'), exactUnlessZero('0.00', 'px')]).toEqual([null, '0', null]);
  });

  it('are reckoned with without floating point', () => {
    const decimals = (...texts: string[]) => texts.map((text) => decimal(text));
    expect(sumOf(...decimals('0.1', '0.20', '-3'))).toBe('-2.70');
    expect(averageOf(...(decimals('100', '3') as [Decimal, Decimal]))).toBe('33.333333333333');
    expect(averageOf(...(decimals('1', '0.0') as [Decimal, Decimal]))).toBeNull();
    expect(decimals('0.5', '-0.5', '0.0').map(negated)).toEqual(['-0.5', '0.5', '0.0']);
  });
});

describe('funding', () => {
  const event: FundingEvent = {
    ...{ type: 'funding', venue: 'toy', symbol: 'A/B:B', venueSymbol: 'AB', venueTime: 5, receivedAt: 6, rate: 0.0001 },
    ...{ predictedRate: null, nextFundingTime: 9, intervalHours: 8, markPrice: 1, indexPrice: null },
  };

  it('has an APR where rate and interval are known', () => {
    expect(fundingRateOf(event)).toMatchObject({ rate: 0.0001, apr: expect.closeTo(0.1095, 12) });
    expect(fundingRateOf({ ...event, intervalHours: null }).apr).toBeNull();
    expect(fundingRateOf(event)).not.toHaveProperty('receivedAt');
  });

  it('is settled at a time and a rate, or not at all', () => {
    expect(fundingRecordOf(event)).toEqual({ venue: 'toy', symbol: 'A/B:B', rate: 0.0001, time: 5, markPrice: 1 });
    expect(() => fundingRecordOf({ ...event, rate: null })).toThrow(TypeError);
  });
});

it.each([
  [1e-8, '0.00000001'],
  [1.5e-7, '0.00000015'],
  [-2.5e-9, '-0.0000000025'],
  [1.25e21, '1250000000000000000000'],
  [90000.5, '90000.5'],
  [0, '0'],
])('%f in plain notation is %s', (value, text) => {
  expect(plain(value)).toBe(text);
});

describe('rows', () => {
  interface Toy {
    readonly venue: string;
    readonly symbol: string;
    readonly id: string;
    readonly note: string | null;
    readonly size: Decimal;
    readonly price: Decimal | null;
    readonly fee: Decimal | null;
    readonly side: 'buy' | 'sell';
    readonly role: 'maker' | null;
    readonly time: number;
  }
  const read = rowReader<Toy>({
    id: cell.text('id', 'oldId'),
    note: cell.textOrNull('note'),
    size: cell.exactOrZero('sz'),
    price: cell.exactUnlessZero('px'),
    fee: cell.negatedOrNull('fee'),
    side: cell.word('side', turned({ buy: 'B', sell: 'S' })),
    role: cell.wordOrNull('role', { M: 'maker' } as const),
    time: cell.time('fillTime', 'ts'),
  });

  it('are read by a table: of several names the first that says something counts', () => {
    const row = { id: '', oldId: 7, note: null, sz: 1e-8, px: '0', fee: '-0.10', side: 'S', role: 'T', fillTime: '', ts: '5' };
    expect(read('toy', 'BTC/USDT', row)).toEqual({
      ...{ venue: 'toy', symbol: 'BTC/USDT', id: '7', note: null, size: '0.00000001', price: null, fee: '0.10' },
      ...{ side: 'sell', role: null, time: 5 },
    });
    const empty = { id: 'a', side: 'B' };
    expect(read('toy', 'X', empty)).toMatchObject({ size: '0', price: null, fee: null, time: 0, side: 'buy' });
  });

  it('of orders have the same fields, whatever the order of the table', () => {
    const table: RowTable<Order> = {
      ...{ updatedAt: cell.time('ts'), reason: cell.textOrNull('why'), positionSide: cell.always(null) },
      ...{ reduceOnly: cell.flag('ro'), averagePrice: cell.exactOrNull('avg'), filled: cell.exact('done') },
      ...{ amount: cell.exact('sz'), price: cell.exact('px'), status: cell.always('OPEN'), timeInForce: cell.always(null) },
      ...{ type: cell.text('type'), side: cell.always('buy'), venueOrderId: cell.text('id'), clientOrderId: cell.always('a') },
    };
    const row = { ts: 5, why: '', ro: 'true', avg: '1.5', done: '0', sz: '2', px: '1', type: 'limit', id: 7 };
    expect(orderReader(table)('toy', 'X', row)).toEqual(rowReader(table)('toy', 'X', row));
    expect(orderReader(table)('toy', 'X', row)).toMatchObject({ venue: 'toy', symbol: 'X', venueOrderId: '7', reduceOnly: true });
  });

  it.each([
    [{ side: 'B' }, 'field "id" or "oldId" must say something'],
    [{ id: 'a', side: 'buy' }, 'field "side" is "buy", which is none that is known'],
    [{ id: 'a', side: 'toString' }, 'field "side" is "toString", which is none that is known'],
    [{ id: 'a', side: 'B', sz: 'x' }, 'field "sz" must be a decimal number and is "x"'],
  ])('%j are refused, naming the field', (row, why) => {
    expect(() => read('toy', 'X', row)).toThrow(why);
  });
});

describe('a listing by a table', () => {
  const { instrumentFromWire, instrumentsFromWire } = listingReader({
    kind: cell.wordOrNull('kind', { s: 'spot', p: 'perpetual', o: 'option' } as const),
    venueSymbol: cell.textOrNull('id'),
    base: cell.textOrNull('base'),
    quote: cell.textOrNull('quote'),
    status: cell.wordOrNull('state', { on: 'open' } as const),
    settle: cell.textOrNull('settle'),
    inverse: ({ inverse }) => inverse === true,
    expiry: cell.time('expiry'),
    strike: cell.exact('strike'),
    optionType: () => 'put',
    fundingIntervalHours: cell.numberOrNull('hours'),
    limits: { tickSize: cell.textOrNull('tick'), lotSize: (_, kind) => (kind === 'spot' ? '0.10' : null) },
  });
  const row = { kind: 's', id: 'A', base: 'BTC', quote: 'USDT', state: 'on', tick: '0.010' };

  it('reads of each kind what it has, and nothing else', () => {
    const common = { venue: 'toy', venueSymbol: 'A', base: 'BTC', quote: 'USDT', contractSize: '1', tickSize: '0.01' };
    expect(instrumentFromWire('toy', { ...row, settle: 'USDT', hours: 8 })).toEqual({
      ...{ ...common, symbol: 'BTC/USDT', kind: 'spot', status: 'open', lotSize: '0.1' },
    });
    expect(instrumentFromWire('toy', { ...row, kind: 'p', settle: 'USDT', hours: 8 })).toEqual({
      ...{ ...common, symbol: 'BTC/USDT:USDT', kind: 'perpetual', status: 'open', lotSize: '1' },
      ...{ settle: 'USDT', inverse: false, fundingIntervalHours: 8 },
    });
    const expiry = Date.UTC(2026, 11, 25, 8);
    expect(instrumentFromWire('toy', { ...row, kind: 'o', settle: 'BTC', expiry, strike: 5, state: 'else' })).toMatchObject({
      ...{ symbol: 'BTC/USDT:BTC-261225-5-P', status: 'halted', strike: '5', optionType: 'put', expiry },
    });
  });

  it('leaves out what is of no kind that is known, or has no name', () => {
    const lacking = [{ kind: 'x' }, { id: '' }, { base: '' }, { quote: null }].map((fields) => ({ ...row, ...fields }));
    expect(instrumentsFromWire('toy', [...lacking, row, row]).map(({ symbol }) => symbol)).toEqual(['BTC/USDT']);
  });
});

it('intervals of venues that count in minutes are minutes', () => {
  expect(inMinutes('1m', '15m', '4h', '1d')).toEqual({ '1m': '1', '15m': '15', '4h': '240', '1d': '1440' });
});

it('intervals are named both ways; what there is not is listed', () => {
  const names = intervalNames({ '1m': '1', '1h': '60' });
  expect([names.toWire('1h', 'toy'), names.fromWire('60'), names.fromWire('toString')]).toEqual(['60', '1h', 'toString']);
  expect(() => names.toWire('2h', 'toy')).toThrow('toy has no candles of "2h"; it has 1m, 1h');
});

it('candles that come as arrays are numbers, or say which column is none', () => {
  expect(candleColumns([1, '2', '3', '1', '2.5', '0', 'ignored'])).toEqual({
    ...{ openTime: 1, open: 2, high: 3, low: 1, close: 2.5, volume: 0 },
  });
  expect(() => candleColumns([1, '2', ''])).toThrow('high of a candle must be a number and is ""');
});
