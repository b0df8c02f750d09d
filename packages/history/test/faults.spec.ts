import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Persister, SpeedError } from '@speed-protocol/core';
import { describe, expect, it, vi } from 'vitest';
import { DATASET_NAMES } from '../src/datasets/table.js';
import { compact, Engine, HistoryWriter, loadManifests, verify } from '../src/index.js';
import { eventOf } from './support/child.js';
import { failingFiles, failingStore } from './support/failing.js';
import { useRecording } from './support/folders.js';
import { randomFrom, seedOf } from './support/random.js';
import { storedRows } from './support/read.js';

const away = () => new SpeedError('unavailable', 'the store is away');

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

describe('trouble with the disk and the store', () => {
  const { at, open } = useRecording();

  const expectExactlyOnce = async (seqs: Iterable<number>) => {
    const stored = await storedRows(at.store);
    for (const seq of seqs) expect(stored.get(seq)?.length, `row ${seq}`).toBe(1);
    expect([...stored.values()].every(({ length }) => length === 1)).toBe(true);
    return stored;
  };

  it.each([
    ['write', 2_000],
    ['write', 1_000_000],
    ['sync', 2_000],
    ['sync', 1_000_000],
    ['create', 2_000],
  ] as const)('a full disk at %s, segments of %d bytes: a clear state, then every row exactly once', async (call, room) => {
    let full = false;
    const { writer } = await open({
      files: failingFiles((now) => (full && now === call ? 'ENOSPC' : undefined)),
      segmentBytes: room,
    });
    const seqs: number[] = [];
    const push = (from: number, to: number) => {
      for (let n = from; n < to; n++) seqs.push(writer.push(eventOf(0, n)));
    };
    push(0, 100);
    await writer.flush();
    full = true;
    push(100, 200);
    if (call === 'create') await writer.rollNow().catch(() => undefined);
    await expect(writer.flush()).rejects.toThrow(/disk is full; free space/);
    expect(writer.status).toMatchObject({ state: 'full', problem: expect.stringContaining('disk is full') });
    push(200, 300);
    full = false;
    while (writer.status.state === 'full') await writer.flush().catch(() => undefined);
    push(300, 400);
    await writer.close();
    expect(writer.status).toMatchObject({ acknowledged: 400, dropped: 0 });
    await expectExactlyOnce(seqs);
    expect(await verify(at.store)).toMatchObject({ ok: true, gaps: [] });
  });

  it('rows that memory cannot hold while the disk is full become one listed gap per stream, with their number', async () => {
    let full = false;
    const { writer } = await open(
      { files: failingFiles((call) => (full && call === 'write' ? 'ENOSPC' : undefined)) },
      { bufferBytes: 3_000 },
    );
    full = true;
    const taken: number[] = [];
    for (let n = 0; n < 600; n++) taken.push(writer.push(eventOf(0, n)));
    const { dropped } = writer.status;
    expect(dropped).toBe(taken.filter((seq) => seq === 0).length);
    expect(dropped).toBeGreaterThan(100);
    full = false;
    while (writer.status.pendingRows > 0) await writer.flush().catch(() => undefined);
    // Depth goes on with a snapshot, as a live feed does after a gap.
    for (let n = 0; n < 6; n++) {
      const event = eventOf(1, n);
      writer.push(event);
    }
    await writer.close();
    const report = await verify(at.store);
    expect(report.problems).toEqual([]);
    expect(report.gaps).toHaveLength(6);
    expect(report.gaps.every(({ reason }) => reason === 'overflow')).toBe(true);
    expect(report.gaps.reduce((sum, { missed }) => sum + missed!, 0)).toBe(dropped);
    await expectExactlyOnce(taken.filter((seq) => seq !== 0));
  });

  it('a store that fails, before and after it really stored, makes the log grow and loses nothing', async () => {
    const seed = seedOf();
    console.log(`SPEED_SEED=${seed}`);
    const random = randomFrom(seed);
    let broken = true;
    const store = failingStore(at.store, () => {
      if (!broken && random() > 0.3) return undefined;
      return random() < 0.5 ? { before: away() } : { after: away() };
    });
    const { writer, engine } = await open({ store, segmentBytes: 5_000 });
    const seqs = Array.from({ length: 1500 }, (_, n) => writer.push(eventOf(0, n)));
    await writer.flush();
    await expect(engine.rollNow()).rejects.toThrow();
    expect(writer.status).toMatchObject({
      state: 'recording',
      acknowledged: 1500,
      store: { store: 'spilling', problem: 'the store is away' },
    });
    expect(writer.status.store.backlogBytes).toBeGreaterThan(5_000);
    broken = false;
    while (writer.status.store.backlogBytes > 0) await engine.rollNow().catch(() => undefined);
    await writer.close();
    await expectExactlyOnce(seqs);
    expect(await verify(at.store)).toMatchObject({ ok: true, gaps: [] });
  });

  it('a store that fails while it is read, or gives less than was asked for, is an error and not the end of the process', async () => {
    const { writer } = await open();
    const seqs: number[] = [];
    for (let file = 0; file < 3; file++) {
      for (let n = 0; n < 100; n++) seqs.push(writer.push(eventOf(0, 100 * file + n)));
      await writer.rollNow();
    }
    await writer.close();
    let trouble: 'fails' | 'short' | undefined;
    let reads = 0;
    const troubled: Persister = {
      ...failingStore(at.store, () => undefined),
      async get(key, options) {
        const hit = key.endsWith('.parquet') && trouble !== undefined && reads++ % 3 === 2;
        if (hit && trouble === 'fails') throw away();
        const bytes = await at.store.get(key, options);
        return hit ? bytes.subarray(0, bytes.length >> 1) : bytes;
      },
    };
    const [manifest] = (await loadManifests(troubled)).filter(({ dataset }) => dataset === 'depth');
    for (trouble of ['fails', 'short'] as const)
      for (let turn = 0; turn < 5; turn++)
        await expect(compact(troubled, manifest!, { before: Number.POSITIVE_INFINITY })).rejects.toThrow(/is away|ends at/);
    trouble = undefined;
    expect((await compact(troubled, manifest!, { before: Number.POSITIVE_INFINITY })).merged).toBeGreaterThan(0);
    await expectExactlyOnce(seqs);
  });

  it('a store that refuses for good stops the start with its own words', async () => {
    const refusing = failingStore(at.store, () => undefined);
    const store = { ...refusing, check: () => Promise.reject(new SpeedError('unauthorized', 'the secret key does not match')) };
    await expect(Engine.open({ store, spool: at.spool })).rejects.toThrow(/secret key/);
    // ... and leaves the folder free.
    await (await Engine.open({ store: at.store, spool: at.spool })).close();
  });

  it('a second recorder into the same folder is refused and names the first', async () => {
    const { writer } = await open();
    await expect(open()).rejects.toThrow(new RegExp(`Process ${process.pid} records into`));
    await writer.close();
    await (await open()).writer.close();
  });

  it('a spool that cannot be a folder is a clear error', async () => {
    await writeFile(at.spool, 'a file');
    await expect(open()).rejects.toThrow(/a file is in the way|part of the path is a file/);
    await expect(Engine.open({ store: at.store, spool: '/proc/speed' })).rejects.toThrow(/\/proc/);
  });

  /** The spool as a crash at this moment would leave it. */
  const crashCopy = async (name: string) => {
    const copy = path.join(at.folder, name);
    await cp(at.spool, copy, { recursive: true });
    await rm(path.join(copy, 'lock'), { force: true });
    return copy;
  };

  it('a crash between publishing and truncating the log doubles nothing, even after compaction', async () => {
    const { writer, engine } = await open();
    const seqs = Array.from({ length: 300 }, (_, n) => writer.push(eventOf(0, n)));
    await writer.flush();
    const before = await crashCopy('before');
    await writer.rollNow();
    seqs.push(...Array.from({ length: 300 }, (_, n) => writer.push(eventOf(0, n + 300))));
    await writer.rollNow();
    await engine.maintain({ before: Number.POSITIVE_INFINITY });
    await writer.close();
    // The log of the first half comes back from the dead.
    const again = await Engine.open({ store: at.store, spool: before });
    await again.rollNow();
    await again.close();
    await expectExactlyOnce(seqs);
    expect(await verify(at.store)).toMatchObject({ ok: true });
  });

  it('a crash between publishing files and their manifest entry doubles nothing', async () => {
    let crash: string | undefined;
    const store = failingStore(at.store, async (key) => {
      if (!key.startsWith('_manifest/') || crash !== undefined) return undefined;
      crash = await crashCopy('crash');
      return undefined;
    });
    const { writer } = await open({ store });
    const seqs = Array.from({ length: 300 }, (_, n) => writer.push(eventOf(0, n)));
    await writer.close();
    // What the store looked like at the crash: files, but no manifest.
    await rm(path.join(at.data, '_manifest'), { recursive: true });
    expect((await verify(at.store)).problems.every(({ kind }) => kind === 'unlisted-file')).toBe(true);
    const again = await Engine.open({ store: at.store, spool: crash! });
    await again.rollNow();
    await again.close();
    await expectExactlyOnce(seqs);
    expect(await verify(at.store)).toMatchObject({ ok: true, gaps: [] });
  });

  it('a damaged log gives every readable row, keeps the file, and lists exactly the hole', async () => {
    const { writer } = await open();
    const seqs: number[][] = [];
    for (let part = 0; part < 5; part++) {
      seqs.push(Array.from({ length: 60 }, (_, n) => writer.push(eventOf(0, part * 60 + n))));
      await writer.flush();
    }
    const spool = await crashCopy('damaged');
    await writer.close();
    await rm(at.data, { recursive: true });
    const name = (await readdir(spool)).find((file) => file.endsWith('.log'))!;
    const bytes = await readFile(path.join(spool, name));
    bytes[Math.floor(bytes.length * 0.5)]! ^= 4;
    await writeFile(path.join(spool, name), bytes);
    const engine = await Engine.open({ store: at.store, spool });
    await engine.rollNow();
    await engine.close();
    const stored = await storedRows(at.store);
    const missing = seqs.flat().filter((seq) => !stored.has(seq));
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(60);
    const report = await verify(at.store);
    expect(report.problems).toEqual([]);
    expect(report.gaps).toMatchObject([{ reason: 'damaged' }]);
    expect(await readdir(spool)).toContain(`${name}.damaged`);
  });

  it('a torn tail is cut and what was acknowledged before it is kept', async () => {
    const { writer } = await open();
    const seqs = Array.from({ length: 100 }, (_, n) => writer.push(eventOf(0, n)));
    await writer.flush();
    const spool = await crashCopy('torn');
    await writer.close();
    await rm(at.data, { recursive: true });
    const name = (await readdir(spool)).find((file) => file.endsWith('.log'))!;
    const bytes = await readFile(path.join(spool, name));
    await writeFile(path.join(spool, name), Buffer.concat([bytes, bytes.subarray(0, 777)]));
    const engine = await Engine.open({ store: at.store, spool });
    await engine.rollNow();
    await engine.close();
    await expectExactlyOnce(seqs);
  });

  it('sequences go up across runs even when the clock stands still', async () => {
    const clock = {
      now: () => 1_767_225_600_000,
      schedule: (ms: number, run: () => void) => clearTimer(setTimeout(run, Math.min(ms, 5))),
    };
    const seqs: number[] = [];
    for (let run = 0; run < 3; run++) {
      const engine = await Engine.open({ store: at.store, spool: at.spool, clock });
      const writer = new HistoryWriter(engine, { clock });
      for (let n = 0; n < 10; n++) seqs.push(writer.push(eventOf(run, n)));
      await writer.close();
    }
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
    expect(new Set(seqs).size).toBe(30);
    expect((await loadManifests(at.store)).length).toBe(DATASET_NAMES.length);
  });
});

const clearTimer = (timer: NodeJS.Timeout) => () => clearTimeout(timer);
