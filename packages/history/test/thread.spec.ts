import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { levelsFromPairs, SpeedError, type TradeEvent } from '@speed-protocol/core';
import { describe, expect, it, vi } from 'vitest';
import { Engine, EngineThread, HistoryWriter, verify } from '../src/index.js';
import { bundle } from './support/bundle.js';
import { eventOf } from './support/child.js';
import { failingStore } from './support/failing.js';
import { useRecording } from './support/folders.js';
import { storedRows } from './support/read.js';

// Hundreds of small files with an fsync each: slow on a busy disk.
vi.setConfig({ testTimeout: 300_000 });

describe('the engine in its own thread', () => {
  const { at } = useRecording();

  /** What a run leaves whose store is away and whose disk has flipped a bit. */
  async function leaveDamagedSegment(): Promise<void> {
    const store = failingStore(at.store, () => ({ before: new SpeedError('unavailable', 'the store is away') }));
    const engine = await Engine.open({ store, spool: at.spool });
    const writer = new HistoryWriter(engine);
    for (let n = 0; n < 300; n++) {
      writer.push(eventOf(1, n));
      if (n % 100 === 99) await writer.flush();
    }
    await engine.close(false);
    const [segment] = (await readdir(at.spool)).filter((name) => name.endsWith('.log'));
    const file = path.join(at.spool, segment!);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
  }

  it('records as it does in this one, and says what went wrong in the same words', async () => {
    await using worker = await bundle(path.resolve(import.meta.dirname, '../src/thread/worker.ts'));
    await using plugin = await bundle(path.resolve(import.meta.dirname, 'support/local-plugin.ts'));
    const options = { persister: pathToFileURL(plugin.file).href, location: at.data, spool: at.spool, entry: worker.file };
    const writer = new HistoryWriter(await EngineThread.open(options));
    const seqs = Array.from({ length: 5000 }, (_, n) => writer.push(eventOf(0, n)));
    await writer.flush();
    expect(writer.status).toMatchObject({ state: 'recording', acknowledged: 5000 });
    await expect(EngineThread.open(options)).rejects.toThrow(/records into/);
    // Deeper than what the two threads keep in common: memory of its own goes along, and goes away.
    const deep = levelsFromPairs(Array.from({ length: 20_000 }, (_, i) => [1 + i, 1]));
    for (let n = 0; n < 5; n++) seqs.push(writer.pushBook(eventOf(0, 0) as TradeEvent, { bids: deep, asks: deep, sequence: n }));
    await writer.rollNow();
    expect(writer.status.store.rows).toBe(5005);
    await writer.close();
    await writer.close();
    const stored = await storedRows(at.store);
    expect(seqs.every((seq) => stored.get(seq)?.length === 1)).toBe(true);
    expect(await verify(at.store)).toMatchObject({ ok: true, rows: 5005 });

    await leaveDamagedSegment();
    const lines: string[] = [];
    const say = (_: object, message?: string) => void lines.push(message ?? '');
    await using thread = await EngineThread.open({ ...options, logger: { debug: say, info: say, warn: say, error: say } });
    await thread.rollNow();
    expect(lines).toEqual([expect.stringMatching(/segment is damaged/)]);
  });
});
