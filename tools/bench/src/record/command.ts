import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CASES, type CaseName, type CaseResult } from './case.js';
import type { HotPathResult } from './hot-path/hot-path.js';

const USAGE = `usage: npm run bench -- record [--json] [--rows N] [--seconds N]

  --rows N     depth levels to record (default 12,000,000; a tenth of it as snapshots)
  --seconds N  length of the hot path's measurement (default 400, forty pairs of slices)

Every case runs in a process of its own: memory is that of the recorder. Rates that others' load would spoil count per processor
second; the hot path counts only where its thread gets a processor at once. Needs the build (npm run build).
Exit code: 0 every limit is held, 1 one is missed, 2 wrong arguments.`;

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

export async function recordCommand(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const option = (name: string, fallback: number) => Number(argv[argv.indexOf(name) + 1] ?? fallback) || fallback;
  const rows = option('--rows', 12_000_000);
  const results = Object.keys(CASES).map((name) => child<CaseResult>([name, String(name === 'depth-levels' ? rows : rows / 10)]));
  const hotPath = child<HotPathResult>(['hot-path', String(option('--seconds', 400))]);
  if (!argv.includes('--json')) console.log(describe(results, hotPath));
  const misses = [...results.flatMap(missesOf), ...hotPathMisses(hotPath)];
  for (const miss of misses) console.log(`missed: ${miss}`);
  console.log(JSON.stringify({ bench: 'record', rows: results, hot_path: hotPath, misses }));
  return misses.length === 0 ? 0 : 1;
}

/** Least rows per processor second. */
const RATE: Readonly<Record<CaseName, number>> = { 'depth-levels': 1_000_000, 'snapshots-10': 150_000 };
const RSS_MB = 400;
/** Memory is flat when two thirds of the run add no more than this to the peak of the first one. */
const GROWTH = 1.1;
const P99_RATIO = 1.1;
/** A thread that waits for a processor in a larger share of its time has a 99th percentile that others make. */
const WAITED = 0.002;

function missesOf(row: CaseResult): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [row.rows_per_cpu_s >= RATE[row.case], `${row.rows_per_cpu_s} rows per processor second, ${RATE[row.case]} wanted`],
    [row.peak_rss_mb < RSS_MB, `${row.peak_rss_mb} MB of memory, less than ${RSS_MB} wanted`],
    [row.peak_rss_mb <= row.early_rss_mb * GROWTH, `memory grew from ${row.early_rss_mb} to ${row.peak_rss_mb} MB`],
    [row.bytes_per_row <= row.duckdb_bytes_per_row, `${row.bytes_per_row} bytes a row, DuckDB ${row.duckdb_bytes_per_row}`],
  ];
  return checks.filter(([isHeld]) => !isHeld).map(([, text]) => `${row.case}: ${text}`);
}

function hotPathMisses({ p99_ratio, waited }: HotPathResult): string[] {
  if (waited !== null && waited > WAITED) {
    console.log(
      `hot path: not measured, its thread waited for a processor in ${(100 * waited).toFixed(1)} % of the time; try again on a machine at rest`,
    );
    return [];
  }
  return p99_ratio <= P99_RATIO ? [] : [`hot path: p99 is ${p99_ratio} times that without recording, ${P99_RATIO} allowed`];
}

function child<T>(args: readonly string[]): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`record ${args.join(' ')} failed: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

function describe(results: readonly CaseResult[], hot: HotPathResult): string {
  const lines = results.map(
    (row) =>
      `${row.case.padEnd(14)} ${(row.rows_per_s / 1e6).toFixed(2)}M rows/s (${(row.rows_per_cpu_s / 1e6).toFixed(2)}M per processor second), ` +
      `${row.bytes_per_row} B/row (DuckDB ${row.duckdb_bytes_per_row}), peak ${row.peak_rss_mb} MB (${row.early_rss_mb} after a third), push ${row.push_ns_per_event} ns`,
  );
  lines.push(
    `hot path p99   ${hot.p99_us} us alone, ${hot.recording_p99_us} us with recording: ${hot.p99_ratio}x (${hot.p99_ratio_low} to ${hot.p99_ratio_high} by chance; ${hot.taken_p99_ratio}x until the recorder has its row; ${hot.pairs} pairs of slices, ${hot.files} files)`,
  );
  return lines.join('\n');
}
