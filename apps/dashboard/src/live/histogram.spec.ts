import { describe, expect, it } from 'vitest';
import { BUCKET_LABELS, BUCKETS, Histogram } from './histogram.js';

describe('Histogram', () => {
  it('puts a value into the first bucket whose bound is above it', () => {
    const histogram = new Histogram();
    for (const value of [0, 0.9, 1, 4.9, 999, 1000, 60_000]) histogram.add(value);
    expect([...histogram.counts]).toEqual([2, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(BUCKET_LABELS).toHaveLength(BUCKETS.length + 1);
  });

  it('forgets what left the window', () => {
    const histogram = new Histogram(3);
    for (const value of [-5, 0, 3, 7, 15, 70]) histogram.add(value);
    expect(histogram.total).toBe(3);
    expect(histogram.negative).toBe(0);
    expect(histogram.quantiles([0, 0.5, 0.99])).toEqual([7, 15, 70]);
    expect([...histogram.counts].reduce((a, b) => a + b)).toBe(3);
  });

  it('has no quantiles without values and ignores what is no number', () => {
    const histogram = new Histogram();
    histogram.add(Number.NaN);
    expect(histogram.quantiles([0.5])).toEqual([]);
  });

  it('counts values from a clock that runs ahead', () => {
    const histogram = new Histogram();
    histogram.add(-3);
    expect(histogram.negative).toBe(1);
  });
});
