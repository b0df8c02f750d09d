import type { RunningSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferenceBook } from '../src/index.js';
import { expectTruth, simulate } from './simulation.js';

let sim: RunningSimulator;
beforeAll(async () => {
  sim = await simulate();
});
afterAll(() => sim.close());

describe('what the other tests rely on', () => {
  it('a book that is off by one lot, one level or one sequence is noticed', () => {
    const { bids, asks, sequence } = sim.oracle.book('binance', 'BTC/USDT');
    const check = (book: { bids: typeof bids; asks: typeof asks }, at = sequence) =>
      expectTruth(sim, 'binance', 'BTC/USDT', at, book);
    check({ bids, asks });
    const [price, size] = bids[0]!;
    expect(() => check({ bids: [[price, size + 0.00001], ...bids.slice(1)], asks })).toThrow();
    expect(() => check({ bids: bids.slice(0, -1), asks })).toThrow();
    expect(() => check({ bids, asks }, sequence - 1)).toThrow();
  });

  it.each([
    ['spot, hole', { U: 13, u: 15, b: [], a: [] }, /gap/],
    ['futures, wrong link', { U: 9, u: 15, pu: 10, b: [], a: [] }, /gap/],
  ])('the reference book starts over on a gap: %s', (_, delta, reason) => {
    const book = new ReferenceBook({ lastUpdateId: 10, bids: [], asks: [] });
    const first = 'pu' in delta ? { U: 9, u: 11, pu: 8, b: [], a: [] } : { U: 10, u: 11, b: [], a: [] };
    expect(book.apply(first)).toBe(true);
    expect(() => book.apply(delta)).toThrow(reason);
  });
});
