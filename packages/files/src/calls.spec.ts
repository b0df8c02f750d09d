import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blocking, type FileCalls, makeFolders, pooled, syncFolder } from './index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'speed-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe.each<[string, FileCalls]>([
  ['in the pool', pooled],
  ['right here', blocking],
])('calls that wait %s', (_, calls) => {
  it('write, read, cut and bring to disk', async () => {
    const target = path.join(folder, 'a');
    const file = await calls.open(target, 'wx', 0o640);
    expect(await file.write(Buffer.from('xhello worldx'), 1, 11)).toMatchObject({ bytesWritten: 11 });
    expect(await file.write(Buffer.from('J'), 0, 1, 0)).toMatchObject({ bytesWritten: 1 });
    await file.datasync();
    await file.truncate(5);
    await file.sync();
    expect((await file.stat()).size).toBe(5);
    await file.close();
    const again = await calls.open(target, 'r');
    const bytes = new Uint8Array(9).fill(0x2e);
    expect(await again.read(bytes, 2, 3, 1)).toMatchObject({ bytesRead: 3 });
    expect(await again.read(bytes, 0, 3, 5)).toMatchObject({ bytesRead: 0 });
    expect(text(bytes)).toBe('..ell....');
    await again.close();
    expect(await readFile(target, 'utf8')).toBe('Jello');
  });

  it('link, rename and remove', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => path.join(folder, name)) as [string, string, string];
    await writeFile(a, 'hello');
    await calls.link(a, b);
    await expect(calls.link(a, b)).rejects.toMatchObject({ code: 'EEXIST' });
    await calls.unlink(a);
    await expect(calls.unlink(a)).rejects.toMatchObject({ code: 'ENOENT' });
    await calls.rename(b, c);
    await calls.truncate(c, 4);
    expect((await calls.stat(c)).size).toBe(4);
    expect((await calls.entries(folder)).map((entry) => [entry.name, entry.isFile()])).toEqual([['c', true]]);
    await calls.rm(c, { force: true });
    await calls.rm(c, { force: true });
    expect(await calls.entries(folder)).toEqual([]);
  });

  it('make the folders that are missing, name them, and stop at a file', async () => {
    const [one, two] = [path.join(folder, 'one'), path.join(folder, 'one', 'two')];
    expect(await makeFolders(calls, two)).toEqual([one, two]);
    expect(await makeFolders(calls, two)).toEqual([]);
    await syncFolder(calls, two);
    await writeFile(path.join(two, 'file'), '');
    await expect(makeFolders(calls, path.join(two, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(calls, path.join(two, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(syncFolder(calls, path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
