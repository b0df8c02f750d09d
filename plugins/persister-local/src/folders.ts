import { mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and its parents, and tells which it made, topmost first.
 * Not `mkdir({ recursive: true })`: that one never returns on file systems that answer ENOENT to every mkdir (procfs).
 */
export async function makeFolders(folder: string): Promise<string[]> {
  const error = await tryMake(folder);
  if (error === undefined) return [folder];
  if (error.code === 'EEXIST') return existing(folder, error);
  if (error.code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
  const made = await makeFolders(path.dirname(folder));
  const again = await tryMake(folder);
  if (again?.code === 'EEXIST') return [...made, ...(await existing(folder, again))];
  if (again !== undefined) throw again;
  return [...made, folder];
}

/** Brings a folder's entries to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder on the way to it is not there. */
export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';

const tryMake = (folder: string): Promise<NodeJS.ErrnoException | undefined> =>
  mkdir(folder, 0o750).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );

async function existing(folder: string, error: NodeJS.ErrnoException): Promise<string[]> {
  if (!(await stat(folder)).isDirectory()) throw error;
  return [];
}
