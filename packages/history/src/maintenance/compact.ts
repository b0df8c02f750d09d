import { type Persister, SpeedError } from '@speed-protocol/core';
import { SEQ } from '../datasets/columns.js';
import { streamKey } from '../datasets/stream.js';
import { fileKey, HOUR_MS, parseFileKey, placeOf } from '../layout.js';
import { checkedRows } from '../parquet/checked.js';
import type { StoredRows } from '../parquet/reader.js';
import { writeParquet } from '../parquet/writer.js';
import { publishParquet } from '../rollover/publish.js';
import type { Slice } from '../rollover/runs.js';
import { firstSeqOf } from '../store/catalog.js';
import type { FileEntry, Manifest, SeqRange } from '../store/manifest.js';

export interface CompactOptions {
  /** Only hours that ended before this time, ms: files may still be added to later ones. */
  readonly before: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CompactResult {
  /** Hours that were merged. */
  readonly merged: number;
  readonly filesBefore: number;
}

/** Entries of a manifest that make opening it slow enough to fold them into one. */
const FOLD_AT = 64;

/**
 * At most one file per stream and hour. A crash at any point leaves every row exactly once for readers of the manifest; the
 * files that were merged are removed last, and {@link removeReplaced} finishes that when the recorder starts again.
 */
export async function compact(store: Persister, manifest: Manifest, options: CompactOptions): Promise<CompactResult> {
  let [merged, filesBefore] = [0, 0];
  let failed: { readonly error: unknown } | undefined;
  for (const files of mergeable(manifest, options.before)) {
    if (options.signal?.aborted) break;
    try {
      await replace(store, manifest, files);
    } catch (error) {
      // One damaged file must not keep all other hours as they are.
      failed ??= { error };
      if (!SpeedError.is(error, 'protocol')) break;
      continue;
    }
    merged++;
    filesBefore += files.length;
  }
  if (manifest.entries.size > FOLD_AT)
    await manifest.checkpoint(store, `checkpoint-${Date.now()}-${crypto.randomUUID().slice(0, 8)}`);
  if (failed !== undefined) throw failed.error;
  return { merged, filesBefore };
}

async function replace(store: Persister, manifest: Manifest, files: readonly FileEntry[]): Promise<void> {
  const replacement = await merge(store, files);
  const removes = files.map(({ key }) => key);
  const id = `compact-${replacement.sha256.slice(0, 16)}`;
  await manifest.commit(store, { id, adds: [replacement], removes, supersedes: [] });
  for (const key of removes) await store.remove(key);
}

/** Names of merged files: see {@link merge}. */
const MERGED = /-m\d+$/;

/**
 * Removes what a crash in the middle of a compaction left lying, so that plain globs show every row once too: files that
 * the manifest says are gone, and files merged by `spool` that never got into the manifest (merging them again may give
 * another name, when more files belong to that hour by then). Only for the recorder that owns `spool`, and not during a
 * compaction.
 */
export async function removeReplaced(store: Persister, manifest: Manifest, spool: string): Promise<number> {
  let removed = 0;
  for await (const { key } of store.list(`${manifest.dataset}/`)) {
    const id = parseFileKey(key)?.id ?? '';
    const isStray = !manifest.files.has(key) && MERGED.test(id) && id.startsWith(`${spool}-`);
    if (!isStray && !manifest.removed.has(key)) continue;
    await store.remove(key);
    removed++;
  }
  return removed;
}

/** Groups of two or more files of one stream and one ended hour. */
function mergeable(manifest: Manifest, before: number): FileEntry[][] {
  const groups = new Map<string, FileEntry[]>();
  for (const file of manifest.files.values()) {
    const hour = Math.floor(file.firstTs / HOUR_MS);
    if ((hour + 1) * HOUR_MS > before) continue;
    const key = `${hour} ${streamKey(file.stream)}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

async function merge(store: Persister, files: readonly FileEntry[]): Promise<FileEntry> {
  const sorted = [...files].sort((a, b) => a.firstTs - b.firstTs || firstSeqOf(a) - firstSeqOf(b));
  const { stream } = sorted[0]!;
  const [firstTs, lastTs] = [sorted[0]!.firstTs, Math.max(...sorted.map((file) => file.lastTs))];
  const ranges = joinRanges(sorted.flatMap((file) => file.ranges));
  // The name follows from what is merged: doing it again after a crash finds the file there.
  const id = `${ranges[0]!.spool}-${Math.min(...ranges.map(({ firstSeq }) => firstSeq)).toString(36)}-m${files.length}`;
  const key = fileKey(placeOf(stream, firstTs, lastTs, id));
  const disjoint = sorted.every((file, i) => i === 0 || sorted[i - 1]!.lastTs <= file.firstTs);
  const slices = disjoint ? concatenated(store, sorted) : interleaved(store, sorted);
  const digest = await publishParquet(store, key, writeParquet(stream, slices));
  return { key, ...digest, stream, rows: sorted.reduce((sum, { rows }) => sum + rows, 0), firstTs, lastTs, ranges };
}

/** Files that follow each other in time, one row group in memory at a time. */
async function* concatenated(store: Persister, files: readonly FileEntry[]): AsyncGenerator<Slice> {
  for (const file of files) {
    for await (const { block, times } of checkedRows(store, file)) yield { block, times, from: 0, to: block.rows };
  }
}

/**
 * Files that overlap (two recorders, a clock that stepped back): rows are sorted by time, then by sequence; from each file
 * one row group is in memory.
 */
async function* interleaved(store: Persister, files: readonly FileEntry[]): AsyncGenerator<Slice> {
  const heads = await Promise.all(files.map((file) => Head.open(checkedRows(store, file))));
  for (;;) {
    const open = heads.filter((head) => !head.isDone);
    if (open.length === 0) return;
    open.sort(Head.order);
    yield* open[0]!.takeUntil(open[1]);
    await open[0]!.fill();
  }
}

/** Where the merge stands in one file. */
class Head {
  readonly #source: AsyncGenerator<StoredRows>;
  #rows: StoredRows | undefined;
  #row = 0;

  private constructor(source: AsyncGenerator<StoredRows>) {
    this.#source = source;
  }

  static async open(source: AsyncGenerator<StoredRows>): Promise<Head> {
    const head = new Head(source);
    await head.fill();
    return head;
  }

  static readonly order = (a: Head, b: Head): number => a.#time - b.#time || a.#seq - b.#seq;

  get isDone(): boolean {
    return this.#rows === undefined;
  }

  get #time(): number {
    return this.#rows!.times[this.#row]!;
  }

  get #seq(): number {
    const { slots, rows } = this.#rows!.block;
    return slots[this.#row * (slots.length / rows) + SEQ]!;
  }

  /** Reads on when everything in memory was taken. */
  async fill(): Promise<void> {
    while (this.#rows === undefined || this.#row === this.#rows.block.rows) {
      const { value, done } = await this.#source.next();
      this.#rows = done ? undefined : value;
      this.#row = 0;
      if (done) return;
    }
  }

  /** The rows that come before the next file's. */
  *takeUntil(other: Head | undefined): Generator<Slice> {
    const { block, times } = this.#rows!;
    const from = this.#row;
    do this.#row++;
    while (this.#row < block.rows && (other === undefined || Head.order(this, other) < 0));
    yield { block, times, from, to: this.#row };
  }
}

/** Ranges of one recorder that follow each other become one: the chain stays provable, the manifest small. */
function joinRanges(ranges: readonly SeqRange[]): SeqRange[] {
  const joined: SeqRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.firstSeq - b.firstSeq)) {
    const before = joined.findLastIndex(({ spool }) => spool === range.spool);
    const last = joined[before];
    if (last !== undefined && range.prevSeq === last.lastSeq) {
      joined[before] = { ...last, lastSeq: range.lastSeq, rows: last.rows + range.rows };
    } else joined.push(range);
  }
  return joined;
}
