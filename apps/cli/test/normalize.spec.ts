import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { speed } from './harness.js';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => path.join(FIXTURES, name);
const parse = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** Frames written from the venues' documents, and by hand what they mean. */
const VENUES = ['binance', 'binanceusdm', 'binancecoinm'];

describe('speed normalize', () => {
  it.each(VENUES)('turns documented %s frames into exactly the documented events', async (venue) => {
    const { code, stdout, stderr } = await speed(['normalize', '--venue', venue, fixture(`${venue}.frames.jsonl`)]);
    expect(code).toBe(0);
    expect(stderr).toMatch(venue === 'binanceusdm' ? /^note: 1 frames .*trade_lite_of_tomorrow/ : /^$/);
    expect(parse(stdout)).toEqual(parse(await readFile(fixture(`${venue}.events.jsonl`), 'utf8')));
  });

  it('reads standard input, plain or gzip', async () => {
    const frames = await readFile(fixture('binance.frames.jsonl'));
    const plain = await speed(['normalize', '--venue', 'binance', '-'], frames);
    const packed = await speed(['normalize', '--venue', 'binance'], gzipSync(frames));
    expect(plain.code).toBe(0);
    expect(packed.stdout).toBe(plain.stdout);
  });

  it('reports bad lines with number and reason, prints the rest and exits with 1', async () => {
    const frames = (await readFile(fixture('binancecoinm.frames.jsonl'), 'utf8')).trimEnd().split('\n');
    const bad = ['{"transport":"ws"', '{"transport":"ws","raw":"<html>"}'];
    const { code, stdout, stderr } = await speed(
      ['normalize', '--venue', 'binancecoinm'],
      [frames[0], ...bad, frames[1]].join('\n'),
    );
    expect(code).toBe(1);
    expect(parse(stdout)).toHaveLength(2);
    expect(stderr).toMatch(/^line 2: not JSON: /m);
    expect(stderr).toMatch(/^line 3: .*not JSON/m);
    expect(stderr).toMatch(/2 of 4 lines could not be normalised/);
  });

  it('counts by type and unknown topic with --summary', async () => {
    const { code, stdout } = await speed([
      'normalize',
      '--venue',
      'binanceusdm',
      '--summary',
      fixture('binanceusdm.frames.jsonl'),
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      lines: 9,
      errors: 0,
      events: 7,
      frames: { events: 7, instruments: 1, unknown: 1 },
      byType: { depth: 2, trade: 1, quote: 1, funding: 1, liquidation: 1, openInterest: 1 },
    });
  });

  it('resolves symbols with --instruments, from a capture that lists them', async () => {
    const listing = fixture('binance.frames.jsonl');
    const { stdout } = await speed(['normalize', '--venue', 'binance', '--instruments', listing, listing]);
    expect(parse(stdout)[0]).toMatchObject({ type: 'trade', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT' });
  });

  it.each([
    ['--instruments', 'nowhere.json'],
    ['--summary', 'nowhere.jsonl'],
  ])('says which file is missing: %s %s', async (...args) => {
    const { code, stderr } = await speed(['normalize', '--venue', 'binance', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot read nowhere\.jsonl?: there is no such file/);
  });

  it('ends quietly when the reader has seen enough', async () => {
    const line = (await readFile(fixture('binancecoinm.frames.jsonl'), 'utf8')).split('\n')[0];
    const { start } = await import('./harness.js');
    const child = start(['normalize', '--venue', 'binancecoinm']);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin?.on('error', () => undefined);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const closed = new Promise((resolve) => child.once('exit', resolve));
    const feed = setInterval(() => child.stdin?.write(`${line}\n`.repeat(2000)), 1);
    const code = await closed;
    clearInterval(feed);
    expect([code, stderr]).toEqual([0, '']);
  });
});
