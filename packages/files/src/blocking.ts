import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { FileCalls, OpenFile } from './calls.js';

/** Does it now; a failure is that of the promise. */
const now =
  <A extends unknown[], R>(call: (...args: A) => R) =>
  async (...args: A): Promise<R> =>
    call(...args);

/**
 * The calling thread itself waits for the disk. For a thread that has nothing else to do this is cheaper by far: no other
 * thread is woken for each call, and none competes for a processor with the threads that have no time to lose.
 */
export const blocking: FileCalls = {
  open: now((path, flags, mode) => opened(openSync(path, flags, mode))),
  stat: now((path) => statSync(path)),
  entries: now((path) => readdirSync(path, { withFileTypes: true })),
  truncate: now(truncateSync),
  rename: now(renameSync),
  link: now(linkSync),
  unlink: now(unlinkSync),
  rm: now(rmSync),
  mkdir: now((path, mode) => void mkdirSync(path, mode)),
};

function opened(file: number): OpenFile {
  return {
    write: now((bytes, offset, length, position) => ({ bytesWritten: writeSync(file, bytes, offset, length, position ?? null) })),
    read: now((bytes, offset, length, position) => ({ bytesRead: readSync(file, bytes, offset, length, position) })),
    stat: now(() => fstatSync(file)),
    truncate: now((length) => ftruncateSync(file, length)),
    sync: now(() => fsyncSync(file)),
    datasync: now(() => fdatasyncSync(file)),
    close: now(() => closeSync(file)),
  };
}
