import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ByteRange, CallOptions, Persister, PutOptions, StoredObject } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';
import { type FileCalls, makeFolders, type OpenFile, pooled } from '@speed-protocol/files';
import { localError } from './errors.js';
import { checkKey } from './keys.js';
import { publish, sweep, TEMPORARY } from './publish.js';

export interface LocalConfig {
  /** Default true: a resolved `put` survives a power cut. False keeps atomicity and gives up durability: for throw-away data. */
  readonly fsync: boolean;
}

/** A folder as a store. `location` is a path or a `file:` URL. */
export function createLocalPersister(
  location: string,
  config: LocalConfig = { fsync: true },
  calls: FileCalls = pooled,
): Persister {
  return new LocalPersister(path.resolve(location.startsWith('file:') ? fileURLToPath(location) : location), config, calls);
}

class LocalPersister implements Persister {
  readonly #root: string;
  readonly #config: LocalConfig;
  readonly #calls: FileCalls;
  readonly location: string;

  constructor(root: string, config: LocalConfig, calls: FileCalls) {
    this.#root = root;
    this.#config = config;
    this.#calls = calls;
    this.location = pathToFileURL(root).href;
  }

  async check(options: CallOptions = {}): Promise<void> {
    const probe = `check-${process.pid}-${Date.now()}`;
    await this.#run(options, this.#root, async () => {
      await makeFolders(this.#calls, this.#root);
      await sweep(this.#calls, this.#root);
    });
    await this.put(probe, new Uint8Array([1]), options);
    await this.remove(probe, options);
  }

  async put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<'stored' | 'exists'> {
    const target = this.#path(key);
    return this.#run(options, target, () =>
      publish(this.#calls, this.#root, target, body, {
        ifAbsent: options.ifAbsent === true,
        fsync: this.#config.fsync,
        signal: options.signal,
      }),
    );
  }

  async get(key: string, options: ByteRange & CallOptions = {}): Promise<Uint8Array> {
    const target = this.#path(key);
    return this.#run(options, `${this.location}/${key}`, async () => {
      const file = await this.#calls.open(target, 'r');
      try {
        return await readRange(file, options);
      } finally {
        await file.close();
      }
    });
  }

  async size(key: string, options: CallOptions = {}): Promise<number | undefined> {
    const target = this.#path(key);
    return this.#run(options, target, async () => {
      const found = await this.#calls.stat(target).catch(absent);
      return found?.isFile() ? found.size : undefined;
    });
  }

  async *list(prefix: string, options: CallOptions = {}): AsyncGenerator<StoredObject> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const key of this.#walk(folder, prefix)) {
      throwIfAborted(options.signal);
      const found = await this.#calls.stat(path.join(this.#root, key)).catch(absent);
      if (found?.isFile()) yield { key, size: found.size };
    }
  }

  async remove(key: string, options: CallOptions = {}): Promise<void> {
    const target = this.#path(key);
    await this.#run(options, target, () => this.#calls.rm(target, { force: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #path(key: string): string {
    checkKey(key);
    return path.join(this.#root, key);
  }

  /** Keys below `folder` (ends with `/`, or empty) in key order; folders that cannot match are not entered. */
  async *#walk(folder: string, prefix: string): AsyncGenerator<string> {
    const entries = await this.#calls.entries(path.join(this.#root, folder)).catch(absent);
    const names = (entries ?? [])
      .filter(({ name }) => name !== TEMPORARY)
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    // A folder sorts with its slash, as its keys do: "a-b" < "a/b" < "a0".
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      const key = folder + name;
      if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue;
      if (name.endsWith('/')) yield* this.#walk(key, prefix);
      else if (key.startsWith(prefix)) yield key;
    }
  }

  async #run<T>(options: CallOptions, where: string, work: () => Promise<T>): Promise<T> {
    throwIfAborted(options.signal);
    try {
      return await work();
    } catch (error) {
      throw localError(error, where);
    }
  }
}

async function readRange(file: OpenFile, { start = 0, end = Infinity }: ByteRange): Promise<Uint8Array> {
  const { size } = await file.stat();
  const length = Math.max(0, Math.min(size, end) - start);
  const out = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(out, done, length - done, start + done);
    if (bytesRead === 0) throw new SpeedError('protocol', 'The file became shorter while it was read; read it again.');
    done += bytesRead;
  }
  return out;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw localError(error, error.path ?? 'the store');
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SpeedError('aborted', 'The operation was aborted.', { cause: signal.reason });
}
