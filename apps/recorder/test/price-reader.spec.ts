import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { levelsFromPairs } from '@speed-protocol/core';
import { Engine, HistoryWriter } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../packages/history/test/support/bundle.js';
import { PriceReader, readPricesFrom } from '../src/price-reader.js';

const START = Date.UTC(2026, 0, 1);
const at = { venue: 'binance', symbol: 'BTC/USDT' };
const query = { ...at, from: START, until: START + 60_000, points: 50, recent: [[START + 59_999, 200, 201]] as const };

describe('recorded prices, read in a thread of their own', () => {
  let folder: string;
  let reader: PriceReader;
  let worker: Awaited<ReturnType<typeof bundle>>;
  let plugin: Awaited<ReturnType<typeof bundle>>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-prices-'));
    worker = await bundle(path.resolve(import.meta.dirname, '../src/price-worker.ts'));
    plugin = await bundle(path.resolve(import.meta.dirname, '../../../packages/history/test/support/local-plugin.ts'));
    const engine = await Engine.open({ store: local.create(path.join(folder, 'data')), spool: path.join(folder, 'spool') });
    const writer = new HistoryWriter(engine);
    for (let k = 0; k < 600; k++) {
      const time = START + 100 * k;
      const [bids, asks] = [levelsFromPairs([[100 + k / 10, 1]]), levelsFromPairs([[101 + k / 10, 1]])];
      writer.pushBook({ ...at, venueSymbol: 'BTCUSDT', venueTime: time, receivedAt: time }, { bids, asks, sequence: k });
    }
    await writer.close();
    const persister = pathToFileURL(plugin.file).href;
    reader = new PriceReader({ persister, location: path.join(folder, 'data'), config: undefined }, worker.file);
  }, 60_000);

  afterAll(async () => {
    await reader[Symbol.asyncDispose]();
    await worker[Symbol.asyncDispose]();
    await plugin[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('are what this thread reads, also when several ask at once', async () => {
    const here = await readPricesFrom(local.create(path.join(folder, 'data')), query);
    expect(here.points.length).toBeGreaterThan(40);
    expect(await Promise.all([reader.read(query), reader.read(query)])).toEqual([here, here]);
  });

  it('fail in the same words, and stop for whoever does not wait any longer', async () => {
    const unknown = { ...query, recent: [], symbol: 'ETH/USDT', until: query.from };
    expect((await reader.read(unknown)).points).toEqual([]);
    const stop = new AbortController();
    const read = reader.read(query, stop.signal);
    stop.abort();
    await expect(read).rejects.toMatchObject({ kind: 'aborted' });
    expect((await reader.read(query)).points.length).toBeGreaterThan(40);
    await using nowhere = new PriceReader(
      { persister: pathToFileURL(plugin.file).href, location: path.join(folder, 'nothing'), config: undefined },
      worker.file,
    );
    await expect(nowhere.read({ ...query, recent: [] })).rejects.toMatchObject({ kind: 'not-found' });
  });
});
