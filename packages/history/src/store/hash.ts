import { createHash } from 'node:crypto';
import type { Persister } from '@speed-protocol/core';

const PIECE = 4 << 20;

/** Size and SHA-256 of a stored object, read piece by piece. */
export async function hashObject(store: Persister, key: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  for (let bytes = 0; ; ) {
    const piece = await store.get(key, { start: bytes, end: bytes + PIECE });
    hash.update(piece);
    bytes += piece.length;
    if (piece.length < PIECE) return { bytes, sha256: hash.digest('hex') };
  }
}
