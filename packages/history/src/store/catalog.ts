import type { Persister } from '@speed-protocol/core';
import type { DatasetName } from '../datasets/dataset.js';
import { streamKey } from '../datasets/stream.js';
import { DATASET_NAMES } from '../datasets/table.js';
import { dateOf } from '../layout.js';
import { type FileEntry, Manifest } from './manifest.js';

/** Which part of a recording; everything absent means all. */
export interface Selection {
  readonly datasets?: readonly DatasetName[] | undefined;
  readonly venues?: readonly string[] | undefined;
  /** Unified symbols. */
  readonly symbols?: readonly string[] | undefined;
  /** ms, first included. */
  readonly from?: number | undefined;
  /** ms, not included. */
  readonly until?: number | undefined;
}

const allows = (list: readonly string[] | undefined, value: string) => list === undefined || list.includes(value);

/** True when a file may hold rows of the selection. */
export function selects(selection: Selection, { stream, firstTs, lastTs }: FileEntry): boolean {
  const { from = -Infinity, until = Infinity } = selection;
  return (
    allows(selection.datasets, stream.dataset) &&
    allows(selection.venues, stream.venue) &&
    allows(selection.symbols, stream.symbol ?? stream.venueSymbol) &&
    lastTs >= from &&
    firstTs < until
  );
}

/** All manifests of a store. */
export function loadManifests(store: Persister, datasets: readonly DatasetName[] = DATASET_NAMES): Promise<Manifest[]> {
  return Promise.all(datasets.map((dataset) => Manifest.load(store, dataset)));
}

/** Files of the selection by stream, each stream's in order of sequence: the order in which the rows came. */
export function filesByStream(manifests: readonly Manifest[], selection: Selection = {}): Map<string, FileEntry[]> {
  const streams = new Map<string, FileEntry[]>();
  for (const { files } of manifests) {
    for (const file of files.values()) {
      if (!selects(selection, file)) continue;
      const key = streamKey(file.stream);
      const list = streams.get(key);
      if (list === undefined) streams.set(key, [file]);
      else list.push(file);
    }
  }
  for (const list of streams.values()) list.sort((a, b) => firstSeqOf(a) - firstSeqOf(b));
  return streams;
}

/** Smallest sequence in a file. */
export const firstSeqOf = ({ ranges }: FileEntry): number =>
  ranges.reduce((min, { firstSeq }) => Math.min(min, firstSeq), Infinity);

/** What a store holds, for people and for pages that draw it. */
export interface RecordedStream {
  readonly dataset: DatasetName;
  readonly venue: string;
  readonly symbol: string | null;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly firstTs: number;
  readonly lastTs: number;
  readonly days: readonly string[];
}

export function describeStreams(manifests: readonly Manifest[]): RecordedStream[] {
  return [...filesByStream(manifests).values()].map((files) => ({
    ...files[0]!.stream,
    files: files.length,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    firstTs: files.reduce((min, { firstTs }) => Math.min(min, firstTs), Infinity),
    lastTs: files.reduce((max, { lastTs }) => Math.max(max, lastTs), -Infinity),
    days: [...new Set(files.map(({ firstTs }) => dateOf(firstTs)))].sort(),
  }));
}
