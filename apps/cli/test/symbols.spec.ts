import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Connector } from '@speed-protocol/core';
import { Plugins, SymbolDirectory } from '@speed-protocol/host';
import { type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../src/main.js';
import { findDialects } from '../src/running/dialects.js';

const folder = mkdtempSync(path.join(tmpdir(), 'speed-symbols-'));
const config = path.join(folder, 'speed.json');
let plugins: Plugins;
let sim: RunningSimulator;
let venues: Record<string, { readonly environment: string; readonly origin: string }>;

beforeAll(async () => {
  plugins = await Plugins.discover({ directories: [path.join(import.meta.dirname, '..')], conditions: ['@speed/source'] });
  const dialects = await findDialects(plugins, undefined);
  sim = await startSimulator({ dialects, seed: 7, symbols: 1, clock: 'virtual', warmupMs: 1_000 });
  const origin = (rest: object) => new URL(Object.values(rest)[0] as string).origin;
  const rows = Object.entries(sim.ready.venues).map(([venue, { rest }]) => [venue, { environment: 'sim', origin: origin(rest) }]);
  venues = Object.fromEntries(rows);
  writeFileSync(config, JSON.stringify({ venues, assets: { okx: { DOGE: 'OTHERDOGE' } } }));
  vi.stubEnv('SPEED_CACHE', path.join(folder, 'cache'));
});
afterAll(async () => {
  await sim.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The command, in this process: what starting it takes is measured elsewhere. */
async function symbols(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const console = { stdin: Readable.from([]), stdout, stderr, signal: new AbortController().signal };
  const code = await run(['symbols', ...args, '--config', config], console);
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

describe('names of every installed venue', () => {
  it('map to the other name and back to the same instrument', async () => {
    const listings = await Promise.all(
      Object.entries(venues).map(async ([venue, config]) => {
        const manifest = await plugins.manifest(venue);
        await using connector = manifest.create(venue, { config, clock: sim.clock }) as Connector;
        return { venue, instruments: await connector.reference.instruments() };
      }),
    );
    expect(listings.map(({ venue }) => venue)).toEqual(expect.arrayContaining(['binance', 'okx']));
    const names = new SymbolDirectory(listings);
    for (const { venue, instruments } of listings) {
      expect(instruments.length, venue).toBeGreaterThan(5);
      for (const instrument of instruments) {
        const { symbol, venueSymbol, kind } = instrument;
        expect(names.resolve(venue, names.resolve(venue, symbol).venueSymbol, kind), symbol).toBe(instrument);
        expect(names.resolve(venue, names.resolve(venue, venueSymbol, kind).symbol), venueSymbol).toBe(instrument);
      }
    }
  });
});

describe('speed symbols across venues', () => {
  const venueSymbols = (rows: readonly { readonly venue: string; readonly venueSymbol: string }[]) =>
    rows.map(({ venue, venueSymbol }) => `${venue} ${venueSymbol}`);

  const THREE = ['--venues', 'binance,binanceusdm,okx'];

  it('keeps listings on disk, says what is new, and tells their age', async () => {
    const first = await symbols('sync', 'binance', 'binanceusdm', 'okx', '--json');
    expect(first.code).toBe(0);
    const rows = JSON.parse(first.stdout) as { venue: string; stale: boolean; from: string; change: unknown }[];
    expect(rows).toMatchObject(
      ['binance', 'binanceusdm', 'okx'].map((venue) => ({ venue, from: 'venue', stale: false, change: null })),
    );
    const again = await symbols('sync', 'okx', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject([{ change: { added: [], removed: [], changed: [] } }]);
    const kept = await symbols('map', 'okx', 'BTC-USDT-SWAP');
    expect([kept.code, kept.stdout]).toEqual([0, 'BTC/USDT:USDT\n']);
    expect(kept.stderr).toMatch(/^age of listings: okx \d+ s; /);
  });

  it('finds the same instrument on all of them, and by their prices too', async () => {
    const { code, stdout, stderr } = await symbols('map', 'BTC/USDT:USDT', '--prices', '--json', ...THREE);
    expect([code, stderr]).toEqual([0, expect.stringContaining('prices: 2 of 2 compared, 0 too far off')]);
    const { same, refused, missing } = JSON.parse(stdout);
    expect(venueSymbols(same)).toEqual(['binanceusdm BTCUSDT', 'okx BTC-USDT-SWAP']);
    expect([refused, missing]).toEqual([[], ['binance']]);
  });

  it('refuses bundles and other coins as the same, and says why', async () => {
    const bundles = await symbols('map', '1000PEPE/USDT:USDT', ...THREE);
    expect(bundles.code).toBe(0);
    expect(bundles.stdout).toMatch(
      /^binanceusdm .*1000 PEPE[\s\S]*\nNot the same:\n.*\nokx .*PEPE-USDT-SWAP .*prices are 1000 times as small/m,
    );
    const coins = JSON.parse((await symbols('map', 'DOGE/USDT:USDT', '--json', ...THREE)).stdout);
    expect(venueSymbols(coins.same)).toEqual(['binanceusdm DOGEUSDT']);
    expect(coins.refused).toMatchObject([
      { venue: 'okx', coin: 'OTHERDOGE', reason: expect.stringContaining('your configuration') },
    ]);
    const known = JSON.parse((await symbols('clashes', '--json', ...THREE)).stdout) as { venue: string; code: string }[];
    expect(known.map(({ venue, code }) => `${venue} ${code}`)).toEqual(['binanceusdm 1000PEPE', 'okx DOGE']);
  });

  it('says where a coin is tradable and as what, and whose an id is', async () => {
    const { code, stdout } = await symbols('where', 'BTC', 'perp', '--settle', 'USDT', '--json', ...THREE);
    expect(code).toBe(0);
    const { found } = JSON.parse(stdout);
    expect(found).toMatchObject([
      { venue: 'binanceusdm', venueSymbol: 'BTCUSDT', inverse: false, contractSize: '1', settle: 'USDT' },
      { venue: 'okx', venueSymbol: 'BTC-USDT-SWAP', inverse: false, contractSize: '0.01', minAmount: '0.01' },
    ]);
    const ids = JSON.parse((await symbols('map', 'BTCUSDT', '--json', ...THREE)).stdout);
    expect(ids.found.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTC/USDT', 'BTC/USDT:USDT']);
  });

  it('answers wrong and impossible questions with the exit code', async () => {
    const nowhere = await symbols('map', 'BTC/USDT:USDR', ...THREE);
    expect([nowhere.code, nowhere.stdout]).toEqual([1, '']);
    expect(nowhere.stderr).toContain('did you mean "BTC/USDT:USD');
    for (const [args, why] of [
      [['where', 'BTC', 'perpetul'], /expected spot, perpetual, future, option/],
      [['map', 'BTC/USDT', '--venues', 'okey'], /no installed plugin has a venue "okey"/i],
      [['map', 'okx', 'BTC/USDT', '--prices'], /leave out the venue/],
      [['sync', '--offline'], /leave out --origin and --offline/],
    ] as const) {
      const { code, stderr } = await symbols(...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(why)]);
    }
  });

  it('uses what is kept when a venue is away, says that it is stale, and fails where nothing is kept', async () => {
    await sim.close();
    const stale = await symbols('map', 'BTC/USDT:USDT', '--max-age', '0', '--json', '--venues', 'okx');
    expect([stale.code, stale.stderr]).toEqual([
      0,
      expect.stringMatching(/^STALE: the listing of okx is \d+ s old; .*ECONNREFUSED/),
    ]);
    expect(JSON.parse(stale.stdout).listings).toMatchObject([{ venue: 'okx', stale: true, from: 'cache' }]);
    expect((await symbols('sync', 'okx')).code).toBe(1);
    vi.stubEnv('SPEED_CACHE', path.join(folder, 'nothing'));
    const none = await symbols('where', 'BTC', 'spot', '--venues', 'okx', '--offline');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('speed symbols sync okx')]);
  });
});
