import type { Persister } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import type { DatasetName } from '../datasets/dataset.js';
import type { StreamId } from '../datasets/stream.js';

/** Rows of one recorder (one spool) in a file: the proof that nothing is missing between two files. */
export interface SeqRange {
  readonly spool: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Sequence of this stream's row before the first one; `null` when a recording began here. */
  readonly prevSeq: number | null;
  readonly rows: number;
}

export interface FileEntry {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly stream: StreamId;
  /** Events (depth: one event may be many Parquet rows). */
  readonly rows: number;
  readonly firstTs: number;
  readonly lastTs: number;
  readonly ranges: readonly SeqRange[];
}

/** One immutable step in the life of a dataset. */
export interface ManifestEntry {
  readonly version: 1;
  readonly id: string;
  readonly dataset: DatasetName;
  readonly createdAt: number;
  readonly adds: readonly FileEntry[];
  /** Keys that exist no more: compacted into others, or too old. */
  readonly removes: readonly string[];
  /** Entries that this one replaces: a checkpoint. */
  readonly supersedes: readonly string[];
}

const FOLDER = '_manifest';
const manifestKey = (dataset: DatasetName, id: string): string => `${FOLDER}/${dataset}/${id}.json`;

/** The files of one dataset, as all entries together say. */
export class Manifest {
  readonly dataset: DatasetName;
  readonly files = new Map<string, FileEntry>();
  readonly removed = new Set<string>();
  readonly entries = new Set<string>();
  readonly #superseded = new Set<string>();

  private constructor(dataset: DatasetName) {
    this.dataset = dataset;
  }

  /** @throws SpeedError `protocol` naming an entry that is no manifest; whatever the store throws */
  static async load(store: Persister, dataset: DatasetName): Promise<Manifest> {
    const manifest = new Manifest(dataset);
    let entries: readonly ManifestEntry[] | undefined;
    while (entries === undefined) entries = await readEntries(store, dataset);
    for (const { supersedes } of entries) for (const id of supersedes) manifest.#superseded.add(id);
    for (const entry of entries) if (!manifest.#superseded.has(entry.id)) manifest.#apply(entry);
    return manifest;
  }

  /** Makes a step durable. Writing the same step again is fine and changes nothing. */
  async commit(store: Persister, step: Omit<ManifestEntry, 'version' | 'dataset' | 'createdAt'>): Promise<void> {
    const entry: ManifestEntry = { version: 1, dataset: this.dataset, createdAt: Date.now(), ...step };
    await store.put(manifestKey(this.dataset, entry.id), new TextEncoder().encode(JSON.stringify(entry)), { ifAbsent: true });
    for (const id of entry.supersedes) this.entries.delete(id);
    this.#apply(entry);
  }

  /** Replaces all entries by one, so that opening a long recording stays cheap. */
  async checkpoint(store: Persister, id: string): Promise<void> {
    const supersedes = [...this.entries];
    // The superseded entries may outlive a crash here; the checkpoint names them, so they do not count.
    await this.commit(store, { id, adds: [...this.files.values()], removes: [...this.removed], supersedes });
    for (const old of supersedes) await store.remove(manifestKey(this.dataset, old));
  }

  #apply(entry: ManifestEntry): void {
    this.entries.add(entry.id);
    for (const key of entry.removes) {
      this.removed.add(key);
      this.files.delete(key);
    }
    for (const file of entry.adds) if (!this.removed.has(file.key)) this.files.set(file.key, file);
  }
}

/** Entries read at a time: a bucket far away answers in tens of ms, and a long recording has many. */
const AT_ONCE = 16;

/** All entries, or `undefined` when a checkpoint took one away between listing and reading: then list again. */
async function readEntries(store: Persister, dataset: DatasetName): Promise<readonly ManifestEntry[] | undefined> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${FOLDER}/${dataset}/`)) keys.push(key);
  const entries: ManifestEntry[] = [];
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    for (const entry of await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => readEntry(store, key)))) {
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
  }
  return entries;
}

async function readEntry(store: Persister, key: string): Promise<ManifestEntry | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await store.get(key);
  } catch (error) {
    if (SpeedError.is(error, 'not-found')) return undefined;
    throw error;
  }
  try {
    const entry = JSON.parse(new TextDecoder().decode(bytes)) as ManifestEntry;
    if (entry.version !== 1 || !Array.isArray(entry.adds)) throw new Error('not a version 1 manifest');
    return entry;
  } catch (cause) {
    throw new SpeedError(
      'protocol',
      `${store.location}/${key} is damaged; restore it from a copy (its rows are in no other place)`,
      { cause },
    );
  }
}
