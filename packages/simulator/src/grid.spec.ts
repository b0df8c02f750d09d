import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUnits, Grid } from './grid.js';

describe('Grid', () => {
  const grid = new Grid({ tickSize: '0.10', lotSize: '0.001' });

  it('prints with the decimals of the tick, or more', () => {
    expect(grid.formatPrice(900_001)).toBe('90000.10');
    expect(grid.formatPrice(900_001, 8)).toBe('90000.10000000');
    expect(grid.formatPrice(-12)).toBe('-1.20');
    expect(new Grid({ tickSize: '1', lotSize: '1' }).formatPrice(5, 8)).toBe('5.00000000');
  });

  it.each([
    ['90000.1', 900_001],
    ['90000.10000', 900_001],
    ['90000.15', undefined],
  ])('%s is %s ticks', (text, ticks) => expect(grid.exactTicks(text)).toBe(ticks));

  it('gives the float64 that a client reads from its text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (ticks) => grid.price(ticks) === Number(grid.formatPrice(ticks))),
    );
  });

  it('takes text back exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (lots) => grid.exactLots(grid.formatSize(lots)) === lots));
  });

  it('multiplies without loss', () => {
    expect(formatUnits(grid.notional(900_001, 2 ** 40), grid.notionalScale)).toBe(formatUnits(9_000_010n * 2n ** 40n, 5));
  });
});
