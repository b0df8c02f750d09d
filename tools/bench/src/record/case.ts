import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Engine, HistoryWriter, query } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { createTape, LEVELS } from './market.js';

/** What is recorded: every level of every delta, or whole pictures of ten levels a side. */
export const CASES = { 'depth-levels': 2 * LEVELS, 'snapshots-10': 1 } as const;
export type CaseName = keyof typeof CASES;

export interface CaseResult {
  readonly case: CaseName;
  /** Rows per second of wall time, log and Parquet included, in one thread. */
  readonly rows_per_s: number;
  /** Rows per second of processor time, playing the tape left out: what one core that does nothing else would do. */
  readonly rows_per_cpu_s: number;
  readonly bytes_per_row: number;
  /** The same rows as DuckDB writes them, zstd too. */
  readonly duckdb_bytes_per_row: number;
  readonly peak_rss_mb: number;
  /** The peak after the first third: equal to the last one when memory is flat. */
  readonly early_rss_mb: number;
  /** Playing the tape alone. */
  readonly limit_rows_per_s: number;
  readonly push_ns_per_event: number;
}

type Tape = ReturnType<typeof createTape>;

const maxRss = () => process.resourceUsage().maxRSS / 1024;
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Records `rows` rows and reports; to be run in a process of its own. */
export async function runCase(name: CaseName, rows: number): Promise<CaseResult> {
  const events = Math.ceil(rows / CASES[name]);
  const tape = createTape(1);
  const limit = limitSeconds(tape, events);
  const folder = await mkdtemp(path.join(tmpdir(), 'speed-bench-record-'));
  try {
    // A recorder runs for days: what is measured is how it runs, not how it starts (loading WebAssembly, compiling).
    await record(path.join(folder, 'warm-up'), tape, name, Math.ceil(events / 8));
    const { seconds, cpu, bytes, early } = await record(folder, tape, name, events);
    const written = events * CASES[name];
    const peak = maxRss();
    return {
      case: name,
      rows_per_s: Math.round(written / seconds),
      rows_per_cpu_s: Math.round(written / (cpu - limit.cpu)),
      bytes_per_row: Number((bytes / written).toFixed(2)),
      duckdb_bytes_per_row: Number(((await duckDbBytes(folder, name)) / written).toFixed(2)),
      peak_rss_mb: Math.round(peak),
      early_rss_mb: Math.round(early.rss),
      limit_rows_per_s: Math.round(written / limit.seconds),
      push_ns_per_event: Math.round(early.pushNs),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Log and Parquet of so many events, in this thread, until everything is in the store. */
async function record(folder: string, tape: Tape, name: CaseName, events: number) {
  const engine = await Engine.open({ store: local.create(path.join(folder, 'data')), spool: path.join(folder, 'spool') });
  const writer = new HistoryWriter(engine, { bufferBytes: 64 << 20 });
  const [cpu, started] = [cpuSeconds(), performance.now()];
  const early = await feed(writer, tape, name, events);
  await writer.close();
  const seconds = (performance.now() - started) / 1000;
  const { dropped, acknowledged } = writer.status;
  if (dropped > 0 || acknowledged !== events)
    throw new Error(`${dropped} of ${events} events were dropped, ${acknowledged} acknowledged`);
  return { seconds, cpu: cpuSeconds() - cpu, bytes: engine.status.bytes, early };
}

/** Bytes of one file with the same rows in the same order, by DuckDB. */
async function duckDbBytes(folder: string, name: CaseName): Promise<number> {
  const dataset = name === 'depth-levels' ? 'depth' : 'orderbooks';
  const target = path.join(folder, 'duckdb.parquet');
  const source = `read_parquet('${folder}/data/${dataset}/**/*.parquet', hive_partitioning = false)`;
  const sql = `COPY (SELECT * FROM ${source} ORDER BY seq) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`;
  await using store = local.create(path.join(folder, 'data'));
  for await (const _ of query(store, sql, { datasets: [] }));
  return (await stat(target)).size;
}

/** Feeds as fast as the disk acknowledges: no more than 8 MiB are ever on the way. */
async function feed(
  writer: HistoryWriter,
  { event, next }: Tape,
  name: CaseName,
  events: number,
): Promise<{ rss: number; pushNs: number }> {
  let rss = 0;
  let pushNs = 0;
  for (let i = 0; i < events; i++) {
    next();
    const before = performance.now();
    if (name === 'depth-levels') writer.push(event);
    else writer.pushBook(event, event);
    pushNs += performance.now() - before;
    if (i % 256 === 0 && writer.status.pendingBytes > 8 << 20) await writer.flush();
    if (i === Math.floor(events / 3)) rss = maxRss();
  }
  await writer.flush();
  return { rss, pushNs: (pushNs * 1e6) / events };
}

function limitSeconds({ next }: Tape, events: number): { seconds: number; cpu: number } {
  const [cpu, started] = [cpuSeconds(), performance.now()];
  for (let i = 0; i < events; i++) next();
  return { seconds: (performance.now() - started) / 1000, cpu: cpuSeconds() - cpu };
}
