import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallOptions, Persister } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import type { DatasetName } from '../datasets/dataset.js';
import { DATASET_NAMES } from '../datasets/table.js';
import { loadManifests, type Selection, selects } from '../store/catalog.js';
import type { FileEntry } from '../store/manifest.js';

export interface QueryOptions extends Selection, CallOptions {
  /** Rows handed out at once. */
  readonly onColumns?: ((names: readonly string[]) => void) | undefined;
}

/** One row: DuckDB's values as plain JSON-able ones (64-bit integers beyond 2^53 and decimals as strings, times as ISO text). */
export type QueryRow = Readonly<Record<string, unknown>>;

/**
 * Runs SQL over a recording. Every dataset is a view of its name (`SELECT * FROM trades`), with the partitions `date`,
 * `exchange` and `pair` as columns. Datasets without rows are not there.
 *
 * Files on the local disk are read in place; those of another store are fetched into a temporary folder first, so select by
 * time, venue or symbol what the query needs.
 * @throws SpeedError `unsupported` when DuckDB is not installed, `invalid-request` with DuckDB's words for bad SQL
 */
export async function* query(store: Persister, sql: string, options: QueryOptions = {}): AsyncGenerator<QueryRow> {
  const duckdb = await loadDuckDb();
  await using files = await localFiles(store, options);
  const instance = await duckdb.DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    for (const [dataset, names] of files.byDataset) await connection.run(viewOf(dataset, names));
    const result = await connection.stream(sql);
    options.onColumns?.(result.columnNames());
    for await (const rows of result.yieldRowObjectJson()) {
      options.signal?.throwIfAborted();
      yield* rows;
    }
  } catch (cause) {
    if (SpeedError.is(cause)) throw cause;
    const known = [...files.byDataset.keys()].join(', ') || 'none';
    throw new SpeedError('invalid-request', `${(cause as Error).message}\nDatasets with rows: ${known}.`, { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

type DuckDb = typeof import('@duckdb/node-api');

async function loadDuckDb(): Promise<DuckDb> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    const hint = 'Queries need DuckDB, which is not installed; run: npm install @duckdb/node-api@1.5.5-r.5';
    throw new SpeedError('unsupported', hint, { cause });
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const viewOf = (dataset: DatasetName, names: readonly string[]) =>
  `CREATE VIEW ${dataset} AS SELECT * FROM read_parquet([${names.map(quoted).join(', ')}], hive_partitioning = true, hive_types_autocast = false)`;

interface LocalFiles extends AsyncDisposable {
  readonly byDataset: ReadonlyMap<DatasetName, readonly string[]>;
}

async function localFiles(store: Persister, selection: QueryOptions): Promise<LocalFiles> {
  const isLocal = store.location.startsWith('file:');
  const root = isLocal ? fileURLToPath(store.location) : await mkdtemp(path.join(tmpdir(), 'speed-query-'));
  const byDataset = new Map<DatasetName, string[]>();
  for (const { dataset, files } of await loadManifests(store, selection.datasets ?? DATASET_NAMES)) {
    const wanted = [...files.values()].filter((file) => selects(selection, file));
    if (wanted.length > 0)
      byDataset.set(
        dataset,
        wanted.map(({ key }) => path.join(root, key)),
      );
    if (!isLocal) for (const file of wanted) await fetchFile(store, file, root, selection);
  }
  return {
    byDataset,
    async [Symbol.asyncDispose]() {
      if (!isLocal) await rm(root, { recursive: true, force: true });
    },
  };
}

async function fetchFile(store: Persister, { key }: FileEntry, root: string, { signal }: CallOptions): Promise<void> {
  const target = path.join(root, key);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, await store.get(key, { signal }));
}
