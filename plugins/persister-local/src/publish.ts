import path from 'node:path';
import { type FileCalls, makeFolders, syncFolder } from '@speed-protocol/files';
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
  calls: FileCalls,
  root: string,
  target: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  options: PublishOptions,
): Promise<'stored' | 'exists'> {
  const temporary = path.join(root, TEMPORARY, `${process.pid}-${counter++}-${Date.now()}`);
  const opened = await inFolder(calls, temporary, () => calls.open(temporary, 'wx', 0o640));
  let isThere = true;
  try {
    await writeBody(opened.result, body, options);
    const { made, result } = await inFolder(calls, target, () =>
      options.ifAbsent ? linked(calls, temporary, target) : moved(calls, temporary, target),
    );
    isThere = result !== 'moved';
    if (result === 'exists') return 'exists';
    if (options.fsync) await syncEntries(calls, target, [...opened.made, ...made]);
    return 'stored';
  } finally {
    if (isThere) await calls.unlink(temporary).catch(unlessMissing);
  }
}

/** Removes what processes left behind that are no longer alive. */
export async function sweep(calls: FileCalls, root: string): Promise<void> {
  const entries = await calls.entries(path.join(root, TEMPORARY)).catch(() => []);
  for (const { name } of entries) {
    if (!alive(Number.parseInt(name, 10))) await calls.rm(path.join(root, TEMPORARY, name), { force: true });
  }
}

/** A folder on the way to it is not there. */
function unlessMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'ENOENT') throw error;
}

/** Does it, and once more after making the folder that it lacked; tells which folders those were. */
async function inFolder<T>(
  calls: FileCalls,
  file: string,
  action: () => Promise<T>,
): Promise<{ result: T; made: readonly string[] }> {
  try {
    return { result: await action(), made: [] };
  } catch (error) {
    unlessMissing(error);
  }
  const made = await makeFolders(calls, path.dirname(file));
  return { result: await action(), made };
}

/** Brings to disk that the file is there, and the folders above it that were made for it. */
async function syncEntries(calls: FileCalls, target: string, made: readonly string[]): Promise<void> {
  for (const folder of new Set([target, ...made].map((entry) => path.dirname(entry)))) await syncFolder(calls, folder);
}

const moved = (calls: FileCalls, temporary: string, target: string): Promise<'moved'> =>
  calls.rename(temporary, target).then(() => 'moved');

const linked = (calls: FileCalls, temporary: string, target: string): Promise<'linked' | 'exists'> =>
  calls.link(temporary, target).then(
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
