import { copyLevels, levelsToPairs } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../src/index.js';
import { delta, gap, snapshot } from './events.js';

const BIDS = [
  [99.9, 1],
  [99.8, 2],
] as const;
const ASKS = [
  [100.1, 3],
  [100.2, 4],
] as const;

function liveBook(): OrderBook {
  const book = new OrderBook({ tickSize: '0.1', clock: { now: () => 1_000, schedule: () => () => {} } });
  book.applyDepth(snapshot(10, BIDS, ASKS, 400));
  return book;
}

describe('OrderBook', () => {
  it('starts syncing and ignores deltas until a snapshot comes', () => {
    const book = new OrderBook({ tickSize: '0.1' });
    expect(book.applyDepth(delta(1, 2, BIDS, ASKS))).toBe('ignored');
    expect(book.status()).toEqual({ state: 'syncing', sequence: null, ageMs: null, gaps: 0, resyncs: 0 });
    expect([book.bestBid, book.bestAsk, book.crossed]).toEqual([null, null, false]);
  });

  it('applies what follows and tells sequence and age', () => {
    const book = liveBook();
    expect(book.applyDepth(delta(10, 12, [[100, 5]], [[100.1, 0]], 900))).toBe('applied');
    expect([book.bestBid, book.bestAsk]).toEqual([100, 100.2]);
    expect(book.status()).toEqual({ state: 'live', sequence: 12, ageMs: 100, gaps: 0, resyncs: 0 });
  });

  it('refuses a delta that does not follow, stays stale, and heals with a snapshot only', () => {
    const book = liveBook();
    expect(book.applyDepth(delta(11, 12, [[99.9, 0]], []))).toBe('refused');
    expect(book.sizeAt('bid', 99.9)).toBe(1);
    expect(book.applyDepth(delta(10, 11, [[99.9, 0]], []))).toBe('ignored');
    expect(book.status()).toMatchObject({ state: 'stale', sequence: 10, gaps: 1, resyncs: 0 });
    expect(book.applyDepth(snapshot(20, BIDS, ASKS))).toBe('applied');
    expect(book.status()).toMatchObject({ state: 'live', sequence: 20, gaps: 1, resyncs: 1 });
  });

  it('refuses a numbered delta on a book without a number, and takes unnumbered ones', () => {
    const book = new OrderBook({ tickSize: '0.1' });
    book.applyDepth(snapshot(null, BIDS, ASKS));
    expect(book.applyDepth(delta(null, null, [[99.9, 7]], []))).toBe('applied');
    expect(book.status()).toMatchObject({ state: 'live', sequence: null });
    expect(book.applyDepth(delta(1, 2, [], []))).toBe('refused');
  });

  it('is stale from a gap event on, counted once', () => {
    const book = liveBook();
    book.onGap(gap);
    book.onGap(gap);
    expect(book.status()).toMatchObject({ state: 'stale', gaps: 1 });
    expect(book.applyDepth(delta(10, 11, [], []))).toBe('ignored');
  });

  it.each([
    ['a price that is not a number', [Number.NaN, 1]],
    ['an infinite price', [Number.POSITIVE_INFINITY, 1]],
    ['a size that is not a number', [99.5, Number.NaN]],
    ['an infinite size', [99.5, Number.POSITIVE_INFINITY]],
    ['a negative size', [99.5, -1]],
  ] as const)('refuses %s and goes stale', (_what, level) => {
    const book = liveBook();
    expect(book.applyDepth(delta(10, 11, [level], []))).toBe('refused');
    expect(book.status()).toMatchObject({ state: 'stale', gaps: 1 });
    const fresh = new OrderBook({ tickSize: '0.1' });
    expect(fresh.applyDepth(snapshot(1, [level], []))).toBe('refused');
    expect(fresh.status().state).toBe('stale');
  });

  it('knows a crossed and a locked book', () => {
    const book = liveBook();
    expect(book.crossed).toBe(false);
    book.applyDepth(delta(10, 11, [[100.1, 1]], []));
    expect(book.crossed).toBe(true);
  });

  it('hands out views that the next read overwrites and that copies survive', () => {
    const book = liveBook();
    const first = book.top(1);
    const kept = copyLevels(first.bids);
    expect(book.top(2)).toBe(first);
    expect(levelsToPairs(first.bids)).toEqual(BIDS.map((level) => [...level]));
    expect(levelsToPairs(kept)).toEqual([[99.9, 1]]);
  });

  it('keeps its levels when the tick size changes, and prices off the new grid with them', () => {
    const book = liveBook();
    book.setTickSize('0.5');
    expect(book.applyDepth(delta(10, 11, [[99.5, 9]], [[100.1, 8]]))).toBe('applied');
    expect(levelsToPairs(book.top(9).bids)).toEqual([[99.9, 1], [99.8, 2], [99.5, 9]]); // biome-ignore format: one row
    expect(levelsToPairs(book.top(9).asks)).toEqual([[100.1, 8], [100.2, 4]]); // biome-ignore format: one row
    expect(book.offGrid).toBeGreaterThan(0);
  });

  it('refuses a tick size that is not one', () => {
    expect(() => new OrderBook({ tickSize: '0' })).toThrow(/tick size "0" is not a positive decimal number/);
    expect(() => new OrderBook({ tickSize: '1e-8' })).toThrow(/write e\.g\. "0\.01"/);
  });

  it('forgets sizes of the book before a snapshot', () => {
    const book = liveBook();
    book.applyDepth(snapshot(20, [[99.9, 5]], []));
    expect([book.sizeAt('bid', 99.9), book.sizeAt('bid', 99.8), book.sizeAt('ask', 100.1)]).toEqual([5, 0, 0]);
  });

  it('takes far levels into the window when the touch moves to them', () => {
    const book = liveBook();
    const far = [[900, 1], [950.55, 2]] as const; // biome-ignore format: one row
    book.applyDepth(delta(10, 11, [], far));
    book.applyDepth(delta(11, 12, [], [[100.1, 0], [100.2, 0], [850, 3]])); // biome-ignore format: one row
    book.applyDepth(delta(12, 13, [], [[900, 4]]));
    expect(levelsToPairs(book.top(9).asks)).toEqual([[850, 3], [900, 4], [950.55, 2]]); // biome-ignore format: one row
    expect(book.askCount).toBe(3);
  });

  it('reads back every price of a grid exactly as sent', () => {
    const book = new OrderBook({ tickSize: '0.00000010' });
    const asks = Array.from({ length: 10_000 }, (_, i) => [Number(`0.00${String(12_345 + i * 7).padStart(6, '0')}`), 1] as const);
    book.applyDepth(
      snapshot(
        1,
        [],
        asks.filter(([price]) => price > 0),
      ),
    );
    expect(levelsToPairs(book.top(10_000).asks)).toEqual([...asks].sort((a, b) => a[0] - b[0]).map((level) => [...level]));
  });
});
