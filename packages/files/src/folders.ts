import path from 'node:path';
import type { FileCalls } from './calls.js';

/**
 * Makes a folder and its parents, and tells which it made, topmost first.
 * Not `mkdir({ recursive: true })`: that one never returns on file systems that answer ENOENT to every mkdir (procfs).
 */
export async function makeFolders(calls: FileCalls, folder: string): Promise<string[]> {
  const error = await tryMake(calls, folder);
  if (error === undefined) return [folder];
  if (error.code === 'EEXIST') return existing(calls, folder, error);
  if (error.code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
  const made = await makeFolders(calls, path.dirname(folder));
  const again = await tryMake(calls, folder);
  if (again?.code === 'EEXIST') return [...made, ...(await existing(calls, folder, again))];
  if (again !== undefined) throw again;
  return [...made, folder];
}

/** Brings a folder's entries to disk. */
export async function syncFolder(calls: FileCalls, folder: string): Promise<void> {
  const file = await calls.open(folder, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const tryMake = (calls: FileCalls, folder: string): Promise<NodeJS.ErrnoException | undefined> =>
  calls.mkdir(folder, 0o750).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );

async function existing(calls: FileCalls, folder: string, error: NodeJS.ErrnoException): Promise<string[]> {
  if (!(await calls.stat(folder)).isDirectory()) throw error;
  return [];
}
