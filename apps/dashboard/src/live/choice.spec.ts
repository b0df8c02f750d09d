import { decimal, type Instrument } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { byInterest, searchInstruments } from './choice.js';

const instrument = (venue: string, symbol: string, kind: Instrument['kind'], over: Partial<Instrument> = {}): Instrument => {
  const [base = '', quote = ''] = symbol.split(/[/:]/);
  const one = decimal('1');
  return {
    venue,
    symbol,
    venueSymbol: base + quote,
    kind,
    status: 'open',
    base,
    quote,
    contractSize: one,
    tickSize: one,
    lotSize: one,
    ...over,
  };
};

const LIST = [
  instrument('binance', 'ADA/USDT', 'spot'),
  instrument('binance', 'WBTC/USDT', 'spot'),
  instrument('binance', 'BTC/EUR', 'spot'),
  instrument('binance', 'BTC/USDT', 'spot'),
  instrument('binanceusdm', 'BTC/USDT:USDT', 'perpetual', { status: 'halted' }),
  instrument('binanceusdm', 'BTC/USDT:USDT-261225', 'future'),
  instrument('binanceusdm', 'ETH/USDT:USDT', 'perpetual'),
];
const NAMES = new Map([['binanceusdm', 'Binance USD-M futures']]);
const symbols = (list: readonly Instrument[]) => list.map(({ symbol }) => symbol);

describe('byInterest', () => {
  it('offers BTC first, what is dated later, and what does not trade last', () => {
    expect(symbols([...LIST].sort(byInterest))).toEqual([
      'BTC/USDT',
      'BTC/EUR',
      'BTC/USDT:USDT-261225',
      'ETH/USDT:USDT',
      'ADA/USDT',
      'WBTC/USDT',
      'BTC/USDT:USDT',
    ]);
  });
});

describe('searchInstruments', () => {
  it('matches every word in symbol, id or venue name', () => {
    expect(symbols(searchInstruments(LIST, NAMES, 'eth usd-m', 10))).toEqual(['ETH/USDT:USDT']);
    expect(symbols(searchInstruments(LIST, NAMES, 'eth spot', 10))).toEqual([]);
  });

  it('puts the base that was typed before the bases that contain it', () => {
    expect(symbols(searchInstruments(LIST, NAMES, 'btc usdt', 10)).indexOf('WBTC/USDT')).toBe(3);
  });

  it('stops at the limit', () => expect(searchInstruments(LIST, NAMES, '', 2)).toHaveLength(2));
});
