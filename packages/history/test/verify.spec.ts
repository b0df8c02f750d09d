import { appendFile, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { levelsFromPairs, type SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it, vi } from 'vitest';
import { compact, loadManifests, Recording, verify } from '../src/index.js';
import { useRecording } from './support/folders.js';
import { randomEvents, seedOf } from './support/random.js';
import { storedRows } from './support/read.js';

const HOUR = 3_600_000;
const START = 1_767_225_600_000;

const depth = (sequence: number, prevSequence: number | null, time: number): SpeedEvent => ({
  type: 'depth',
  kind: prevSequence === null ? 'snapshot' : 'delta',
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: time,
  receivedAt: time,
  sequence,
  prevSequence,
  bids: levelsFromPairs([[100, sequence]]),
  asks: levelsFromPairs([]),
});

const trade = (i: number, time: number): SpeedEvent => ({
  type: 'trade',
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  venueTime: time,
  receivedAt: time,
  id: `${i}`,
  price: 100,
  size: 1,
  side: 'buy',
});

async function overwrite(file: string, at: number, text: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(text, at);
  await handle.close();
}

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

describe('verify', () => {
  const { at, open } = useRecording();
  const files = async () => {
    const all = await readdir(at.data, { recursive: true });
    return all
      .filter((name) => name.endsWith('.parquet'))
      .map((name) => path.join(at.data, name))
      .sort();
  };

  it('finds nothing wrong with an untouched recording, before and after compaction, and compaction leaves one file an hour', async () => {
    const seed = seedOf();
    console.log(`SPEED_SEED=${seed}`);
    const { writer } = await open({ segmentBytes: 30_000 });
    for (const event of randomEvents(seed, 2_000, START + HOUR - 20_000)) {
      // The generator numbers depth per symbol without breaks, but its gaps are of trades.
      if (writer.push(event) % 250 === 0) await writer.flush();
    }
    await writer.close();
    const before = await verify(at.store);
    expect(before.problems).toEqual([]);
    const rows = await storedRows(at.store);
    for (const manifest of await loadManifests(at.store)) await compact(at.store, manifest, { before: Number.POSITIVE_INFINITY });
    const after = await verify(at.store);
    expect(after.problems).toEqual([]);
    expect(after.rows).toBe(before.rows);
    expect(after.files).toBeLessThan(before.files);
    expect([...(await storedRows(at.store))].map(([seq, { length }]) => [seq, length]).sort()).toEqual(
      [...rows].map(([seq, { length }]) => [seq, length]).sort(),
    );
    const hours = new Map<string, number>();
    for (const { files: entries } of await loadManifests(at.store)) {
      for (const { key, firstTs } of entries.values()) {
        const hour = `${path.dirname(key)} ${Math.floor(firstTs / HOUR)}`;
        hours.set(hour, (hours.get(hour) ?? 0) + 1);
      }
    }
    expect([...hours.values()].every((count) => count === 1)).toBe(true);
    expect(await files()).toHaveLength(after.files);
  });

  it('a restart is one listed gap per stream, except where the venue proves that nothing was missed', async () => {
    for (const [first, last] of [
      [1, 5],
      [6, 9],
      [20, 22],
    ] as const) {
      const { writer } = await open();
      for (let i = first; i <= last; i++) {
        writer.push(depth(i, i === 1 || i === 20 ? null : i - 1, START + i * 1000));
        writer.push(trade(i, START + i * 1000));
      }
      await writer.close();
    }
    const report = await verify(at.store);
    expect(report.problems).toEqual([]);
    expect(
      report.gaps.map(({ dataset, reason, from, until, lastSequence, nextSequence }) => ({
        dataset,
        reason,
        from,
        until,
        lastSequence,
        nextSequence,
      })),
    ).toEqual([
      { dataset: 'trades', reason: 'stopped', from: START + 5000, until: START + 6000, lastSequence: null, nextSequence: null },
      { dataset: 'depth', reason: 'stopped', from: START + 9000, until: START + 20_000, lastSequence: 9, nextSequence: 20 },
      { dataset: 'trades', reason: 'stopped', from: START + 9000, until: START + 20_000, lastSequence: null, nextSequence: null },
    ]);
  });

  it('gaps before the first and behind the last row of a stream are replayed in their places', async () => {
    const { writer } = await open();
    const gap = { ...trade(0, START), type: 'gap', feed: 'trade', reason: 'disconnect' } as unknown as SpeedEvent;
    for (const event of [gap, trade(1, START + 1), gap, trade(2, START + 2), gap]) writer.push(event);
    await writer.close();
    const types: string[] = [];
    for await (const event of (await Recording.open(at.store)).events({ order: 'arrival' })) types.push(event.type);
    expect(types).toEqual(['gap', 'trade', 'gap', 'trade', 'gap']);
  });

  it('a hole in the venue sequence that nobody listed is a problem; a listed one is not', async () => {
    const { writer } = await open();
    writer.push(depth(1, null, START));
    writer.push(depth(2, 1, START + 1));
    writer.push({ ...depth(0, null, START + 2), type: 'gap', feed: 'depth', reason: 'sequence' } as SpeedEvent);
    writer.push(depth(7, null, START + 3));
    await writer.flush();
    await writer.rollNow();
    expect((await verify(at.store)).problems).toEqual([]);
    writer.push(depth(9, 8, START + 4));
    await writer.close();
    const report = await verify(at.store);
    expect(report.ok).toBe(false);
    expect(report.problems).toMatchObject(
      [{ kind: 'unlisted-gap', message: /from sequence 7 to 8/ }].map(({ kind }) => ({ kind })),
    );
    expect(report.problems[0]!.message).toMatch(/from sequence 7 to 8/);
  });

  const recorded = async () => {
    const { writer } = await open();
    for (let run = 0; run < 4; run++) {
      for (let i = 1; i <= 50; i++)
        writer.push(depth(run * 50 + i, run + i === 1 ? null : run * 50 + i - 1, START + run * HOUR + i));
      await writer.rollNow();
    }
    await writer.close();
    expect(await verify(at.store)).toMatchObject({ ok: true, rows: 200, files: 4 });
    return files();
  };

  it.each([
    [
      'a flipped byte',
      'damaged-file',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(file, bytes);
      },
    ],
    // In a page's header: the Parquet library ends the process over this one.
    ['nonsense near the start', 'damaged-file', (file: string) => overwrite(file, 60, 'XXXXXXXX')],
    ['a cut file', 'damaged-file', (file: string) => truncate(file, 100)],
    ['bytes behind the end', 'damaged-file', (file: string) => appendFile(file, 'x')],
    ['a deleted file', 'missing-file', (file: string) => rm(file)],
    ['a file that is no Parquet', 'damaged-file', (file: string) => writeFile(file, 'hello')],
    ['an empty file', 'damaged-file', (file: string) => writeFile(file, '')],
  ] as const)('%s is found and named', async (_, kind, harm) => {
    const [, second] = await recorded();
    await harm(second!);
    const report = await verify(at.store);
    expect(report.ok).toBe(false);
    expect(report.problems.map((problem) => problem.kind)).toContain(kind);
    expect(report.problems.every(({ where }) => second!.endsWith(where))).toBe(true);
  });

  it('a file and its manifest entry that vanish together break the chain of sequences', async () => {
    const all = await recorded();
    const folder = path.join(at.data, '_manifest/depth');
    const entries = (await readdir(folder)).sort();
    const entry = JSON.parse(await readFile(path.join(folder, entries[1]!), 'utf8')) as { adds: { key: string }[] };
    await rm(path.join(folder, entries[1]!));
    await rm(path.join(at.data, entry.adds[0]!.key));
    expect(all).toContain(path.join(at.data, entry.adds[0]!.key));
    expect((await verify(at.store)).problems.map(({ kind }) => kind)).toEqual(['unlisted-gap', 'unlisted-gap']);
  });

  it('a stray file is named', async () => {
    const [first] = await recorded();
    await writeFile(first!.replace('.parquet', '-copy.parquet'), await readFile(first!));
    expect((await verify(at.store)).problems).toMatchObject([{ kind: 'unlisted-file' }]);
  });
});
