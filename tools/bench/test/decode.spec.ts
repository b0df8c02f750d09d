import { describe, expect, it } from 'vitest';
import { decodeBench } from '../src/decode/decode.js';
import { simulateFrames } from '../src/decode/frames/simulated.js';
import { describeDecode } from '../src/decode/report.js';
import type { Contestant, Recording } from '../src/decode/types.js';
import { VENUES } from '../src/decode/venues/index.js';
import { disagreements } from '../src/decode/verify.js';

describe('the decode bench', async () => {
  const recordings = await simulateFrames(VENUES, { depthFrames: 200 });

  it('finds SPEED, ccxt pro and tardis-dev of one mind on every stream of the simulator', () => {
    const problems: string[] = [];
    const report = decodeBench(recordings, {
      rounds: 1,
      limit: 200,
      warmUpFrames: 0,
      onDisagreement: (problem) => problems.push(problem),
    });
    expect(problems).toEqual([]);
    expect(report.rows.map((row) => row.case)).toEqual(
      expect.arrayContaining(['binance depth', 'binance trade', 'binance quote', 'binanceusdm depth', 'binancecoinm quote']),
    );
    for (const row of report.rows) {
      expect(row.agree).toBe(true);
      expect(Math.min(row.frames, row.speed_ns, row.ccxt_ns, row.json_parse_ns)).toBeGreaterThan(0);
    }
    expect(describeDecode(report)).toContain('binance depth');
  });

  it('notices a lost level and a wrong number', () => {
    const book = (price: number, size: number): Contestant => ({
      name: `${price}`,
      reset() {},
      accept() {},
      book: () => ({ bids: [[price, size]], asks: [[price + 1, 1]] }),
      facts: () => [price, size],
    });
    const frames = (recordings[0] as Recording).frames.depth.slice(0, 1);
    expect(disagreements([book(1, 2), book(1, 2)], frames, true)).toEqual([]);
    expect(disagreements([book(1, 2), book(1, 3)], frames, true)).toEqual(['bids level 0: 1 has 1,2, 1 1,3']);
    expect(disagreements([book(1, 2), book(1, 3)], frames, false)[0]).toMatch(/frame 0/);
  });
});
