import { expect, it } from 'vitest';
import { Cell, FrameBatch } from './cell.js';
import { Directory } from './directory.js';
import type { Gateway } from './gateway.js';

/** A server with two venues; what they answer is up to the test. */
function twoVenues() {
  const answers = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const call = (command: string, params: { venue?: string }) =>
    command === 'describe'
      ? Promise.resolve({ venues: [{ id: 'binance' }, { id: 'okx' }], refused: [] })
      : new Promise((resolve, reject) => answers.set(params.venue!, { resolve, reject }));
  const directory = new Directory({ call } as unknown as Gateway, new Cell(new FrameBatch(() => {})));
  return { directory, answers };
}

it('knows who has not answered yet: nothing to show is not the same as not asked', async () => {
  const { directory, answers } = twoVenues();
  expect(directory.unanswered).toEqual([]);
  const refreshed = directory.refresh();
  await expect.poll(() => answers.size).toBe(2);
  expect(directory.unanswered).toEqual(['binance', 'okx']);
  answers.get('okx')!.reject(new Error('is away'));
  await expect.poll(() => directory.unanswered).toEqual(['binance']);
  answers.get('binance')!.resolve({ instruments: [] });
  await refreshed;
  expect(directory.unanswered).toEqual([]);
  expect(directory.problems.get('okx')).toBe('is away');
});
