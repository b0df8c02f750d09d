import { type FileHandle, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { makeFolders } from './folders.js';

/**
 * The system calls that the log needs, in one place: a test puts a failing one between, at the boundary where a full or
 * broken disk speaks.
 */
export interface LogFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface LogFiles {
  create(path: string): Promise<LogFile>;
  reopen(path: string): Promise<LogFile>;
  /** @param room is used for the bytes when it is large enough */
  read(path: string, room?: Uint8Array): Promise<Uint8Array>;
  list(folder: string): Promise<string[]>;
  size(path: string): Promise<number>;
  truncate(path: string, length: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(folder: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
}

export const realFiles: LogFiles = {
  create: async (path) => opened(await open(path, 'wx', 0o640)),
  reopen: async (path) => opened(await open(path, 'r+')),
  read: readAligned,
  list: (folder) => readdir(folder),
  size: async (path) => (await stat(path)).size,
  truncate,
  rename,
  remove: (path) => rm(path, { force: true }),
  makeFolder: makeFolders,
  async syncFolder(folder) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

function opened(handle: FileHandle): LogFile {
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

/** The whole file at the start of a buffer: rows are read in place and need an aligned start. */
async function readAligned(path: string, room?: Uint8Array): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = room !== undefined && room.length >= size ? room.subarray(0, size) : new Uint8Array(size);
    let done = 0;
    for (let read = -1; read !== 0 && done < size; done += read) read = (await handle.read(bytes, done, size - done)).bytesRead;
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}
