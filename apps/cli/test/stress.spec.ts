import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StressReport } from '@speed-protocol/stress';
import { describe, expect, it } from 'vitest';
import { firstLine, interrupt, speed, start } from './harness.js';

const SLOW = 300_000;
const NOTHING_WRONG = { falseFailures: 0, contradictions: 0, duplicates: 0, missing: 0, untold: 0 };

async function stress(...args: string[]): Promise<{ code: number | null; report: StressReport; stderr: string }> {
  const { code, stdout, stderr } = await speed(['stress', '--seed', '7', ...args, '--json']);
  if (stdout === '') throw new Error(`no report: ${stderr}`);
  return { code, stderr, report: JSON.parse(stdout) as StressReport };
}

describe('speed stress, with its own simulator and server', () => {
  it('brings 200 orders of 200 clients to their end, and says what its clock covers', { timeout: SLOW }, async () => {
    const { code, report } = await stress('--clients', '200');
    expect(report).toMatchObject({ ok: true, clients: 200, connected: 200, orders: 200, final: 200, causes: [] });
    expect(report.outcomes).toEqual({ filled: 200, canceled: 0, expired: 0, rejected: 0, unknown: 0, error: 0 });
    expect(report.readBack).toEqual({ recorded: 200, ...NOTHING_WRONG });
    expect([report.stages.connect?.count, report.stages.place?.count, report.stages.final?.count]).toEqual([200, 200, 200]);
    expect(report.clock).toMatch(/first connection attempt.*final state of the last order/);
    expect(report.wallMs).toBeGreaterThanOrEqual(report.stages.final!.max);
    expect(code).toBe(0);
  });

  it('cancels at once, on every venue', { timeout: SLOW }, async () => {
    const { code, report } = await stress('--clients', '30', '--cancel', '--venue', 'binance,binanceusdm,binancecoinm');
    expect([code, report.final, report.causes]).toEqual([0, 30, []]);
    expect([report.outcomes.canceled, report.stages.cancel?.count]).toEqual([30, 30]);
    expect(new Set(report.markets.map(({ venue }) => venue)).size).toBe(3);
    expect(report.readBack).toEqual({ recorded: 30, ...NOTHING_WRONG });
  });

  it('reports no failure that was none, of a thousand clients', { timeout: SLOW }, async () => {
    const { report } = await stress('--clients', '1000', '--timeout', '200');
    expect(report.readBack).toEqual({ recorded: 1000, ...NOTHING_WRONG });
    expect([report.connected, report.final, report.outcomes.unknown, report.outcomes.error]).toEqual([1000, 1000, 0, 0]);
    // A machine that is busy elsewhere may take longer than a venue lets a request be old: that is refused, on proof.
    expect(report.causes.filter(({ cause }) => !/recvWindow|never reached/.test(cause))).toEqual([]);
  });

  it('calls no order failed that a slow venue has filled: answers later than the server waits', { timeout: SLOW }, async () => {
    const fault = 'slow-ack:delayMs=7000,durationMs=600000';
    const { code, report } = await stress('--clients', '20', '--fault', fault, '--timeout', '120');
    expect(report.readBack).toEqual({ recorded: 20, ...NOTHING_WRONG });
    expect([code, report.outcomes.filled]).toEqual([0, 20]);
  });

  it('calls unknown what nobody was told in time, and fails', { timeout: SLOW }, async () => {
    const faults = ['slow-ack:delayMs=60000,durationMs=600000', 'silent-fill:probability=1'];
    const { code, report } = await stress('--clients', '5', ...faults.flatMap((each) => ['--fault', each]), '--timeout', '1');
    expect([report.outcomes.error, report.outcomes.rejected, report.readBack.falseFailures]).toEqual([0, 0, 0]);
    expect([code, report.ok, report.outcomes.unknown]).toEqual([1, false, 5]);
  });
});

describe('speed stress', () => {
  it('loads a server that runs already, prints a summary and writes charts', { timeout: SLOW }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'speed-stress-'));
    const demo = start(['demo', '--port', '0', '--seed', '3', '--venues', 'binance,binanceusdm', '--no-record', '--json']);
    try {
      const { ws } = JSON.parse(await firstLine(demo)) as { ws: string };
      const html = path.join(folder, 'report.html');
      const args = ['--target', ws, '--account', 'demo-binance', '--clients', '10', '--orders', '2', '--html', html];
      const { code, stdout } = await speed(['stress', ...args]);
      expect(stdout).toMatch(
        /^OK {2}20 of 20 orders with a final state; 10 of 10 clients connected\n.*binance BTC\/USDT \(1 accounts\)/,
      );
      expect([code, (await readFile(html, 'utf8')).match(/<svg /g)?.length]).toEqual([0, 6]);
    } finally {
      await interrupt(demo);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each([
    [['--target', 'ws://127.0.0.1:9', '--seed', '1'], 2, /--seed and --fault are for an own simulator/],
    [['--target', 'ws://127.0.0.1:9'], 1, /ECONNREFUSED/],
    [['--clients', '0'], 2, /whole number/],
    [['--fault', 'slow-ak'], 1, /did you mean "slow-ack"/],
    [['--venue', 'binanze'], 1, /did you mean "binance"/],
  ])('refuses %j with exit code %i', { timeout: SLOW }, async (args, code, message) => {
    const result = await speed(['stress', ...args]);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});
