import { describe, expect, it } from 'vitest';
import { depthCurve, ladderView } from './ladder.js';

const book = {
  bids: [
    [99, 1],
    [98, 3],
    [97, 10],
  ] as [number, number][],
  asks: [
    [101, 2],
    [102, 2],
  ] as [number, number][],
};

describe('ladderView', () => {
  it('sums sizes from the best price and scales both sides alike', () => {
    const view = ladderView(book, 2, null);
    expect(view.bids.map(({ total, share }) => [total, share])).toEqual([
      [1, 0.25],
      [4, 1],
    ]);
    expect(view.asks.map(({ total, share }) => [total, share])).toEqual([
      [2, 0.5],
      [4, 1],
    ]);
    expect([view.mid, view.spread, view.spreadBps]).toEqual([100, 2, 200]);
  });

  it('marks the levels whose size is not what it was', () => {
    const before = { bids: [[99, 1] as const, [98, 2] as const], asks: [[102, 2] as const] };
    const view = ladderView(book, 3, before);
    expect(view.bids.map(({ changed }) => changed)).toEqual([false, true, true]);
    expect(view.asks.map(({ changed }) => changed)).toEqual([true, false]);
  });

  it('has no middle and no spread when a side is empty', () => {
    const view = ladderView({ bids: book.bids, asks: [] }, 5, null);
    expect([view.mid, view.spread, view.spreadBps, view.asks.length]).toEqual([null, null, null, 0]);
  });

  it('draws the curve with ascending prices and a hole at the spread', () => {
    expect(depthCurve(book)).toEqual([
      [97, 98, 99, 101, 102],
      [14, 4, 1, null, null],
      [null, null, null, 2, 4],
    ]);
  });
});
