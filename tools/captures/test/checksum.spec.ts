import { OrderBook } from '@speed-protocol/book';
import { levelsFromPairs } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { bookChecksum, checksumOf } from '../src/checksum.js';

type Side = [number, number][];

function book(bids: Side, asks: Side): OrderBook {
  const made = new OrderBook();
  const at = { venue: 'okx', symbol: 'A/B', venueSymbol: 'A-B', venueTime: null, receivedAt: 0, sequence: 1, prevSequence: null };
  made.applyDepth({ ...at, type: 'depth', kind: 'snapshot', bids: levelsFromPairs(bids), asks: levelsFromPairs(asks) });
  return made;
}

// The two examples of the venue's documents.
it.each<[Side, Side, number]>([
  [
    [[3366.1, 7]],
    [
      [3366.8, 9],
      [3368, 8],
      [3372, 8],
    ],
    831078360,
  ],
  [
    [
      [3366.1, 7],
      [3366, 6],
    ],
    [
      [3366.8, 9],
      [3368, 8],
    ],
    -1881014294,
  ],
])('is the documented checksum', (bids, asks, expected) => {
  expect(bookChecksum(book(bids, asks))).toBe(expected);
});

it('prints small numbers without an exponent', () => {
  expect(bookChecksum(book([[1.74e-6, 5]], [[2e-7, 3]]))).toBe(bookChecksum(book([[0.00000174, 5]], [[0.0000002, 3]])));
});

it('reads what a frame carries; 0 is none', () => {
  expect(checksumOf('{"ts":"1","checksum":-980833328}')).toBe(-980833328);
  expect(checksumOf('{"ts":"1","checksum":0,"seqId":5}')).toBeUndefined();
  expect(checksumOf('{"ts":"1"}')).toBeUndefined();
});
