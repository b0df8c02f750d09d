import { type Persister, SpeedError } from '@speed-protocol/core';

/**
 * Every byte of a store, fetched once: an oracle that reads each file several times over should not wait for a server each
 * time. Reads like the store itself; takes nothing.
 */
export async function inMemory(store: Persister): Promise<Persister> {
  const objects = new Map<string, Uint8Array>();
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  const next = keys.values();
  const fetchAll = async () => {
    for (const key of next) objects.set(key, await store.get(key));
  };
  await Promise.all(Array.from({ length: 8 }, fetchAll));
  const readOnly = () => Promise.reject(new SpeedError('unsupported', 'a copy in memory takes nothing'));
  return {
    location: store.location,
    check: readOnly,
    put: readOnly,
    remove: readOnly,
    async get(key, { start = 0, end = Number.POSITIVE_INFINITY } = {}) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new SpeedError('not-found', `${key} is not there`);
      return bytes.slice(start, Math.min(end, bytes.length));
    },
    size: async (key) => objects.get(key)?.length,
    async *list(prefix) {
      for (const key of keys) if (key.startsWith(prefix)) yield { key, size: objects.get(key)!.length };
    },
    async [Symbol.asyncDispose]() {},
  };
}
