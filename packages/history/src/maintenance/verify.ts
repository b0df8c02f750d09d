import { type Persister, SpeedError } from '@speed-protocol/core';
import { SEQ } from '../datasets/columns.js';
import type { DatasetName } from '../datasets/dataset.js';
import { type StreamId, streamOf } from '../datasets/stream.js';
import type { GapRow } from '../datasets/table.js';
import { parseFileKey } from '../layout.js';
import { checkedRows, DAMAGED } from '../parquet/checked.js';
import { BlockCursor } from '../replay/events.js';
import { filesByStream, loadManifests, type Selection } from '../store/catalog.js';
import type { FileEntry, Manifest } from '../store/manifest.js';
import { type Row, StreamCheck } from './stream-check.js';

/** Something that must not be. */
export interface Problem {
  readonly kind:
    | 'missing-file'
    | 'unlisted-file'
    | 'damaged-file'
    | 'unreadable-file'
    | 'row-count'
    | 'order'
    | 'duplicate'
    | 'unlisted-gap';
  readonly where: string;
  readonly message: string;
}

/** A hole that the recording knows of. */
export interface ListedGap extends GapRow {
  readonly venue: string;
  readonly symbol: string | null;
  /** Between the sequences of the rows on its two sides. */
  readonly seq: number;
}

export interface VerifyReport {
  /** True when there is no gap, or exactly the listed ones, and every byte is as it was written. */
  readonly ok: boolean;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly streams: number;
  readonly gaps: readonly ListedGap[];
  readonly problems: readonly Problem[];
}

export interface VerifyOptions extends Selection {
  readonly signal?: AbortSignal | undefined;
  /** Called after every file. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/**
 * Proves a recording: every listed file is there, unchanged and readable; rows are in order and exactly once; from row to
 * row nothing is missing but what the `gaps` dataset lists.
 */
export async function verify(store: Persister, options: VerifyOptions = {}): Promise<VerifyReport> {
  const manifests = await loadManifests(store);
  const problems: Problem[] = [...(await strays(store, manifests))];
  const streams = filesByStream(manifests, { ...options, datasets: undefined });
  const gaps = await readGaps(store, streams, problems);
  const wanted = [...streams].filter(([key]) => isWanted(options, streamOf(key).dataset));
  const total = wanted.reduce((sum, [, files]) => sum + files.length, 0);
  let [files, rows, bytes] = [0, 0, 0];
  for (const [key, list] of wanted) {
    const check = new StreamCheck(streamOf(key), gaps.filter(matches(streamOf(key))));
    for (const file of list) {
      options.signal?.throwIfAborted();
      rows += await verifyFile(store, file, check, problems);
      bytes += file.bytes;
      files++;
      options.onProgress?.(files, total);
    }
    problems.push(...check.finish());
  }
  return { ok: problems.length === 0, files, rows, bytes, streams: wanted.length, gaps, problems };
}

const isWanted = ({ datasets }: Selection, dataset: DatasetName) => datasets === undefined || datasets.includes(dataset);

const matches = (stream: StreamId) => (gap: ListedGap) =>
  gap.dataset === stream.dataset && gap.venue === stream.venue && gap.symbol === stream.symbol;

/** Files that are there and in no manifest. One that a crash left between two steps of a roll-over heals at the next start. */
async function strays(store: Persister, manifests: readonly Manifest[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { dataset, files, removed } of manifests) {
    for await (const { key } of store.list(`${dataset}/`)) {
      if (files.has(key) || parseFileKey(key) === undefined) continue;
      const message = removed.has(key)
        ? 'was replaced and not removed yet: plain readers see its rows twice; start the recorder to remove it'
        : 'is in no manifest; a recorder that is started on its log finishes it, otherwise it is not of this recording';
      problems.push({ kind: 'unlisted-file', where: key, message });
    }
  }
  return problems;
}

async function readGaps(store: Persister, streams: ReadonlyMap<string, FileEntry[]>, problems: Problem[]): Promise<ListedGap[]> {
  const gaps: ListedGap[] = [];
  for (const [key, files] of streams) {
    const { dataset, venue, symbol } = streamOf(key);
    if (dataset !== 'gaps') continue;
    for (const file of files) {
      await readFile(store, file, problems, ({ cursor, seq }) =>
        gaps.push({ venue, symbol, seq, ...(cursor.record() as GapRow) }),
      );
    }
  }
  return gaps;
}

async function verifyFile(store: Persister, file: FileEntry, check: StreamCheck, problems: Problem[]): Promise<number> {
  const stored = await store.size(file.key);
  if (stored === undefined) {
    problems.push({
      kind: 'missing-file',
      where: file.key,
      message: `is gone, and with it ${file.rows} rows; restore it from a copy`,
    });
    check.skip(file);
    return 0;
  }
  check.begin(file);
  let rows = 0;
  const readable = await readFile(store, file, problems, (row) => {
    rows++;
    check.row(row);
  });
  if (readable && rows !== file.rows) {
    problems.push({ kind: 'row-count', where: file.key, message: `has ${rows} rows, the manifest says ${file.rows}` });
  }
  if (!readable) check.skip(file);
  return rows;
}

async function readFile(store: Persister, entry: FileEntry, problems: Problem[], each: (row: Row) => void): Promise<boolean> {
  try {
    for await (const { block, times } of checkedRows(store, entry)) {
      const cursor = new BlockCursor(block);
      while (cursor.next()) each({ cursor, seq: cursor.slot(SEQ), time: times[cursor.row]! });
    }
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const kind = SpeedError.is(error) && error.venueCode === DAMAGED ? 'damaged-file' : 'unreadable-file';
    problems.push({ kind, where: entry.key, message: message.replace(`${entry.key} `, '') });
    return false;
  }
}
