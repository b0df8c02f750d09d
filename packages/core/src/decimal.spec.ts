import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, decimal, decimalPlaces, fromScaled, toScaled } from './decimal.js';

describe('Decimal', () => {
  it.each(['1e5', '', ' 1', '+1', '.5', '1.', 'NaN', '0x1'])('refuses %j', (text) =>
    expect(() => decimal(text)).toThrow(RangeError),
  );

  it('round-trips through scaled integers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }), (units, scale) => {
        const text = fromScaled(units, scale);
        expect(toScaled(decimal(text), scale)).toBe(units);
        expect(decimalPlaces(text)).toBe(scale);
      }),
    );
  });

  it('never drops a digit silently', () => {
    expect(toScaled(decimal('1.500'), 1)).toBe(15n);
    expect(() => toScaled(decimal('1.501'), 2)).toThrow(/more than 2 decimal places/);
    expect(toScaled(decimal('-0.05'), 2)).toBe(-5n);
  });

  it('compares exactly where float64 cannot', () => {
    expect(compareDecimals(decimal('9007199254740993'), decimal('9007199254740992'))).toBe(1);
    expect(compareDecimals(decimal('0.1'), decimal('0.10'))).toBe(0);
    expect(compareDecimals(decimal('-1'), decimal('0.5'))).toBe(-1);
  });
});
