import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and its parents. Not `mkdir({ recursive: true })`: that one never returns on file systems that answer
 * ENOENT to every mkdir (procfs).
 */
export async function makeFolders(folder: string): Promise<void> {
  const error = await tryMake(folder);
  if (error === undefined) return;
  if (error.code === 'EEXIST') return isFolder(folder, error);
  if (error.code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
  await makeFolders(path.dirname(folder));
  const again = await tryMake(folder);
  if (again?.code === 'EEXIST') return isFolder(folder, again);
  if (again !== undefined) throw again;
}

const tryMake = (folder: string): Promise<NodeJS.ErrnoException | undefined> =>
  mkdir(folder, 0o750).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );

async function isFolder(folder: string, error: NodeJS.ErrnoException): Promise<void> {
  if (!(await stat(folder)).isDirectory()) throw error;
}
