import { type DepthEvent, levelsToPairs } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { BookChanges } from './book.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const PLACE = { venue: 'ccxt:x', symbol: 'X/Y', venueSymbol: 'XY', receivedAt: 1 };
type Pairs = (readonly [number, number])[];

/** A small generator, so that a failure can be repeated. */
function randomOf(start: number): () => number {
  let state = start >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it(`changes between books make the same books, seed ${seed} (SPEED_SEED)`, () => {
  const random = randomOf(seed);
  const side = (sign: 1 | -1): Pairs => {
    const prices = new Set(Array.from({ length: Math.floor(random() * 8) }, () => Math.floor(random() * 12)));
    return [...prices].sort((a, b) => sign * (a - b)).map((price) => [price, 1 + Math.floor(random() * 3)] as const);
  };
  const changes = new BookChanges();
  const copy = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  for (let nonce = 1; nonce <= 500; nonce++) {
    const book = { bids: side(-1), asks: side(1), nonce };
    for (const event of changes.take(book, PLACE) as DepthEvent[]) {
      expect([event.kind, event.prevSequence]).toEqual(nonce === 1 ? ['snapshot', null] : ['delta', nonce - 1]);
      for (const name of ['bids', 'asks'] as const) {
        for (const [price, size] of levelsToPairs(event[name])) {
          if (size === 0) copy[name].delete(price);
          else copy[name].set(price, size);
        }
      }
    }
    for (const name of ['bids', 'asks'] as const) expect(copy[name]).toEqual(new Map(book[name]));
  }
});

it('tells a hole when ccxt has begun anew by itself, and nothing when nothing has changed', () => {
  const changes = new BookChanges();
  const book = { bids: [[1, 1]] as Pairs, asks: [[2, 1]] as Pairs, nonce: 10 };
  expect(changes.snapshot(PLACE)).toBeUndefined();
  expect(changes.take(book, PLACE)).toMatchObject([{ kind: 'snapshot', sequence: 10 }]);
  expect(changes.take(book, PLACE)).toEqual([]);
  expect(changes.take({ ...book, nonce: 4 }, PLACE)).toMatchObject([{ gap: 'sequence' }, { kind: 'snapshot', sequence: 4 }]);
  changes.close();
  expect(changes.snapshot(PLACE)).toBeUndefined();
  expect(changes.take({ ...book, nonce: 5 }, PLACE)).toMatchObject([{ kind: 'snapshot', sequence: 5 }]);
});
