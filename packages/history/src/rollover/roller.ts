import type { Persister } from '@speed-protocol/core';
import { COMMON_SLOTS, RECEIVED_AT, SEQ, VENUE_TIME } from '../datasets/columns.js';
import type { DatasetName } from '../datasets/dataset.js';
import { RowBuffer } from '../datasets/rows.js';
import { type Block, type StreamId, streamKey } from '../datasets/stream.js';
import { DATASET_NAMES, DATASETS, rowWidth } from '../datasets/table.js';
import { blockRange } from '../log/frames.js';
import type { SegmentContent } from '../log/segment.js';
import { removeReplaced } from '../maintenance/compact.js';
import { type FileEntry, Manifest, type SeqRange } from '../store/manifest.js';
import { publishRun } from './publish.js';
import { cutRuns } from './runs.js';

/** Where a stream of this recorder ends in the store. */
interface Stored {
  lastSeq: number;
  lastTs: number;
  /** What is there, first and last sequence of each unbroken stretch: being below the last one is no proof. */
  readonly stretches: { first: number; last: number }[];
}

export interface RollResult {
  readonly files: readonly FileEntry[];
  readonly rows: number;
  /** Streams that turned out to lack rows: their gaps are in the `gaps` dataset now. */
  readonly holes: number;
}

/** Waits, if there is time, before the next file. */
export type Rest = () => Promise<void>;
const noRest: Rest = async () => {};

/**
 * Moves segments of the log into Parquet. Doing the same segment twice is the same as once, wherever a crash fell between:
 * files have names that follow from their rows, manifest entries too, and rows that the
 * manifest knows already are skipped by their sequence.
 */
export class Roller {
  readonly #store: Persister;
  readonly #spool: string;
  readonly #stored = new Map<string, Stored>();
  readonly #manifests = new Map<DatasetName, Manifest>();

  private constructor(store: Persister, spool: string) {
    this.#store = store;
    this.#spool = spool;
  }

