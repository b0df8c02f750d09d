import { link, mkdir, open, readdir, rename, rm, stat, truncate, unlink } from 'node:fs/promises';
import type { FileCalls } from './calls.js';

/** Waits in the pool of threads that the whole process shares: the thread that calls goes on with other things. */
export const pooled: FileCalls = {
  ...{ open, stat, truncate, rename, link, unlink, rm },
  entries: (path) => readdir(path, { withFileTypes: true }),
  mkdir: (path, mode) => mkdir(path, mode),
};
