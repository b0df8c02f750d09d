import { createHash } from 'node:crypto';
import type { Persister } from '@speed-protocol/core';
import type { StreamId } from '../datasets/stream.js';
import { fileKey, placeOf } from '../layout.js';
import { writeParquet } from '../parquet/writer.js';
import { hashObject } from '../store/hash.js';
import type { FileEntry, SeqRange } from '../store/manifest.js';
import type { Run } from './runs.js';

/** Writes one run of rows as one file. Publishing the same run again finds it there and changes nothing. */
export async function publishRun(store: Persister, stream: StreamId, run: Run, range: SeqRange): Promise<FileEntry> {
  const id = `${range.spool}-${range.firstSeq.toString(36)}`;
  const key = fileKey(placeOf(stream, run.firstTs, run.lastTs, id));
  const digest = await publishParquet(store, key, writeParquet(stream, run.slices));
  return { key, ...digest, stream, rows: run.rows, firstTs: run.firstTs, lastTs: run.lastTs, ranges: [range] };
}

/** Puts a file under its key, hashed on the way. When it is there already, what is there is hashed. */
export async function publishParquet(
  store: Persister,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const hashed = async function* () {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const outcome = await store.put(key, hashed(), { ifAbsent: true });
  return outcome === 'stored' ? { bytes, sha256: hash.digest('hex') } : hashObject(store, key);
}
