import { describe, expect, it } from 'vitest';
import { clockTime, compact, countdown, decimalsOf, duration, fixed, NOTHING, percent } from './format.js';

describe('formats', () => {
  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('shows %s as unknown, never as a number', (value) => {
    expect([fixed(value, 2), compact(value), percent(value, 2), duration(value)]).toEqual([NOTHING, NOTHING, NOTHING, NOTHING]);
  });

  it('keeps the digits that the instrument has', () => {
    expect(fixed(65_000.1, 2)).toBe('65,000.10');
    expect([decimalsOf('0.010', 8), decimalsOf('1', 8), decimalsOf(undefined, 8), decimalsOf('0.00000100', 2)]).toEqual([
      2, 0, 8, 6,
    ]);
  });

  it.each([
    [0.0001, '+0.0100%'],
    [-0.000125, '-0.0125%'],
    [0, '0.0000%'],
  ])('writes the fraction %s as %s', (fraction, text) => expect(percent(fraction, 4)).toBe(text));

  it.each([
    [-3, '0 ms'],
    [0.44, '0.4 ms'],
    [9.96, '10 ms'],
    [999, '999 ms'],
    [1500, '1.5 s'],
    [125_000, '2 m'],
    [7_300_000, '2 h'],
  ])('writes %d ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('counts down and says when the time has come', () => {
    expect(countdown(28_799_999)).toBe('07:59:59');
    expect(countdown(0)).toBe('due');
    expect(clockTime(1_700_000_000_123)).toBe('22:13:20.123');
  });
});
