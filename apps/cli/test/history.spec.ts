import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connector, eventToJson } from '@speed-protocol/core';
import binance from '@speed-protocol/exchange-binance';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { firstLine, interrupt, linesOf, speed, start } from './harness.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe('speed record, verify, query, replay', () => {
  let folder: string;
  let simulator: ReturnType<typeof start>;
  let record: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-cli-'));
    simulator = start(['sim', '--venues', 'binance', '--seed', '4', '--json'], folder);
    const { venues } = JSON.parse(await firstLine(simulator));
    const origin = new URL(Object.values(venues.binance.rest)[0] as string).origin;
    record = ['record', '--venues', 'binance', '--symbols', 'BTC/USDT', '--origin', origin, '--segment-seconds', '1', '--json'];
  });
  afterAll(async () => {
    await interrupt(simulator);
    await rm(folder, { recursive: true, force: true });
  });

  it('a recording is proven, counted in SQL and replayed to the same bytes; a crash is a listed gap, damage is exit code 1', async () => {
    const recorded = await speed([...record, '--duration', '3'], '', folder);
    expect(recorded.stderr).toBe('');
    const last = JSON.parse(recorded.stdout.trim().split('\n').at(-1)!);
    expect(last).toMatchObject({ done: true, gaps: 0, dropped: 0, backlogBytes: 0 });

    const verified = await speed(['verify', '--json'], '', folder);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, rows: last.rows, gaps: [], problems: [] });
    const counted = await speed(['query', 'SELECT count(DISTINCT seq)::INT AS n FROM depth', '--json'], '', folder);
    const replayed = await speed(['replay', './data', '--datasets', 'depth'], '', folder);
    expect(replayed.stdout.trim().split('\n')).toHaveLength(JSON.parse(counted.stdout).n);
    expect((await speed(['replay', './data', '--datasets', 'depth'], '', folder)).stdout).toBe(replayed.stdout);

    // Out through the venue's wire, into a connector that takes it for the venue: the trades are those of the recording.
    const wire = start(['replay', './data', '--datasets', 'trades', '--wire', '--speed', '100', '--json'], folder);
    const lines = linesOf(wire);
    const { venues } = JSON.parse((await lines.next()).value!);
    const origin = venues.binance.rest.public;
    const connector = binance.create('binance', { config: { environment: 'sim', origin } }) as Connector;
    const heard: string[] = [];
    await connector.market!.subscribe('trade', 'BTC/USDT', (event) => {
      // At the end the venue goes away: that is a gap, and no trade.
      if (event.type === 'trade') heard.push(eventToJson(event));
    });
    const { events, messages } = JSON.parse((await lines.next()).value!);
    const trades = (await speed(['replay', './data', '--datasets', 'trades'], '', folder)).stdout.trim().split('\n');
    await expect.poll(() => heard).toEqual(trades);
    expect([events, messages]).toEqual([trades.length, trades.length]);
    await connector[Symbol.asyncDispose]();

    const crashing = start(record, folder);
    await firstLine(crashing);
    crashing.kill('SIGKILL');
    const after = await speed(['verify', '--json'], '', folder);
    const report = JSON.parse(after.stdout);
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(new Set(report.gaps.map(({ reason }: { reason: string }) => reason))).toEqual(new Set(['stopped']));

    const files = await readdir(path.join(folder, 'data'), { recursive: true });
    await appendFile(path.join(folder, 'data', files.find((name) => name.endsWith('.parquet'))!), 'x');
    const damaged = await speed(['verify'], '', folder);
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toMatch(/damaged-file: .*ends at \d+, where \d+ bytes were written/);
  });

  it.each([
    [['verify', './nothing'], 1, /holds no recording/],
    [['verify', './data', '--datasets', 'tradez'], 2, /did you mean "trades"/],
    [['verify', 'gs://bucket'], 1, /No installed plugin stores to/],
    [['verify', '--from', 'yesterday'], 2, /expected a time/],
    [['query', 'SELECT', '--data', './nothing'], 1, /./],
    [['replay', './nothing'], 1, /holds no recording/],
    [['replay', '--speed', '0'], 2, /above 0/],
    [['record', '--symbols', 'BTC/USDT'], 2, /--venues/],
    [['record', '--venues', 'binance', '--symbols', 'BTC/USDT', '--interval', '50'], 2, /100 or more/],
  ] as const)('%j fails with a reason', async (args, code, words) => {
    const finished = await speed(args, '', folder);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(words);
  });

  it('a symbol that no venue has is named with the nearest one', async () => {
    const finished = await speed(
      record.map((word) => (word === 'BTC/USDT' ? 'BTC/USDX' : word)),
      '',
      folder,
    );
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(/did you mean BTC\/USDT/);
  });
});
