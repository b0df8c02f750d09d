import type { BookStatus } from '@speed-protocol/book';
import { levelsFromPairs } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { differenceOf, type Truth, WatchedBook } from '../src/market/watched-book.js';

type Book = ReturnType<Truth['market']>['book'];

const LEVELS = [
  [10, 1],
  [9, 2],
] as const;

/** A book at a fixed sequence beside a venue that moves on; `idOf` on a venue whose sequences count messages. */
function scene(state: BookStatus['state'], idOf: Book['idOf'] = (sequence) => sequence) {
  const venue = { lastId: idOf(5), idOf, bids: LEVELS as readonly (readonly [number, number])[] };
  const status = (): BookStatus => ({ state, sequence: 5, ageMs: 0, gaps: 0, resyncs: 0 });
  const top = () => ({ bids: levelsFromPairs(LEVELS), asks: levelsFromPairs([]) });
  const truth: Truth = { book: () => ({ bids: venue.bids, asks: [] }), market: () => ({ book: venue }) };
  return { venue, watched: new WatchedBook({ venue: 'x', symbol: 'A/B', status, top }, truth) };
}

/** Looks every 10 ms. */
function look(watched: WatchedBook, from: number, to: number): void {
  for (let now = from; now <= to; now += 10) watched.step(now);
}

describe('the checker', () => {
  it('finds a level that is missing, too many, or different', () => {
    const levels = levelsFromPairs(LEVELS);
    expect(differenceOf('bid', levels, LEVELS)).toBeUndefined();
    expect(differenceOf('bid', levels, [[10, 1]])).toBe('bid 1 is 9 x 2, should be undefined x undefined');
    expect(differenceOf('bid', levels, [...LEVELS, [8, 1]])).toBe('bid 2 is missing, should be 8 x 1');
    expect(differenceOf('bid', levels, [LEVELS[0], [9, 3]])).toBe('bid 1 is 9 x 2, should be 9 x 3');
  });

  it('counts a wrong book, and only while it says it is live', () => {
    for (const state of ['live', 'stale'] as const) {
      const { venue, watched } = scene(state);
      venue.bids = [[10, 1]];
      watched.compare(0);
      expect(watched.wrong.length).toBe(state === 'live' ? 1 : 0);
    }
  });

  it('counts a book that says it is live while the venue has long moved on', () => {
    const { venue, watched } = scene('live');
    look(watched, 0, 1_000);
    venue.lastId = 6;
    look(watched, 1_010, 2_500);
    expect(watched.shownStale).toEqual([]);
    look(watched, 2_510, 2_600);
    expect(watched.shownStale).toEqual(['x A/B at 2520: live at 5, the venue was at 6 1000 ms before']);
  });

  // SPEED_SEED=648712410: every live book of Bybit was called old, its messages being fewer than the changes of the venue.
  it('measures a book whose sequences count messages by the changes that they stand for', () => {
    const { venue, watched } = scene('live', (sequence) => 5e12 + sequence);
    look(watched, 0, 2_500);
    expect(watched.shownStale).toEqual([]);
    venue.lastId += 1;
    look(watched, 2_510, 4_100);
    expect(watched.shownStale).toEqual(['x A/B at 4020: live at 5, the venue was at 5000000000006 1000 ms before']);
  });

  it('counts a book that was mended without having been stale', () => {
    const { watched } = scene('live');
    const levels = levelsFromPairs(LEVELS);
    const at = { venue: 'x', symbol: 'A/B', venueSymbol: 'AB', venueTime: null, receivedAt: 0, sequence: 5, prevSequence: null };
    watched.event({ ...at, type: 'depth', kind: 'snapshot', bids: levels, asks: levels }, 10);
    expect(watched.shownStale).toEqual(['x A/B at 10: a snapshot came, and the book had been live until then']);
  });

  it('does not count a book that admits it', () => {
    const { venue, watched } = scene('stale');
    venue.lastId = 6;
    look(watched, 0, 5_000);
    expect(watched.shownStale).toEqual([]);
  });
});
