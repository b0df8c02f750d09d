import type { BookMessage } from '@speed-protocol/protocol';
import { describe, expect, it } from 'vitest';
import { bookAge, FRESHNESS_TEXT, freshness, isOld } from './freshness.js';

const book = (state: BookMessage['state'], ageMs: number | null = 5): BookMessage => ({
  type: 'book',
  channel: 'book:binance:BTC/USDT',
  venue: 'binance',
  symbol: 'BTC/USDT',
  state,
  sequence: 1,
  ageMs,
  gaps: 0,
  resyncs: 0,
  venueTime: null,
  receivedAt: null,
  bids: [],
  asks: [],
});

describe('freshness', () => {
  it.each([
    ['live', true, 'live'],
    ['stale', true, 'stale'],
    ['syncing', true, 'syncing'],
    ['live', false, 'disconnected'],
  ] as const)('a %s book with connection %s is %s', (state, connected, expected) => {
    expect(freshness({ book: book(state), connected })).toBe(expected);
  });

  it('waits while there is no book', () => {
    expect(freshness({ book: null, connected: true })).toBe('waiting');
    expect(freshness({ book: null, connected: false })).toBe('waiting');
  });

  it('says STALE on everything that had prices and may be old', () => {
    expect(['stale', 'disconnected'].map((state) => FRESHNESS_TEXT[state as 'stale'].stamp)).toEqual(['STALE', 'STALE']);
    expect((['waiting', 'syncing', 'stale', 'disconnected'] as const).every(isOld)).toBe(true);
    expect(isOld('live')).toBe(false);
  });

  it('lets the age grow between messages', () => {
    expect(bookAge({ book: book('live', 40), arrivedAt: 1000, now: 1500 })).toBe(540);
    expect(bookAge({ book: book('syncing', null), arrivedAt: 1000, now: 1500 })).toBeNull();
    expect(bookAge({ book: null, arrivedAt: 0, now: 1500 })).toBeNull();
  });
});
