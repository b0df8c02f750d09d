import { type DepthEvent, levelsFromPairs, type QuoteEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { BookCheck } from '../src/book-check.js';
import { venueOf } from '../src/capture-file.js';

const AT = { venue: 'x', symbol: 'A/B', venueSymbol: 'AB', venueTime: null, receivedAt: 0 } as const;

function depth(kind: 'snapshot' | 'delta', prevSequence: number | null, sequence: number, bid: number): DepthEvent {
  const bids = levelsFromPairs([[bid, 1]]);
  return { ...AT, type: 'depth', kind, prevSequence, sequence, bids, asks: levelsFromPairs([[100, 2]]) };
}

const quote = (sequence: number, bid: number, bidSize = 1): QuoteEvent => ({
  ...AT,
  ...{ type: 'quote', sequence, bid, bidSize, ask: 100, askSize: 2 },
});

function check(): BookCheck {
  return new BookCheck('AB', 'A/B', '1');
}

describe('BookCheck', () => {
  it('keeps deltas until the snapshot, drops what it contains and joins the rest', () => {
    const book = check();
    book.depth(depth('delta', 1, 5, 90));
    book.depth(depth('delta', 5, 9, 91));
    book.depth(depth('delta', 9, 12, 93));
    book.depth(depth('snapshot', null, 7, 92));
    book.depth(depth('delta', 12, 14, 94));
    expect(book.report()).toMatchObject({ deltas: 4, stale: 1, applied: 3, gaps: 0, sequence: 14, problem: null, bidLevels: 4 });
  });

  it('counts a delta that is missing', () => {
    const book = check();
    book.depth(depth('snapshot', null, 7, 92));
    book.depth(depth('delta', 7, 9, 91));
    book.depth(depth('delta', 10, 12, 93));
    expect(book.report()).toMatchObject({ gaps: 1, applied: 1, problem: 'no snapshot of the capture joins its deltas' });
  });

  it('compares quotes at the same sequence only, before and after the delta that reaches it', () => {
    const book = check();
    book.quote(quote(3, 1));
    book.depth(depth('snapshot', null, 7, 92));
    book.quote(quote(7, 92));
    book.quote(quote(8, 55));
    book.quote(quote(9, 93));
    book.depth(depth('delta', 7, 9, 93));
    book.quote(quote(9, 93, 5));
    book.quote(quote(5, 93));
    expect(book.report()).toMatchObject({ compared: 3, agree: 2, agreeAtSnapshot: 1 });
  });

  it('says when a capture has no snapshot, or only one that is too old', () => {
    const book = check();
    book.depth(depth('delta', 5, 9, 91));
    expect(book.report().problem).toMatch(/no snapshot in the capture: 1 deltas/);
    book.depth(depth('snapshot', null, 4, 92));
    expect(book.report().problem).toMatch(/no snapshot of the capture joins/);
  });
});

describe('venueOf', () => {
  const venues = ['binance', 'binanceusdm', 'kucoin', 'kucoinfutures', 'dydx'];
  it.each([
    ['binance-spot', 'binance'],
    ['binance-usdm', 'binanceusdm'],
    ['kucoin-futures', 'kucoinfutures'],
    ['dydx-v4', 'dydx'],
    ['okx', undefined],
  ])('knows that %s is %s', (product, venue) => {
    expect(venueOf(product, venues)).toBe(venue);
  });
});
