import { decimal, type Instrument } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { renderLadder } from './render.js';
import type { BookSnapshot } from './snapshot.js';

const instrument: Instrument = {
  venue: 'binanceusdm',
  symbol: 'BTC/USDT:USDT',
  venueSymbol: 'BTCUSDT',
  kind: 'perpetual',
  status: 'open',
  base: 'BTC',
  quote: 'USDT',
  contractSize: decimal('1'),
  tickSize: decimal('0.10'),
  lotSize: decimal('0.001'),
};
const book: BookSnapshot = {
  venue: 'binanceusdm',
  symbol: 'BTC/USDT:USDT',
  state: 'live',
  sequence: 42,
  ageMs: 12.4,
  gaps: 1,
  resyncs: 1,
  bids: [
    [65_000, 1],
    [64_999.9, 0.5],
  ],
  asks: [
    [65_000.1, 0.25],
    [65_000.2, 2],
  ],
};
const plain = { colour: false, columns: 80 };

describe('renderLadder', () => {
  it('prints state, asks above, the spread, bids below, with the digits of the instrument', () => {
    expect(renderLadder(book, instrument, plain)).toEqual([
      'BTC/USDT:USDT  binanceusdm',
      'LIVE  age 12 ms  gaps 1  resyncs 1  sequence 42',
      '',
      '           price            size             sum',
      '         65000.2           2.000           2.250',
      '         65000.1           0.250           0.250',
      '        65000.05  spread 0.1 (0.02 bp)',
      '         65000.0           1.000           1.000',
      '         64999.9           0.500           1.500',
    ]);
  });

  it('says STALE and takes the colour from the prices of a book that is old', () => {
    const lines = renderLadder({ ...book, state: 'stale', ageMs: 4200 }, instrument, { colour: true, columns: 80 });
    expect(lines[1]).toContain('STALE');
    expect(lines[1]).toContain('age 4.2 s');
    expect(lines.filter((line) => /\u001b\[3[12]m\s+6/.test(line))).toEqual([]);
  });

  it('draws the sums as bars as long as there is room', () => {
    const wide = renderLadder(book, instrument, { colour: true, columns: 100 });
    expect(wide.map((line) => line.split('█').length - 1)).toEqual([0, 0, 0, 0, 24, 3, 0, 11, 16]);
    const narrow = renderLadder(book, instrument, { colour: true, columns: 50 });
    expect(narrow.join('')).not.toContain('█');
  });

  it('shows an empty book as such', () => {
    const empty = renderLadder({ ...book, state: 'syncing', sequence: null, ageMs: null, bids: [], asks: [] }, instrument, plain);
    expect(empty[1]).toBe('SYNCING  age -  gaps 1  resyncs 1  sequence -');
    expect(empty.at(-1)).toContain('no spread: a side is empty');
  });
});
