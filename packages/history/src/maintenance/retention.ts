import type { Persister } from '@speed-protocol/core';
import type { Manifest } from '../store/manifest.js';

/** Removes files whose last row is older than `before` (ms). The manifest forgets them first, so that nobody misses them. */
export async function expire(store: Persister, manifest: Manifest, before: number): Promise<number> {
  const old = [...manifest.files.values()].filter(({ lastTs }) => lastTs < before).map(({ key }) => key);
  if (old.length === 0) return 0;
  await manifest.commit(store, {
    id: `expire-${before}-${crypto.randomUUID().slice(0, 8)}`,
    adds: [],
    removes: old,
    supersedes: [],
  });
  for (const key of old) await store.remove(key);
  return old.length;
}
