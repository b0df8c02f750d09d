import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Engine, HistoryWriter } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRows } from '../src/record/count.js';
import { eventOf } from '../src/record/events.js';

const ROWS = 120;

describe('the count of a record run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-count-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Two runs, as two recorders that crashed leave them: `close(false)` marks no end. */
  const record = async () => {
    for (const run of [0, 1]) {
      const engine = await Engine.open({ store: local.create(path.join(folder, 'data')), spool: path.join(folder, 'spool') });
      const writer = new HistoryWriter(engine);
      for (let n = 0; n < ROWS; n++) writer.push(eventOf(run, n));
      await writer.flush();
      await engine.close(false);
    }
    return path.join(folder, 'data');
  };

  it('is right for what is right', async () => {
    const data = await record();
    expect(await countRows(data, [ROWS - 1, ROWS - 1])).toEqual({
      acknowledged: 2 * ROWS,
      stored: 2 * ROWS,
      lost: 0,
      doubled: 0,
      gaps: 6,
      holes: 6,
      problems: [],
    });
  });

  it('sees rows that were acknowledged and are not there, rows that are there twice, and a hole that nobody listed', async () => {
    const data = await record();
    expect(await countRows(data, [ROWS + 4, ROWS - 1])).toMatchObject({ lost: 5, doubled: 0 });
    const files = (await readdir(data, { recursive: true })).filter((name) => name.endsWith('.parquet'));
    const trades = path.join(data, files.find((name) => name.startsWith('trades'))!);
    await copyFile(trades, trades.replace('.parquet', '-again.parquet'));
    expect((await countRows(data, [ROWS - 1, ROWS - 1])).doubled).toBe(ROWS / 6);
    await rm(path.join(data, 'gaps', '..', files.find((name) => name.startsWith('gaps'))!));
    expect(await countRows(data, [ROWS - 1, ROWS - 1])).toMatchObject({ gaps: 4, holes: 6 });
  });
});
