import { expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

it('doubles up to a bound, with jitter in the upper half', () => {
  const options = { minMs: 100, maxMs: 1000 };
  const range = (attempt: number) => [backoffMs(attempt, options, () => 0), backoffMs(attempt, options, () => 1)];
  expect([0, 1, 2, 3, 4, 50].map(range)).toEqual([
    [50, 100],
    [100, 200],
    [200, 400],
    [400, 800],
    [500, 1000],
    [500, 1000],
  ]);
});
