import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connector, eventToJson, SpeedError, type SpeedEvent, systemClock } from '@speed-protocol/core';
import binance from '@speed-protocol/exchange-binance';
import dialect from '@speed-protocol/exchange-binance/sim';
import { query, Recording, Replay, verify } from '@speed-protocol/history';
import { Plugins } from '@speed-protocol/host';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPersister, type RunningRecording, startRecording } from '../src/index.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SYMBOLS = [
  ['binance', 'BTC/USDT'],
  ['binanceusdm', 'BTC/USDT:USDT'],
] as const;

describe('the recorder on simulated venues', () => {
  let simulator: RunningSimulator;
  let plugins: Plugins;
  let folder: string;
  const connectors = new Map<string, Connector>();

  beforeAll(async () => {
    simulator = await startSimulator({
      dialects: [dialect],
      venues: ['binance', 'binanceusdm'],
      seed: 3,
      flow: { eventsPerSecond: 200 },
    });
    plugins = await Plugins.discover({ directories: [path.resolve(import.meta.dirname, '..')], conditions: ['@speed/source'] });
  });
  afterAll(() => simulator?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-recorder-'));
    for (const [venue] of SYMBOLS) {
      const origin = Object.values(simulator.ready.venues[venue]!.rest)[0]!;
      connectors.set(
        venue,
        binance.create(venue, { config: { environment: 'sim', origin }, clock: { ...systemClock } }) as Connector,
      );
    }
  });
  afterEach(async () => {
    for (const connector of connectors.values()) await connector[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (options: object = {}) =>
    startRecording({ plugins, to: path.join(folder, 'data'), thread: false, bookIntervalMs: 100, segmentMs: 500, ...options });

  /** Also hears what the recorder hears, to compare with what is stored. */
  const hear = async (venue: string, symbol: string, feed: 'depth' | 'trade') => {
    const heard: string[] = [];
    const subscription = await connectors
      .get(venue)!
      .market!.subscribe(feed, symbol, (event: SpeedEvent) => void heard.push(eventToJson(event)));
    return { heard, subscription };
  };

  const soon = (check: () => void) => vi.waitFor(check, { timeout: 300_000, interval: 20 });
  const until = (recording: RunningRecording, rows: number) =>
    soon(() => expect(recording.writer.status.acknowledged).toBeGreaterThan(rows));

  it('records several venues; verify finds no gap, the rows are what was received, replay and SQL agree', async () => {
    const recording = await start();
    for (const [venue, symbol] of SYMBOLS) await recording.recorder.add(connectors.get(venue)!, symbol);
    await recording.recorder.add(connectors.get('binance')!, 'BTC/USDT');
    const { heard, subscription } = await hear('binance', 'BTC/USDT', 'trade');
    await until(recording, 300);
    await soon(() => expect(heard.length).toBeGreaterThan(0));
    await subscription[Symbol.asyncDispose]();
    const live = SYMBOLS.map(([venue, symbol]) => ({ venue, symbol, book: 'live', problems: [] }));
    await soon(() => expect(recording.recorder.status.symbols).toMatchObject(live));
    await recording[Symbol.asyncDispose]();
    await recording[Symbol.asyncDispose]();

    const store = (await findPersister(plugins, folder)).manifest.create(path.join(folder, 'data'));
    const report = await verify(store);
    expect(report.problems).toEqual([]);
    expect(report.gaps).toEqual([]);
    expect(report.rows).toBe(recording.writer.status.acknowledged);
    const opened = await Recording.open(store);
    const replayed: string[] = [];
    const replay = new Replay(opened);
    await replay.connector('binance').market!.subscribe('trade', 'BTC/USDT', (event) => void replayed.push(eventToJson(event)));
    expect((await replay.connector('binance').reference.instrument('BTC/USDT')).tickSize).toMatch(/^[\d.]+$/);
    await replay.play();
    // Whole and in one piece, wherever the recording began and ended around it.
    expect(`\n${replayed.join('\n')}\n`).toContain(`\n${heard.join('\n')}\n`);
    const sql = "SELECT count(*)::INT AS n FROM trades WHERE exchange = 'binance'";
    for await (const counted of query(store, sql)) expect(counted).toEqual({ n: replayed.length });
    // Periodic books every 100 ms, ten levels, and equal to the book that the deltas give at that moment.
    let checked = 0;
    for await (const book of opened.books('binance', 'BTC/USDT')) {
      expect(book.bids.count).toBe(10);
      checked++;
    }
    expect(checked).toBeGreaterThan(2);
  });

  it('a cut is a listed gap, a restart another, and nothing else is', async () => {
    const first = await start();
    await first.recorder.add(connectors.get('binance')!, 'BTC/USDT', ['depth']);
    await until(first, 10);
    simulator.faults.inject({ kind: 'cut', venue: 'binance' });
    await soon(() => expect(first.writer.status.gaps).toBeGreaterThan(0));
    await until(first, first.writer.status.acknowledged + 10);
    await first[Symbol.asyncDispose]();
    const { gaps } = first.writer.status;
    const second = await start();
    await second.recorder.add(connectors.get('binance')!, 'BTC/USDT', ['depth']);
    await until(second, 10);
    await second[Symbol.asyncDispose]();
    const store = (await findPersister(plugins, folder)).manifest.create(path.join(folder, 'data'));
    const report = await verify(store);
    expect(report.problems).toEqual([]);
    expect(report.gaps).toHaveLength(gaps + 1);
    expect(report.gaps.at(-1)).toMatchObject({ reason: 'stopped', dataset: 'depth' });
  });

  it('says what it cannot do: symbol, dataset, interval, store', async () => {
    const recording = await start();
    const fails = async (promise: Promise<unknown>, kind: SpeedError['kind']) =>
      expect(SpeedError.is(await promise.catch((error: unknown) => error), kind)).toBe(true);
    await fails(recording.recorder.add(connectors.get('binance')!, 'BTC/USDX'), 'not-found');
    await fails(recording.recorder.add(connectors.get('binance')!, 'BTC/USDT', ['funding']), 'unsupported');
    await fails(start({ to: path.join(folder, 'other'), bookIntervalMs: 50 }), 'config');
    await fails(start({ to: 'gs://bucket/x' }), 'not-found');
    await fails(start(), 'unavailable');
    expect(recording.recorder.status.symbols).toEqual([]);
    await recording[Symbol.asyncDispose]();
  });
});
