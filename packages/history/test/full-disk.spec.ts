import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import local from '@speed-protocol/persister-local';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Engine, HistoryWriter, verify } from '../src/index.js';
import { eventOf } from './support/child.js';
import { storedRows } from './support/read.js';

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

/** A disk of 3 MB in memory, where the system lets us mount one. */
const disk = mkdtempSync(path.join(tmpdir(), 'speed-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status === 0;

describe.skipIf(!mounted)('a disk that is really full (needs the right to mount a tmpfs: run as root)', () => {
  afterAll(() => {
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('is a clear state; once there is room everything that was taken is stored exactly once', async () => {
    const ballast = path.join(disk, 'ballast');
    await writeFile(ballast, new Uint8Array(2 << 20));
    const store = local.create(path.join(disk, 'data'));
    const engine = await Engine.open({ store, spool: path.join(disk, 'spool'), segmentBytes: 200_000, retryMs: 20 });
    const writer = new HistoryWriter(engine, { commitMs: 1, retryMs: 20 });
    const seqs: number[] = [];
    while (writer.status.state === 'recording') {
      for (let k = 0; k < 200; k++) seqs.push(writer.push(eventOf(0, seqs.length)));
      await writer.flush().catch(() => undefined);
    }
    expect(writer.status).toMatchObject({ state: 'full', problem: expect.stringMatching(/disk is full; free space/) });
    const { acknowledged } = writer.status;
    await expect(writer.flush()).rejects.toThrow(/ENOSPC/);
    await rm(ballast);
    while (writer.status.acknowledged < seqs.length) await writer.flush().catch(() => undefined);
    await writer.close();
    expect(acknowledged).toBeGreaterThan(0);
    expect(writer.status).toMatchObject({ acknowledged: seqs.length, dropped: 0 });
    const stored = await storedRows(store);
    for (const seq of seqs) expect(stored.get(seq)?.length, `row ${seq}`).toBe(1);
    expect(await verify(store)).toMatchObject({ ok: true, gaps: [] });
  });
});
