import { describe, expect, it } from 'vitest';
import { describeImport, importBench } from './import.js';

describe('import bench', () => {
  it('loads every case in a process of its own and measures something', async () => {
    const { bench, rows } = await importBench(1);
    expect(bench).toBe('import');
    expect(rows.map((row) => row.case)).toEqual([
      'core',
      'core + exchange-binance',
      'core + exchange-binance, three connectors made',
      'ccxt',
    ]);
    for (const { ms, rss_mb } of rows) {
      expect(ms).toBeGreaterThan(0);
      expect(rss_mb).toBeGreaterThan(0);
    }
    const [core, own, , ccxt] = rows;
    expect(core!.rss_mb).toBeLessThan(own!.rss_mb);
    expect(own!.ms).toBeLessThan(ccxt!.ms / 2);
    expect(own!.rss_mb).toBeLessThan(15);
  });

  it('says whether the promise is kept', () => {
    const row = { case: 'core + exchange-binance', ms: 59, rss_mb: 14 };
    expect(describeImport({ bench: 'import', rows: [row] })).toContain(': within 60 ms and 15 MB');
    expect(describeImport({ bench: 'import', rows: [{ ...row, ms: 61 }] })).toContain(': OVER 60 ms and 15 MB');
  });
});
