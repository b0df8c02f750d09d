import { link, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SpeedError } from '@speed-protocol/core';
import { makeFolders, syncFolder } from './folders.js';

/** Folder of files being written, below the root: same file system, and out of every `*.parquet` pattern. */
export const TEMPORARY = '_tmp';

export interface PublishOptions {
  readonly ifAbsent: boolean;
  readonly fsync: boolean;
  readonly signal?: AbortSignal | undefined;
}

let counter = 0;

/** Temporary name, data to disk, then one rename (or link, which refuses to replace), then the folder's entry to disk. */
export async function publish(
  root: string,
  target: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  options: PublishOptions,
): Promise<'stored' | 'exists'> {
  const made = [...(await makeFolders(path.join(root, TEMPORARY))), ...(await makeFolders(path.dirname(target)))];
  const temporary = path.join(root, TEMPORARY, `${process.pid}-${counter++}-${Date.now()}`);
  try {
    await write(temporary, body, options);
    if (options.ifAbsent && !(await linked(temporary, target))) return 'exists';
    if (!options.ifAbsent) await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  if (options.fsync)
    for (const folder of new Set([path.dirname(target), ...made.map((folder) => path.dirname(folder))])) await syncFolder(folder);
  return 'stored';
}

/** Removes what processes left behind that are no longer alive. */
export async function sweep(root: string): Promise<void> {
  const names = await readdir(path.join(root, TEMPORARY)).catch(() => []);
  for (const name of names) {
    if (!alive(Number.parseInt(name, 10))) await rm(path.join(root, TEMPORARY, name), { force: true });
  }
}

async function write(
  file: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  { fsync, signal }: PublishOptions,
): Promise<void> {
  const handle = await open(file, 'wx', 0o640);
  try {
    for await (const piece of body instanceof Uint8Array ? [body] : body) {
      if (signal?.aborted) throw new SpeedError('aborted', 'The operation was aborted.', { cause: signal.reason });
      for (let at = 0; at < piece.length; ) at += (await handle.write(piece, at, piece.length - at)).bytesWritten;
    }
    if (fsync) await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function linked(temporary: string, target: string): Promise<boolean> {
  return link(temporary, target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

function alive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
