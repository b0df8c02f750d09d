import type { Decimal } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { decimalOrNull, float, isExactNumber } from './numbers.js';

it.each([
  [1e-8, '0.00000001'],
  ['1.5e-7', '0.00000015'],
  ['-2.50E3', '-2500'],
  [1e21, '1000000000000000000000'],
  ['0.10', '0.10'],
  ['.5', '0.5'],
  ['007', '7'],
  [0, '0'],
  ['', null],
  [undefined, null],
])('%s is %s, exactly and without exponent', (value, text) => {
  expect(decimalOrNull(value)).toBe(text);
});

it('refuses what is no number', () => {
  expect(() => decimalOrNull('NaN')).toThrow(RangeError);
  expect(float(undefined)).toBeNaN();
});

it.each([
  ['0.1', true],
  ['123456789.12345678', true],
  ['0.00000001', true],
  ['12345678901234567.8', false],
  ['0.12345678901234567891', false],
])('%s fits into a JavaScript number: %s', (text, fits) => {
  expect(isExactNumber(text as Decimal)).toBe(fits);
});
