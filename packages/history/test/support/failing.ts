import type { Persister, PutOptions } from '@speed-protocol/core';
import { type LogFile, type LogFiles, realFiles } from '../../src/log/files.js';

/** The real file system with a tap: `fail('write')` may return an error code that the call then fails with. */
export function failingFiles(fail: (call: 'write' | 'sync' | 'create') => string | undefined): LogFiles {
  const check = (call: 'write' | 'sync' | 'create') => {
    const code = fail(call);
    if (code !== undefined) throw Object.assign(new Error(`${code}: injected`), { code });
  };
  const tapped = (file: LogFile): LogFile => ({
    ...file,
    async write(bytes, position) {
      try {
        check('write');
      } catch (error) {
        // A full disk takes a part before it refuses.
        await file.write(bytes.subarray(0, bytes.length >> 1), position);
        throw error;
      }
      await file.write(bytes, position);
    },
    async sync() {
      check('sync');
      await file.sync();
    },
  });
  return {
    ...realFiles,
    async create(path) {
      check('create');
      return tapped(await realFiles.create(path));
    },
  };
}

/** A store whose `put` first asks: an error is thrown, before or after the object is really there. */
export function failingStore(
  store: Persister,
  fail: (key: string) => { before?: Error; after?: Error } | undefined | Promise<{ before?: Error; after?: Error } | undefined>,
): Persister {
  return {
    location: store.location,
    check: (options) => store.check(options),
    async put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions) {
      const { before, after } = (await fail(key)) ?? {};
      if (before !== undefined) throw before;
      const outcome = await store.put(key, body, options);
      if (after !== undefined) throw after;
      return outcome;
    },
    get: (key, options) => store.get(key, options),
    size: (key, options) => store.size(key, options),
    list: (prefix, options) => store.list(prefix, options),
    remove: (key, options) => store.remove(key, options),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
