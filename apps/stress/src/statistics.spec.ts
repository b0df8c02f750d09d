import fc from 'fast-check';
import { expect, it } from 'vitest';
import { histogram, quantile, summarize, tally } from './statistics.js';

it('takes the nearest rank: as many values as asked for are not above it', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (all, fraction) => {
      const sorted = all.toSorted((a, b) => a - b);
      const found = quantile(sorted, fraction);
      const below = sorted.filter((value) => value < found).length;
      const upTo = sorted.filter((value) => value <= found).length;
      expect(upTo).toBeGreaterThanOrEqual(fraction * sorted.length - 1e-9);
      expect(below).toBeLessThan(fraction * sorted.length + 1e-9);
    }),
  );
});

it('summarizes a hundred values as one would by hand', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(summarize(values)).toEqual({ count: 100, mean: 50.5, p50: 50, p90: 90, p99: 99, max: 100 });
  expect(summarize([])).toBeNull();
});

it('counts each value in exactly one bucket', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 60 }), (all, size) => {
      const buckets = histogram(all, size);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      expect(buckets.length).toBe(size);
    }),
  );
});

it('tallies, most frequent first', () => {
  expect(tally(['a', 'b', 'b'])).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
