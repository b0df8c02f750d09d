import { expect, it, vi } from 'vitest';
import { BatchQueue } from './batch-queue.js';

it('hands over everything since the last read, in order', async () => {
  const queue = new BatchQueue<number>({ policy: 'lossless' });
  queue.push(1);
  queue.push(2);
  expect((await queue.next()).value).toEqual([1, 2]);
  const waiting = queue.next();
  queue.push(3);
  expect((await waiting).value).toEqual([3]);
});

it('replaces unread state of the same key and counts what it replaced', async () => {
  const queue = new BatchQueue<[string, number]>({ policy: 'conflate' });
  for (const event of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['a', 3],
  ] as [string, number][])
    queue.push(event, event[0]);
  expect((await queue.next()).value).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
  expect([queue.conflated, queue.dropped]).toEqual([2, 0]);
});

it('drops beyond its capacity, counts it, and puts a gap where the events were', async () => {
  const queue = new BatchQueue<number | string>({
    policy: 'lossless',
    capacity: 2,
    gap: (n, last) => `gap of ${n} until ${last}`,
  });
  for (const event of [1, 2, 3, 4]) queue.push(event);
  expect(queue.dropped).toBe(2);
  expect((await queue.next()).value).toEqual([1, 2, 'gap of 2 until 4']);
  queue.push(5);
  expect((await queue.next()).value).toEqual([5]);
});

it('fails when told to, after what it still holds has been read', async () => {
  const queue = new BatchQueue<number>({ policy: 'lossless', capacity: 1, overflow: 'fail' });
  queue.push(1);
  queue.push(2);
  expect((await queue.next()).value).toEqual([1]);
  await expect(async () => {
    while (!(await queue.next()).done);
  }).rejects.toMatchObject({ kind: 'unavailable' });
});

it('bounds the number of keys too', async () => {
  const queue = new BatchQueue<number>({ policy: 'conflate', capacity: 2 });
  for (const event of [1, 2, 3]) queue.push(event, event);
  expect(queue.dropped).toBe(1);
  expect((await queue.next()).value).toEqual([1, 2]);
});

it('keeps copies where events are views', async () => {
  const shared = { price: 1 };
  const queue = new BatchQueue<{ price: number }>({ policy: 'lossless', keep: (event) => ({ ...event }) });
  queue.push(shared);
  shared.price = 2;
  expect((await queue.next()).value).toEqual([{ price: 1 }]);
});

it('closes once: by break, by abort, by end', async () => {
  const onClose = vi.fn();
  const broken = new BatchQueue<number>({ policy: 'lossless', onClose });
  broken.push(1);
  for await (const batch of broken) {
    expect(batch).toEqual([1]);
    break;
  }
  await broken.return();
  expect(onClose).toHaveBeenCalledTimes(1);

  const controller = new AbortController();
  const aborted = new BatchQueue<number>({ policy: 'lossless', signal: controller.signal, onClose });
  const waiting = aborted.next();
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
  expect((await aborted.next()).done).toBe(true);
  expect(onClose).toHaveBeenCalledTimes(2);
});
