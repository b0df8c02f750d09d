import { describe, expect, it } from 'vitest';
import { SEED } from '../../test/engine-model.js';
import { SPOT, testVenue } from '../../test/market.js';
import { Random } from '../random.js';
import type { BookState, LevelTotal } from './book.js';
import type { Market } from './market.js';

type Sides = { bids: Map<number, number>; asks: Map<number, number> };

/** What a client does: a snapshot, then differences. */
class Follower {
  readonly #sides: Sides;
  sequence: number;

  constructor(market: Market, mark: boolean) {
    this.sequence = mark ? market.book.mark() : market.book.lastId;
    const { bids, asks } = market.book.top(Number.POSITIVE_INFINITY);
    this.#sides = { bids: new Map(bids), asks: new Map(asks) };
  }

  follow(market: Market): { first: number; last: number } | undefined {
    const changes = market.book.changesSince(this.sequence);
    if (!changes) return undefined;
    for (const side of ['bids', 'asks'] as const) {
      for (const [price, size] of changes[side]) {
        if (size === 0) this.#sides[side].delete(price);
        else this.#sides[side].set(price, size);
      }
    }
    this.sequence = changes.last;
    return changes;
  }

  state(): BookState {
    const sorted = (map: Map<number, number>, sign: number): LevelTotal[] => [...map].sort((a, b) => sign * (a[0] - b[0]));
    return { sequence: this.sequence, bids: sorted(this.#sides.bids, -1), asks: sorted(this.#sides.asks, 1) };
  }
}

describe('SequencedBook', () => {
  it('differences rebuild the book from any snapshot, at any pace, and equal the book of that sequence afterwards', () => {
    const venue = testVenue({}, { seed: SEED });
    const market = venue.market('BTCUSDT')!;
    const random = new Random(SEED, 'test');
    const followers: Follower[] = [];
    const states: BookState[] = [];
    for (let i = 0; i < 400; i++) {
      venue.clock.advance(random.integer(1, 200));
      if (random.chance(0.1)) followers.push(new Follower(market, random.chance(0.5)));
      for (const follower of followers) if (random.chance(0.5) && follower.follow(market)) states.push(follower.state());
    }
    expect(states.length).toBeGreaterThan(1000);
    const wrong = states.filter((state) => JSON.stringify(market.book.at(state.sequence)) !== JSON.stringify(state));
    expect(wrong).toEqual([]);
  });

  it('forgets what the log does not hold, and says so', () => {
    const venue = testVenue({}, { historyChanges: 500 });
    const market = venue.market('BTCUSDT')!;
    const early = market.book.lastId;
    expect(market.book.at(early)).toBeDefined();
    venue.clock.advance(60_000);
    expect(market.book.at(early)).toBeUndefined();
    expect(market.book.at(market.book.oldestSequence)).toBeDefined();
    expect(market.book.at(market.book.oldestSequence - 1)).toBeUndefined();
  });

  it('goes by the numbers that a dialect gives its messages', () => {
    const venue = testVenue();
    const { book } = venue.market('BTCUSDT')!;
    const before = book.at(book.lastId)!;
    book.name(7);
    venue.clock.advance(5_000);
    expect(book.lastId).toBeGreaterThan(before.sequence);
    expect(book.at(7)).toEqual({ ...before, sequence: 7 });
    expect([book.idOf(7), book.idOf(book.lastId)]).toEqual([before.sequence, book.lastId]);
    book.name(7);
    expect(book.at(7)).toEqual({ ...book.at(book.lastId)!, sequence: 7 });
  });

  it('numbers contiguously where the venue does', () => {
    const venue = testVenue({ sequence: 'contiguous', listing: () => [SPOT] });
    const market = venue.market('BTCUSDT')!;
    const follower = new Follower(market, false);
    for (let i = 0, last = follower.sequence; i < 100; i++) {
      venue.clock.advance(100);
      const range = follower.follow(market);
      if (!range) continue;
      expect(range.first).toBe(last + 1);
      last = range.last;
    }
  });

  it('a marked snapshot lies strictly inside the next difference', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    let last = market.book.lastId;
    for (let i = 0; i < 50; i++) {
      const mark = market.book.mark();
      venue.clock.advance(1000);
      const range = market.book.changesSince(last)!;
      expect(range.first).toBeLessThanOrEqual(mark);
      expect(range.last).toBeGreaterThan(mark);
      last = range.last;
    }
  });
});
