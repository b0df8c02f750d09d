import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inTurns } from './turns.js';

it('does one thing per turn of the event loop', async () => {
  const done: number[] = [];
  inTurns([1, 2, 3].values(), (each) => done.push(each));
  for (const count of [1, 2, 3, 3]) {
    expect(done).toHaveLength(count);
    await nextTurn();
  }
  expect(done).toEqual([1, 2, 3]);
});

it('does what is left when it has to be finished, each once', async () => {
  const done: number[] = [];
  const turns = inTurns([1, 2, 3].values(), (each) => done.push(each));
  turns.finish();
  expect(done).toEqual([1, 2, 3]);
  await nextTurn();
  turns.finish();
  expect(done).toEqual([1, 2, 3]);
});

it('leaves what is left, and what has gone in between', async () => {
  const things = new Map([1, 2, 3, 4].map((each) => [each, each]));
  const done: number[] = [];
  const turns = inTurns(things.values(), (each) => done.push(each));
  things.delete(2);
  await nextTurn();
  turns.cancel();
  await nextTurn();
  expect(done).toEqual([1, 3]);
});
