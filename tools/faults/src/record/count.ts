import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Persister } from '@speed-protocol/core';
import { query } from '@speed-protocol/history';
import local from '@speed-protocol/persister-local';
import { SEQUENCES } from './events.js';

export interface Count {
  /** Rows that the recorders said were safe, and rows found. */
  readonly acknowledged: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  /** Listed gaps, and holes that really are there: between every two runs of a stream. */
  readonly gaps: number;
  readonly holes: number;
  readonly problems: readonly string[];
}

/** What is looked at, where a dataset has no file at all. */
const COLUMNS = {
  trades: "'' AS symbol, '' AS id",
  depth: "'' AS symbol, 0::BIGINT AS sequence",
  gaps: "0::BIGINT AS seq, '' AS reason",
} as const;

/**
 * Counts with DuckDB over the files themselves: no manifest and no reader of ours has a say in it.
 * @param folder where the files lie
 * @param acknowledged by run: the last acknowledged row, or -1
 */
export async function countRows(folder: string, acknowledged: readonly number[]): Promise<Count> {
  await using store = local.create(folder);
  const rows = async (sql: string) => {
    const found = [];
    // No datasets: not even a view that a manifest made.
    for await (const row of query(store, sql, { datasets: [] })) found.push(row as Readonly<Record<string, unknown>>);
    return found;
  };
  const files = (dataset: keyof typeof COLUMNS) =>
    existsSync(path.join(folder, dataset))
      ? `read_parquet('${folder}/${dataset}/**/*.parquet', hive_partitioning = true)`
      : `(SELECT ${COLUMNS[dataset]} WHERE false)`;
  const trades = `SELECT 't' || symbol AS stream, split_part(id, '-', 1)::BIGINT AS run, split_part(id, '-', 2)::BIGINT AS n FROM ${files('trades')}`;
  const depth = `SELECT 'd' || symbol AS stream, sequence // ${SEQUENCES} AS run, sequence % ${SEQUENCES} AS n, count(*) AS levels FROM ${files('depth')} GROUP BY ALL`;
  const problems: string[] = [];
  let [stored, lost, doubled] = [0, 0, 0];
  const perRun = await rows(
    `SELECT run::INT AS run, list(n ORDER BY n) AS ns FROM (${trades} UNION ALL SELECT stream, run, n FROM (${depth})) GROUP BY run ORDER BY run`,
  );
  const seen = new Map(perRun.map(({ run, ns }) => [Number(run), (ns as (string | number)[]).map(Number)]));
  for (const ns of seen.values()) {
    stored += ns.length;
    doubled += ns.filter((n, i) => n === ns[i - 1]).length;
  }
  for (const [run, last] of acknowledged.entries()) {
    const there = new Set(seen.get(run));
    for (let n = 0; n <= last; n++) if (!there.has(n)) lost++;
  }
  const [odd] = await rows(`SELECT count(*)::INT AS n FROM (${depth}) WHERE levels <> 2`);
  if (odd!['n'] !== 0) problems.push(`${odd!['n']} depth events have not exactly their two levels`);
  const [holes] = await rows(
    `SELECT coalesce(sum(runs - 1), 0)::INT AS n FROM (SELECT stream, count(DISTINCT run) AS runs FROM (${trades} UNION ALL SELECT stream, run, n FROM (${depth})) GROUP BY stream)`,
  );
  const [gaps] = await rows(
    `SELECT count(*)::INT AS n, count(DISTINCT seq)::INT AS d, count(*) FILTER (reason <> 'crashed')::INT AS other FROM ${files('gaps')}`,
  );
  if (gaps!['n'] !== gaps!['d']) problems.push('a gap is listed twice');
  if (gaps!['other'] !== 0) problems.push(`${gaps!['other']} gaps have another reason than the kills`);
  const count = { stored, lost, doubled, gaps: Number(gaps!['n']), holes: Number(holes!['n']), problems };
  return { acknowledged: acknowledged.reduce((sum, last) => sum + last + 1, 0), ...count };
}

/** Everything of a store, as files. */
export async function download(store: Persister, folder: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  const next = keys.values();
  const worker = async () => {
    for (const key of next) {
      const target = path.join(folder, key);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, await store.get(key));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
