import { type Persister, type PutOptions, SpeedError } from '@speed-protocol/core';
import { type LogFile, type LogFiles, realFiles } from '@speed-protocol/history';

/** What is wrong with the disk or the store right now; changes a few times a second. */
export interface Weather {
  disk: 'ENOSPC' | 'EACCES' | 'EIO' | undefined;
  diskCall: 'write' | 'sync' | 'create';
  store: 'error-before' | 'error-after' | 'slow' | undefined;
}

const DISK = ['ENOSPC', 'EACCES', 'EIO'] as const;
const CALLS = ['write', 'sync', 'create'] as const;
const STORE = ['error-before', 'error-after', 'slow'] as const;

/** Weather that changes at random; about a third of the time something is wrong with each of disk and store. */
export function changingWeather(random: () => number): Weather {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const weather: Weather = { disk: undefined, diskCall: 'write', store: undefined };
  const change = () => {
    weather.disk = random() < 0.3 ? pick(DISK) : undefined;
    weather.diskCall = pick(CALLS);
    weather.store = random() < 0.3 ? pick(STORE) : undefined;
    setTimeout(change, 50 + 250 * random());
  };
  setTimeout(change, 300);
  return weather;
}

/** The real file system; what the weather forbids fails as the kernel says it. A full disk takes half of a write first. */
export function troubledFiles(weather: Weather): LogFiles {
  const check = (call: Weather['diskCall']) => {
    if (weather.disk === undefined || weather.diskCall !== call) return;
    throw Object.assign(new Error(`${weather.disk}: injected`), { code: weather.disk });
  };
  const troubled = (file: LogFile): LogFile => ({
    write: async (bytes, position) => {
      if (weather.disk === 'ENOSPC' && weather.diskCall === 'write')
        await file.write(bytes.subarray(0, bytes.length >> 1), position);
      check('write');
      await file.write(bytes, position);
    },
    sync: async () => {
      check('sync');
      await file.sync();
    },
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  });
  return {
    ...realFiles,
    create: async (path) => {
      check('create');
      return troubled(await realFiles.create(path));
    },
  };
}

/** A store whose puts fail before or after the object is really there, or take their time. */
export function troubledStore(store: Persister, weather: Weather, random: () => number): Persister {
  const away = () => new SpeedError('unavailable', 'the store is away (injected)');
  return {
    location: store.location,
    check: (options) => store.check(options),
    async put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions) {
      if (weather.store === 'error-before') throw away();
      if (weather.store === 'slow') await new Promise((resolve) => setTimeout(resolve, 400 * random()));
      const outcome = await store.put(key, body, options);
      if (weather.store === 'error-after') throw away();
      return outcome;
    },
    get: (key, options) => store.get(key, options),
    size: (key, options) => store.size(key, options),
    list: (prefix, options) => store.list(prefix, options),
    remove: (key, options) => store.remove(key, options),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
