import { readFile } from 'node:fs/promises';
import { VirtualClock } from '@speed-protocol/simulator';
import { expect, it } from 'vitest';
import { VirtualTime } from '../src/virtual-time.js';

/** A run once said that orders were late by a minute: it had opened a journal while the disk was busy. */
it('lets no time pass while it is held', async () => {
  const time = new VirtualTime(new VirtualClock(0));
  await time.during(time.hold(readFile(import.meta.filename)));
  expect(time.now).toBe(0);
  await time.during(readFile(import.meta.filename));
  expect(time.now).toBeGreaterThan(0);
});
