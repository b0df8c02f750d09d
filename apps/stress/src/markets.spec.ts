import type { Decimal, Instrument } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { byFame, termsOf } from './markets.js';

const d = (text: string) => text as Decimal;
const spot: Instrument = {
  ...{ venue: 'v', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT', kind: 'spot', status: 'open', base: 'BTC', quote: 'USDT' },
  ...{ contractSize: d('1'), tickSize: d('0.01'), lotSize: d('0.00001'), minNotional: d('5') },
};
const inverse: Instrument = {
  ...{ ...spot, symbol: 'BTC/USD:BTC', kind: 'perpetual', quote: 'USD', settle: 'BTC', inverse: true },
  ...{ contractSize: d('100'), tickSize: d('0.1'), lotSize: d('1'), minAmount: d('1') },
};
const book = { bids: [[80_000, 1]], asks: [[80_001, 1]] } as { bids: [number, number][]; asks: [number, number][] };

describe('termsOf', () => {
  it('takes the least that is legal, and prices that rest', () => {
    expect(termsOf(spot, book)).toEqual({ amount: '0.00010', restingBuy: '79200.00', restingSell: '80801.01' });
    expect(termsOf(inverse, book)).toEqual({ amount: '1', restingBuy: '79200.0', restingSell: '80801.1' });
  });

  it('keeps to the least amount where that is more', () => {
    expect(termsOf({ ...spot, minAmount: d('0.002') }, book).amount).toBe('0.00200');
  });

  it('refuses an empty book', () => {
    expect(() => termsOf(spot, { bids: [], asks: book.asks })).toThrow(/book of BTC\/USDT is empty/);
  });
});

it('prefers what is known best', () => {
  const named = (symbol: string, base: string, kind: Instrument['kind'], quote: string) => ({
    ...spot,
    symbol,
    base,
    kind,
    quote,
  });
  const all = [
    named('XRP/USDT', 'XRP', 'spot', 'USDT'),
    named('BTC/USDC', 'BTC', 'spot', 'USDC'),
    named('BTC/USDT', 'BTC', 'spot', 'USDT'),
    named('ETH/USDT:USDT', 'ETH', 'perpetual', 'USDT'),
  ];
  expect(all.sort(byFame).map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'BTC/USDC', 'ETH/USDT:USDT', 'XRP/USDT']);
});
