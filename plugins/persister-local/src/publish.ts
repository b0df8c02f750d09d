import { link, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isMissing, makeFolders, syncFolder } from './folders.js';
import { writeBody } from './write-body.js';

/** Folder of files being written, below the root: same file system, and out of every `*.parquet` pattern. */
export const TEMPORARY = '_tmp';

export interface PublishOptions {
  readonly ifAbsent: boolean;
  readonly fsync: boolean;
  readonly signal?: AbortSignal | undefined;
}

let counter = 0;

/**
 * Temporary name, data to disk, then one rename (or link, which refuses to replace), then the folder's entry to disk. Folders
 * are made when something turns out to lack them: a recording publishes hundreds of files a minute into folders that are there.
 */
export async function publish(
  root: string,
  target: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  options: PublishOptions,
): Promise<'stored' | 'exists'> {
  const temporary = path.join(root, TEMPORARY, `${process.pid}-${counter++}-${Date.now()}`);
  const opened = await inFolder(temporary, () => open(temporary, 'wx', 0o640));
  let isThere = true;
  try {
    await writeBody(opened.result, body, options);
    const { made, result } = await inFolder(target, () =>
      options.ifAbsent ? linked(temporary, target) : moved(temporary, target),
    );
    isThere = result !== 'moved';
    if (result === 'exists') return 'exists';
    if (options.fsync) await syncEntries(target, [...opened.made, ...made]);
    return 'stored';
  } finally {
    if (isThere) await unlink(temporary).catch(unlessMissing);
  }
}

/** Removes what processes left behind that are no longer alive. */
export async function sweep(root: string): Promise<void> {
  const names = await readdir(path.join(root, TEMPORARY)).catch(() => []);
  for (const name of names) {
    if (!alive(Number.parseInt(name, 10))) await rm(path.join(root, TEMPORARY, name), { force: true });
  }
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/** Does it, and once more after making the folder that it lacked; tells which folders those were. */
async function inFolder<T>(file: string, action: () => Promise<T>): Promise<{ result: T; made: readonly string[] }> {
  try {
    return { result: await action(), made: [] };
  } catch (error) {
    unlessMissing(error);
  }
  const made = await makeFolders(path.dirname(file));
  return { result: await action(), made };
}

/** Brings to disk that the file is there, and the folders above it that were made for it. */
async function syncEntries(target: string, made: readonly string[]): Promise<void> {
  for (const folder of new Set([target, ...made].map((entry) => path.dirname(entry)))) await syncFolder(folder);
}

const moved = (temporary: string, target: string): Promise<'moved'> => rename(temporary, target).then(() => 'moved');

const linked = (temporary: string, target: string): Promise<'linked' | 'exists'> =>
  link(temporary, target).then(
    () => 'linked',
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return 'exists';
      throw error;
    },
  );

function alive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