  static async open(store: Persister, spool: string): Promise<Roller> {
    const roller = new Roller(store, spool);
    await Promise.all(DATASET_NAMES.map((dataset) => roller.#load(dataset)));
    return roller;
  }

  manifest(dataset: DatasetName): Manifest {
    return this.#manifests.get(dataset)!;
  }

  /** @param rest is called after each file */
  async roll(segment: Pick<SegmentContent, 'blocks'>, rest: Rest = noRest): Promise<RollResult> {
    const fresh = group(segment.blocks.filter((block) => !this.#isStored(block)));
    const holes = this.#findHoles(fresh);
    for (const hole of holes) append(fresh, hole);
    const files: FileEntry[] = [];
    for (const dataset of DATASET_NAMES) files.push(...(await this.#rollDataset(dataset, fresh, rest)));
    return { files, rows: files.reduce((sum, { rows }) => sum + rows, 0), holes: holes.length };
  }

  async #load(dataset: DatasetName): Promise<void> {
    const manifest = await Manifest.load(this.#store, dataset);
    await removeReplaced(this.#store, manifest, this.#spool);
    this.#manifests.set(dataset, manifest);
    for (const file of manifest.files.values()) this.#note(file);
  }

  #note({ stream, ranges, lastTs }: FileEntry): void {
    const key = streamKey(stream);
    for (const { spool, firstSeq, lastSeq, prevSeq } of ranges) {
      if (spool !== this.#spool) continue;
      const stored = this.#stored.get(key) ?? { lastSeq: -1, lastTs: Number.NaN, stretches: [] };
      this.#stored.set(key, stored);
      const before = stored.stretches.find(({ last }) => last === prevSeq);
      if (before !== undefined) before.last = lastSeq;
      else stored.stretches.push({ first: firstSeq, last: lastSeq });
      if (lastSeq <= stored.lastSeq) continue;
      stored.lastSeq = lastSeq;
      stored.lastTs = lastTs;
    }
  }

  #isStored(block: Block): boolean {
    const { first, last } = blockRange(block);
    const stretches = this.#stored.get(streamKey(block.stream))?.stretches ?? [];
    return stretches.some((stretch) => stretch.first <= first && last <= stretch.last);
  }

  async #rollDataset(dataset: DatasetName, fresh: ReadonlyMap<string, Block[]>, rest: Rest): Promise<FileEntry[]> {
    const adds: FileEntry[] = [];
    for (const [key, blocks] of fresh) {
      if (blocks[0]!.stream.dataset === dataset) adds.push(...(await this.#rollStream(key, blocks, rest)));
    }
    if (adds.length === 0) return adds;
    // Named after the rows: the same segment gives the same name, another never does.
    const first = Math.min(...adds.map(({ ranges }) => ranges[0]!.firstSeq));
    const last = Math.max(...adds.map(({ ranges }) => ranges[0]!.lastSeq));
    const id = `${this.#spool}-${first.toString(36)}-${last.toString(36)}`;
    await this.manifest(dataset).commit(this.#store, { id, adds, removes: [], supersedes: [] });
    for (const file of adds) this.#note(file);
    return adds;
  }

  async #rollStream(key: string, blocks: readonly Block[], rest: Rest): Promise<FileEntry[]> {
    const files: FileEntry[] = [];
    const { stream, prevSeq } = blocks[0]!;
    let previous = Number.isNaN(prevSeq) ? null : prevSeq;
    for (const run of cutRuns(blocks, this.#stored.get(key)?.lastTs ?? Number.NaN)) {
      const { firstSeq, lastSeq, rows } = run;
      const range: SeqRange = { spool: this.#spool, firstSeq, lastSeq, prevSeq: previous, rows };
      files.push(await publishRun(this.#store, stream, run, range));
      previous = lastSeq;
      await rest();
    }
    return files;
  }

  /** A block that does not follow the row before it: rows of a damaged log are gone. One gap row each says so. */
  #findHoles(fresh: ReadonlyMap<string, Block[]>): Block[] {
    const holes: Block[] = [];
    for (const [key, blocks] of fresh) {
      if (blocks[0]!.stream.dataset === 'gaps') continue;
      let last = this.#stored.get(key)?.lastSeq;
      for (const block of blocks) {
        if (!Number.isNaN(block.prevSeq) && block.prevSeq !== last)
          holes.push(damagedGap(block, this.#stored.get(key)?.lastTs ?? null));
        last = blockRange(block).last;
      }
    }
    return holes;
  }
}

/** Blocks by stream, in order. */
function group(blocks: readonly Block[]): Map<string, Block[]> {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) append(groups, block);
  return groups;
}

function append(groups: Map<string, Block[]>, block: Block): void {
  const key = streamKey(block.stream);
  const list = groups.get(key);
  if (list === undefined) groups.set(key, [block]);
  else list.push(block);
}

/** The row has the sequence of the last lost row: it is free, and it sorts where the hole is. */
function damagedGap(after: Block, from: number | null): Block {
  const stream: StreamId = { ...after.stream, dataset: 'gaps' };
  const rows = new RowBuffer(rowWidth('gaps'), 1);
  const at = rows.next();
  const venueTime = after.slots[VENUE_TIME]!;
  const until = Number.isNaN(venueTime) ? after.slots[RECEIVED_AT]! : venueTime;
  rows.slots[at + SEQ] = after.prevSeq;
  rows.slots[at + RECEIVED_AT] = after.slots[RECEIVED_AT]!;
  rows.slots[at + VENUE_TIME] = venueTime;
  const gap = {
    dataset: after.stream.dataset,
    reason: 'damaged' as const,
    from,
    until,
    lastSequence: null,
    nextSequence: null,
    missed: null,
  };
  DATASETS.gaps.write(gap, rows, at + COMMON_SLOTS);
  return { stream, prevSeq: Number.NaN, rows: 1, slots: rows.slots, levels: rows.levels, text: rows.text };
}
