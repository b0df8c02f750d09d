import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCaptures, readFrames } from '../src/capture-file.js';
import { checkFolder, discoverPlugins } from '../src/index.js';

const beside = path.resolve(import.meta.dirname, '../../../../shared/captures');
const directory = path.resolve(process.env['SPEED_CAPTURES'] ?? beside);
const has = existsSync(directory);

/** The long streams take 20 s: they are for `npm run captures`. */
const SHORT = /^binance-[a-z]+\.wire\.(cryptofeed|crypto-msg-parser)|^binance-usdm\.wire\.hft/;

const FIXTURES = /^(binance|okx|bybit|deribit)[\w-]*\.fixture\./;

/** Frames that no exchange has sent so (columns left out, a "yes" for true), and two bodies of orders that look like trades without their address. */
const REFUSED = {
  'binance-coinm.fixture.jkorf': ['line 54', 'line 55'],
  'binance-spot.fixture.barter': ['line 4'],
  'binance-spot.fixture.jkorf': ['line 68', 'line 69'],
  'binance-usdm.fixture.jkorf': ['line 84', 'line 85'],
  'okx.fixture.jkorf': ['line 122', 'line 123'],
  'okx.fixture.nautilus': ['line 22', 'line 24'],
};

describe.skipIf(!has)('captured streams (needs a folder of captures: SPEED_CAPTURES=DIR, or ../shared/captures)', () => {
  it('go through normaliser and books without an error or a gap, and every comparable quote agrees', async () => {
    const report = await checkFolder(directory, await discoverPlugins(), { only: (name) => SHORT.test(name) });
    expect(report.captures.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.derived.mismatches).toEqual([]);
    expect(report.totals).toMatchObject({ captures: 8, errors: 0, gaps: 0 });
    expect(report.totals.agree).toBe(report.totals.compared);
    expect(report.totals.compared).toBeGreaterThan(600);
    expect(report.ok).toBe(true);
  });

  it('make the books of OKX, by the checksum that the venue sent with every message', async () => {
    const report = await checkFolder(directory, await discoverPlugins(), { only: (name) => name.startsWith('okx.wire.') });
    expect(report.captures.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.totals).toMatchObject({ captures: 2, errors: 0, unknown: 0, gaps: 0, checksums: 3680, checksumsAgree: 3680 });
    expect(report.ok).toBe(true);
  });

  it('of Deribit make whole books of the stream’s own snapshots', async () => {
    const report = await checkFolder(directory, await discoverPlugins(), { only: (name) => name.startsWith('deribit.wire') });
    expect(report.captures.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.totals).toMatchObject({ captures: 4, lines: 174, errors: 0, gaps: 0, applied: 36, crossed: 0 });
    expect(report.ok).toBe(true);
  });

  it('and fixtures: every frame is recognised or listed by its kind, or refused for a reason that is known', async () => {
    const report = await checkFolder(directory, await discoverPlugins(), { only: (name) => FIXTURES.test(name) });
    const refused = report.captures.map(({ file, problems }) => [file, problems.map((text) => text.split(':')[0])] as const);
    expect(Object.fromEntries(refused.filter(([, lines]) => lines.length > 0))).toEqual(REFUSED);
    for (const { lines, outcomes, unknown, errors } of report.captures) {
      const listed = Object.values(unknown).reduce((sum, count) => sum + count, 0);
      expect([outcomes['unknown'] ?? 0, Object.values(outcomes).reduce((sum, count) => sum + count, errors)]).toEqual([
        listed,
        lines,
      ]);
    }
    const { files, frames, recognised, unknown } = report.fixtures;
    expect([files, frames, recognised + unknown]).toEqual([15, 734, 723]);
    expect(recognised).toBeGreaterThanOrEqual(316);
  });

  it('are found out when a delta is missing', async () => {
    const [file] = listCaptures(directory).filter(({ name }) => name === 'binance-usdm.wire.cryptofeed-2021-07');
    const frames = [...readFrames(file!.path)].map(([, frame]) => frame);
    const deltas = frames.filter(({ raw }) => raw.includes('sushiusdt@depth'));
    const damaged = frames.filter((frame) => frame !== deltas[100]);
    const folder = mkdtempSync(path.join(tmpdir(), 'captures-'));
    try {
      writeFileSync(
        path.join(folder, 'binance-usdm.wire.damaged.jsonl'),
        damaged.map((frame) => JSON.stringify(frame)).join('\n'),
      );
      const report = await checkFolder(folder, await discoverPlugins());
      expect(report.totals.gaps).toBe(1);
      expect(report.ok).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('checkFolder', () => {
  it('is not ok when there was nothing to check, and names captures without a plugin', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'captures-'));
    try {
      writeFileSync(path.join(folder, 'nowhere-spot.wire.x.jsonl'), '');
      const report = await checkFolder(folder, await discoverPlugins());
      expect(report).toMatchObject({ ok: false, withoutPlugin: ['nowhere-spot.wire.x'] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
