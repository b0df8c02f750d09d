import { createHash } from 'node:crypto';
import type { Persister } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import { hashObject } from '../store/hash.js';
import type { FileEntry } from '../store/manifest.js';
import { RecordedFile, type StoredRows } from './reader.js';

/** Code of the error that a changed file is. */
export const DAMAGED = 'DAMAGED';

/** Files up to this size are fetched once and read from memory; larger ones are hashed first and then read by ranges. */
const WHOLE = 8 << 20;

type Listed = Pick<FileEntry, 'key' | 'bytes' | 'sha256'>;

/**
 * Rows of a file, once its hash is right. Bytes that changed on the disk are not data: of some of them the Parquet library would
 * make rows, and of others the end of the process.
 * @throws SpeedError `protocol` with the code {@link DAMAGED}; whatever the store throws
 */
export async function* checkedRows(store: Persister, file: Listed): AsyncGenerator<StoredRows> {
  const source = await checked(store, file);
  using opened = await RecordedFile.open(source, file.key, file.bytes);
  yield* opened.rows();
}

async function checked(store: Persister, { key, bytes, sha256 }: Listed): Promise<Pick<Persister, 'get'>> {
  const whole = bytes <= WHOLE ? await store.get(key) : undefined;
  const found = whole === undefined ? await hashObject(store, key) : { bytes: whole.length, sha256: hashOf(whole) };
  if (found.bytes !== bytes) throw damaged(key, `ends at ${found.bytes}, where ${bytes} bytes were written`);
  if (found.sha256 !== sha256) throw damaged(key, 'is not what was written (its hash differs)');
  if (whole === undefined) return store;
  return { get: async (_, { start = 0, end = whole.length } = {}) => whole.subarray(start, end) };
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const damaged = (key: string, how: string) =>
  new SpeedError('protocol', `${key} ${how}; restore it from a copy`, { venueCode: DAMAGED });
