import { expect, it } from 'vitest';
import { SentIds } from './sent-ids.js';

it('an id is good for one sending, until it is proven that no order came of it', () => {
  const ids = new SentIds('v');
  expect(ids.claim('a')).toBeUndefined();
  expect(ids.claim('a')).toMatchObject({ kind: 'duplicate', outcomeKnown: true });
  expect(ids.claim('b')).toBeUndefined();
  ids.release('a');
  expect(ids.claim('a')).toBeUndefined();
});

it('forgets the oldest first', () => {
  const ids = new SentIds('v');
  for (let i = 0; i <= 100_000; i++) ids.claim(String(i));
  expect(ids.claim('100000')).toBeDefined();
  expect(ids.claim('1')).toBeDefined();
  expect(ids.claim('0')).toBeUndefined();
});
