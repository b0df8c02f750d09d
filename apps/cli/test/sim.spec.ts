import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstLine, interrupt, linesOf, speed, start } from './harness.js';

interface Ready {
  readonly ready: true;
  readonly seed: number;
  readonly venues: Record<string, { rest: { public: string }; ws: Record<string, string>; symbols: string[] }>;
}

let sim: ChildProcess;
let ready: Ready;

beforeAll(async () => {
  sim = start(['sim', '--venues', 'binance,binanceusdm', '--seed', '7', '--symbols', 'BTC/USDT,BTC/USDT:USDT', '--json']);
  ready = JSON.parse(await firstLine(sim)) as Ready;
});
afterAll(async () => {
  if (sim.exitCode === null) await interrupt(sim);
});

const at = (venue: string) => ['--origin', ready.venues[venue]?.rest.public as string];

describe('speed sim, and the commands that look at it', () => {
  it('prints one JSON line when it is ready', () => {
    expect(ready).toMatchObject({ ready: true, seed: 7 });
    expect(Object.keys(ready.venues)).toEqual(['binance', 'binanceusdm']);
    expect(ready.venues['binanceusdm']?.symbols).toEqual(['BTC/USDT:USDT']);
    expect(ready.venues['binance']?.rest.public).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ready.venues['binance']?.ws['public']).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  });

  it('lists its instruments, filtered', async () => {
    const { code, stdout, stderr } = await speed(['symbols', 'binance', 'btc', ...at('binance')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SYMBOL +ID +KIND/);
    expect(stdout).toMatch(/^BTC\/USDT +BTCUSDT +spot +open/m);
    expect(stdout).not.toContain('ETH/USDT');
    expect(stderr).toMatch(/^\d+ of \d+ instruments of binance$/m);
  });

  it('maps symbols in both directions and names the nearest one', async () => {
    expect((await speed(['symbols', 'map', 'binanceusdm', 'BTCUSDT', ...at('binanceusdm')])).stdout).toBe('BTC/USDT:USDT\n');
    expect((await speed(['symbols', 'map', 'binanceusdm', 'BTC/USDT:USDT', ...at('binanceusdm')])).stdout).toBe('BTCUSDT\n');
    const wrong = await speed(['symbols', 'map', 'binanceusdm', 'BTC/USDT:USD', ...at('binanceusdm')]);
    expect([wrong.code, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toContain('did you mean "BTC/USDT:USDT"?');
  });

  it('prints a live book once, as a ladder and as JSON', async () => {
    const ladder = await speed(['book', 'binanceusdm', 'BTC/USDT:USDT', '--once', '--depth', '5', ...at('binanceusdm')]);
    expect([ladder.code, ladder.stderr]).toEqual([0, '']);
    expect(ladder.stdout).toMatch(/^BTC\/USDT:USDT {2}binanceusdm\nLIVE {2}age \d+ ms {2}gaps 0 {2}resyncs 0 {2}sequence \d+\n/);
    expect(ladder.stdout).not.toContain('\u001b');
    expect(ladder.stdout.trimEnd().split('\n')).toHaveLength(4 + 5 + 1 + 5);
    const json = await speed(['book', 'binance', 'BTCUSDT', '--once', '--depth', '3', '--json', ...at('binance')]);
    const book = JSON.parse(json.stdout) as { state: string; bids: [number, number][]; asks: [number, number][] };
    expect(book).toMatchObject({ venue: 'binance', symbol: 'BTC/USDT', state: 'live', gaps: 0 });
    expect([book.bids.length, book.asks.length]).toEqual([3, 3]);
    expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] as number);
  });

  it('prints plain books again and again without a terminal, until Ctrl-C', async () => {
    const child = start(['book', 'binance', 'BTC/USDT', '--depth', '1', '--json', ...at('binance')]);
    const lines = linesOf(child);
    const states: string[] = [];
    while (states.length < 2 || states.at(-1) !== 'live') states.push(JSON.parse((await lines.next()).value).state);
    expect(await interrupt(child)).toBe(0);
  });

  it('names the symbol that does not exist and the nearest one', async () => {
    const { code, stderr } = await speed(['book', 'binance', 'BTC/USDTT', '--once', ...at('binance')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/BTC\/USDTT.*did you mean "BTC\/USDT"\?/);
  });

  it('says what to do when nothing listens there', async () => {
    const { code, stderr } = await speed(['book', 'binance', 'BTC/USDT', '--once', '--origin', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^speed: .*127\.0\.0\.1:9/s);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('drives a market from a capture', async () => {
    const capture = path.join(import.meta.dirname, 'fixtures/binanceusdm.frames.jsonl');
    const child = start(['sim', '--venues', 'binanceusdm', '--replay', capture, '--json']);
    const { venues } = JSON.parse(await firstLine(child)) as Ready;
    const origin = venues['binanceusdm']?.rest.public as string;
    const { stdout } = await speed(['book', 'binanceusdm', 'BTCUSDT', '--once', '--json', '--origin', origin]);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'live', bids: [[37_000.1, 0.5]], asks: [[37_000.3, 1]] });
    expect(await interrupt(child)).toBe(0);
  });

  it('injects the faults of the command line', async () => {
    const child = start([
      'sim',
      '--venues',
      'binance',
      '--seed',
      '7',
      '--fault',
      'http:path=exchangeInfo,status=503,count=1',
      '--json',
    ]);
    const { venues } = JSON.parse(await firstLine(child)) as Ready;
    const url = `${venues['binance']?.rest.public}/api/v3/exchangeInfo`;
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 200]);
    expect(await interrupt(child)).toBe(0);
  });

  it('names a port that is in use', async () => {
    const port = new URL(ready.venues['binance']?.rest.public as string).port;
    const { code, stderr } = await speed(['sim', '--venues', 'binance', '--port', port]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${port}.*in use`, 's'));
  });

  it('stops cleanly at Ctrl-C', async () => {
    expect(await interrupt(sim)).toBe(0);
  });
});
