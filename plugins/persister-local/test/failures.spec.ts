import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ErrorKind, SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../src/index.js';

describe('persister-local on a bad location', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'speed-local-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const failsAs = async (promise: Promise<unknown>, kind: ErrorKind, words: RegExp) => {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(SpeedError.is(error, kind), String(error)).toBe(true);
    expect(String(error)).toMatch(words);
  };

  it('a file where the folder should be is a config error that names the path', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, 'x');
    await failsAs(manifest.create(file).check(), 'config', /file is where a folder should be|not a folder/);
  });

  it('a place where no folder can be made fails instead of waiting for ever', () =>
    failsAs(manifest.create('/proc/speed/data').check(), 'not-found', /proc/));

  it('a wrong setting is named, with the nearest right one', () => {
    expect(() => manifest.create(folder, { config: { fsyncc: true } })).toThrow(/"fsyncc".*"fsync"/);
  });

  it('a folder that somebody removed in between is made again', async () => {
    const store = manifest.create(folder);
    await store.put('a/b/1', new Uint8Array([1]));
    await rm(path.join(folder, 'a'), { recursive: true });
    await rm(path.join(folder, '_tmp'), { recursive: true });
    expect(await store.put('a/b/2', new Uint8Array([2]), { ifAbsent: true })).toBe('stored');
    expect([...(await store.get('a/b/2'))]).toEqual([2]);
    expect(await readdir(path.join(folder, '_tmp'))).toEqual([]);
  });

  it('many small pieces and large ones between them arrive in order, though the giver uses its memory again', async () => {
    const store = manifest.create(folder);
    const sizes = [1, 70_000, 3, 0, 65_536, 65_535, 2, 200_000, 5];
    const memory = new Uint8Array(200_000);
    const pieces = async function* () {
      for (const [i, size] of sizes.entries()) yield memory.subarray(0, size).fill(i + 1);
    };
    await store.put('pieces', pieces());
    expect(Buffer.from(await store.get('pieces')).equals(Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1))))).toBe(
      true,
    );
  });

  it('temporary files of dead processes are swept, those of living ones stay', async () => {
    const store = manifest.create(folder);
    await store.put('x', new Uint8Array(1));
    await writeFile(path.join(folder, '_tmp', '2147483646-0-1'), 'left behind');
    await writeFile(path.join(folder, '_tmp', `${process.ppid}-0-1`), 'in use');
    await store.check();
    expect(await readdir(path.join(folder, '_tmp'))).toEqual([`${process.ppid}-0-1`]);
  });
});
