import type { Clock } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import { expect, it } from 'vitest';
import { eventOf } from '../test/support/child.js';
import { HistoryWriter, type RowStore } from './writer.js';

/** Timers that run when told to; those of the housekeeping (a second and more) stay out. */
function manualClock() {
  const timers: { ms: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => 1_767_225_600_000,
    schedule(ms, run) {
      const timer = { ms, run };
      if (ms < 1000) timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  };
  return { clock, timers };
}

/** Counts the batches; each ends when the test lets it. */
function heldStore() {
  const held: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const store = {
    status: {},
    opening: { last: new Map(), lastSeq: 0, tornBytes: 0 },
    append: () => new Promise<void>((resolve, reject) => held.push({ resolve, reject })),
    sealIfDue: () => Promise.resolve(),
  } as unknown as RowStore;
  return { store, held };
}

const MEGABYTE = 1 << 20;

function fill(writer: HistoryWriter, bytes: number): void {
  for (let k = 0; writer.status.pendingBytes < bytes; k++) writer.push(eventOf(0, k));
}

it('few rows wait for their group commit, a megabyte does not', () => {
  const { clock, timers } = manualClock();
  const { store, held } = heldStore();
  const writer = new HistoryWriter(store, { clock, commitMs: 250 });
  writer.push(eventOf(0, 0));
  expect(timers.map(({ ms }) => ms)).toEqual([250]);
  fill(writer, MEGABYTE);
  writer.push(eventOf(0, 1));
  expect(timers.map(({ ms }) => ms)).toEqual([0]);
  timers.shift()!.run();
  expect(held).toHaveLength(1);
  fill(writer, 3 * MEGABYTE);
  expect(timers, 'one commit at a time').toEqual([]);
});

it('what became much while a commit ran goes at once after it', async () => {
  const { clock, timers } = manualClock();
  const { store, held } = heldStore();
  const writer = new HistoryWriter(store, { clock });
  writer.push(eventOf(0, 0));
  const flushed = writer.flush();
  fill(writer, 2 * MEGABYTE);
  held.shift()!.resolve();
  await flushed;
  expect(timers.map(({ ms }) => ms)).toEqual([0]);
});

it('a full disk is asked again when its time comes, not with every row', async () => {
  const { clock, timers } = manualClock();
  const { store, held } = heldStore();
  const writer = new HistoryWriter(store, { clock, retryMs: 500 });
  writer.push(eventOf(0, 0));
  const flushed = writer.flush();
  held.shift()!.reject(new SpeedError('unavailable', 'full', { venueCode: 'ENOSPC', outcomeKnown: true }));
  await expect(flushed).rejects.toThrow('full');
  await Promise.resolve();
  fill(writer, 2 * MEGABYTE);
  expect(writer.status.state).toBe('full');
  expect(timers.map(({ ms }) => ms)).toEqual([500]);
});
