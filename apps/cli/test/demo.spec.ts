import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@speed-protocol/client';
import type { Connector } from '@speed-protocol/core';
import binance from '@speed-protocol/exchange-binance';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstLine, interrupt, speed, start } from './harness.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe('speed demo records', () => {
  let folder: string;
  let demo: ChildProcess;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-demo-'));
  });
  afterEach(async () => {
    if (demo.exitCode === null) await interrupt(demo);
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (...args: string[]) => {
    demo = start(['demo', '--port', '0', '--seed', '3', '--json', ...args], folder);
    let stderr = '';
    demo.stderr!.setEncoding('utf8').on('data', (text) => (stderr += text));
    return { ready: JSON.parse(await firstLine(demo)), said: () => stderr };
  };

  /** Rows of plain SQL over the files themselves: no manifest, no view of ours. */
  const sql = async (text: string) => {
    const { stdout, stderr } = await speed(['query', text, '--json'], '', folder);
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const files = (dataset: string) => `read_parquet('data/${dataset}/**/*.parquet', hive_partitioning = true)`;

  it('into ./data: verify finds no gap, plain DuckDB reads it, and the rows are those that somebody else received', async () => {
    const { ready, said } = await open();
    expect(ready.recorded.symbols).toEqual([
      { venue: 'binance', symbol: 'BTC/USDT' },
      { venue: 'binanceusdm', symbol: 'BTC/USDT:USDT' },
      { venue: 'binancecoinm', symbol: 'BTC/USD:BTC' },
      { venue: 'bybit', symbol: 'BTC/USDT:USDT' },
      { venue: 'deribit', symbol: 'BTC/USD:BTC' },
      { venue: 'okx', symbol: 'BTC/USDT:USDT' },
    ]);
    const origin = Object.values(ready.sim.venues.binance.rest)[0] as string;
    const witness = binance.create('binance', { config: { environment: 'sim', origin } }) as Connector;
    const heard: string[] = [];
    const subscription = await witness.market!.subscribe('trade', 'BTC/USDT', (event) => {
      if (event.type === 'trade') heard.push(event.id);
    });
    await expect.poll(() => heard.length).toBeGreaterThan(20);
    await subscription[Symbol.asyncDispose]();
    await witness[Symbol.asyncDispose]();
    expect(await interrupt(demo)).toBe(0);
    const rows = Number(/recorded (\d+) rows/.exec(said())?.[1]);

    const verified = await speed(['verify', '--json'], '', folder);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, rows, gaps: [], problems: [] });
    expect(verified.code).toBe(0);
    // Liquidations are rare: perhaps there was none.
    const datasets = await readdir(path.join(folder, 'data')).then((names) => names.filter((name) => !name.startsWith('_')));
    const counts = datasets.map((name) => `SELECT count(DISTINCT seq) AS n FROM ${files(name)}`);
    expect(await sql(`SELECT sum(n)::INT AS n FROM (${counts.join(' UNION ALL ')})`)).toEqual([{ n: rows }]);
    const mixed = await speed(['record', '--venues', 'binance', '--symbols', 'BTC/USDT', '--environment', 'testnet'], '', folder);
    expect([mixed.code, mixed.stderr]).toEqual([1, expect.stringMatching(/holds a recording of the environment "sim"/)]);
    const stored = await sql(`SELECT id FROM ${files('trades')} WHERE exchange = 'binance' AND pair = 'BTC-USDT' ORDER BY seq`);
    const ids = stored.map(({ id }) => id);
    expect(ids.slice(ids.indexOf(heard[0]), ids.indexOf(heard.at(-1)) + 1)).toEqual(heard);
  });

  it('and its server starts, stops, tells and plots recordings', async () => {
    const { ready } = await open('--venues', 'binance', '--no-record');
    await using client = connect(ready.ws);
    expect(await client.call('recordings', {})).toMatchObject({ state: 'idle', symbols: [] });
    const at = { venue: 'binance', symbol: 'ETH/USDT' } as const;
    await client.call('start_recording', { ...at, datasets: ['orderbooks', 'trades'] });
    await client.call('start_recording', at);
    await vi.waitFor(
      async () => {
        const { state, rows, rowsPerSecond, symbols } = await client.call('recordings', {});
        expect([state, symbols.length, symbols[0]?.book]).toEqual(['recording', 1, 'live']);
        expect(Math.min(rows, rowsPerSecond, symbols[0]!.eventsPerSecond)).toBeGreaterThan(0);
      },
      { timeout: 300_000, interval: 50 },
    );
    await vi.waitFor(
      async () => {
        const { points, gaps, firstTime, lastTime } = await client.call('recorded_prices', { ...at, points: 100 });
        expect([points.length > 1, gaps]).toEqual([true, []]);
        for (const [time, bid, ask] of points) expect(bid < ask && time >= firstTime! && time <= lastTime!).toBe(true);
      },
      { timeout: 300_000, interval: 50 },
    );
    expect(await client.call('stop_recording', at)).toEqual({ wasRecording: true });
    expect(await client.call('stop_recording', at)).toEqual({ wasRecording: false });
    await expect(client.call('start_recording', { venue: 'binance', symbol: 'ETH/USDX' })).rejects.toThrow(/ETH\/USDT/);
    const day = 86_400_000;
    await expect(client.call('recorded_prices', { ...at, from: 0, until: 2 * day })).rejects.toThrow(/a day at a time/);
    await client[Symbol.asyncDispose]();
    expect(await interrupt(demo)).toBe(0);
    expect(JSON.parse((await speed(['verify', '--json'], '', folder)).stdout)).toMatchObject({ ok: true, gaps: [] });
    expect(await readdir(path.join(folder, 'data'))).toEqual(expect.arrayContaining(['orderbooks', 'trades']));
    expect(await readdir(path.join(folder, 'data'))).not.toContain('depth');
  });

  it('not when told so, and into no folder that cannot be one', async () => {
    await writeFile(path.join(folder, 'data'), 'a file');
    const { ready, said } = await open('--venues', 'binance');
    expect(ready.recorded).toBeNull();
    expect(said()).toMatch(/not recorded: .*data/);
    expect(await interrupt(demo)).toBe(0);
    const silent = await open('--venues', 'binance', '--no-record');
    expect(silent.ready.recorded).toBeNull();
    expect(await interrupt(demo)).toBe(0);
    expect(silent.said()).not.toMatch(/record/);
  });
});
