import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What one way of loading costs: median time of the import, and memory beyond a bare Node process. */
interface ImportRow {
  readonly case: string;
  readonly ms: number;
  readonly rss_mb: number;
}

export interface ImportReport {
  readonly bench: 'import';
  readonly rows: readonly ImportRow[];
}

/** Statements that a fresh process runs; nothing at all is the baseline of memory. */
const BARE = '';
const CASES: Readonly<Record<string, string>> = {
  core: "await import('@speed-protocol/core');",
  'core + exchange-binance': "await import('@speed-protocol/core'); await import('@speed-protocol/exchange-binance');",
  'core + exchange-binance, three connectors made':
    "const { default: binance } = await import('@speed-protocol/exchange-binance'); for (const { id } of binance.venues) binance.create(id);",
  ccxt: "await import('ccxt');",
};

/** Bare specifiers resolve from here. */
const PACKAGE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

interface Sample {
  readonly ms: number;
  readonly rss: number;
}

/**
 * Loads each case in processes of its own, all cases in turn, so that a busy moment of the machine hits them alike.
 * @param rounds measured rounds after one that only warms the file cache
 */
export async function importBench(rounds = 9): Promise<ImportReport> {
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, statements] of [['bare', BARE], ...Object.entries(CASES)] as const) {
      const sample = await load(statements);
      if (round > 0) samples.set(name, [...(samples.get(name) ?? []), sample]);
    }
  }
  const bare = median(samples.get('bare')!.map(({ rss }) => rss));
  const rows = Object.keys(CASES).map((name) => {
    const own = samples.get(name)!;
    return {
      case: name,
      ms: round1(median(own.map(({ ms }) => ms))),
      rss_mb: round1((median(own.map(({ rss }) => rss)) - bare) / 2 ** 20),
    };
  });
  return { bench: 'import', rows };
}

async function load(statements: string): Promise<Sample> {
  const script = `const start = performance.now(); ${statements} const ms = performance.now() - start; console.log(JSON.stringify({ ms, rss: process.memoryUsage.rss() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: PACKAGE });
  return JSON.parse(stdout) as Sample;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const round1 = (value: number): number => Math.round(value * 10) / 10;

/** Upper bounds that the project promises. */
const IMPORT_BOUNDS = { case: 'core + exchange-binance', ms: 60, rss_mb: 15 } as const;

/** For people: one line per case, and whether the promise is kept. */
export function describeImport({ rows }: ImportReport): string {
  const lines = rows.map(
    (row) => `${row.case.padEnd(48)} ${row.ms.toFixed(1).padStart(8)} ms ${row.rss_mb.toFixed(1).padStart(8)} MB`,
  );
  const own = rows.find((row) => row.case === IMPORT_BOUNDS.case)!;
  const kept = own.ms < IMPORT_BOUNDS.ms && own.rss_mb < IMPORT_BOUNDS.rss_mb;
  return [
    ...lines,
    `${IMPORT_BOUNDS.case}: ${kept ? 'within' : 'OVER'} ${IMPORT_BOUNDS.ms} ms and ${IMPORT_BOUNDS.rss_mb} MB`,
  ].join('\n');
}
