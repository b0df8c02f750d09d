import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepEvent, levelsToPairs, type SpeedEvent } from '@speed-protocol/core';
import local from '@speed-protocol/persister-local';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Engine, HistoryWriter } from '../src/index.js';
import { randomEvents, seedOf } from './support/random.js';
import { storedRows } from './support/read.js';

/** An event as plain data, levels spelled out. */
export const plain = (event: SpeedEvent) =>
  event.type === 'depth' ? { ...event, bids: levelsToPairs(event.bids), asks: levelsToPairs(event.asks) } : event;

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

describe('what is pushed is what is stored', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-history-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('every event of every feed comes back exactly, once, under its sequence', async () => {
    const seed = seedOf();
    console.log(`SPEED_SEED=${seed}`);
    const store = local.create(path.join(folder, 'data'));
    const engine = await Engine.open({ store, spool: path.join(folder, 'spool'), segmentBytes: 200_000 });
    const writer = new HistoryWriter(engine);
    const pushed = new Map<number, SpeedEvent>();
    for (const event of randomEvents(seed, 8_000)) {
      pushed.set(writer.push(event), keepEvent(event));
      if (pushed.size % 1000 === 0) await writer.flush();
    }
    await writer.close();
    expect(writer.status.dropped).toBe(0);
    const stored = await storedRows(store);
    expect(stored.size).toBe(pushed.size);
    for (const [seq, event] of pushed) {
      const found = stored.get(seq);
      expect(found?.length, `rows under ${seq}`).toBe(1);
      expect(plain(found![0]!.event!)).toEqual(plain(event));
    }
    expect(engine.status.files).toBeGreaterThan(3);
    expect(engine.status.backlogBytes).toBe(0);
  });
});
