import { blocking, type FileCalls, makeFolders, type OpenFile, pooled, syncFolder } from '@speed-protocol/files';

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

const filesOver = (calls: FileCalls): LogFiles => ({
  create: async (path) => opened(await calls.open(path, 'wx', 0o640)),
  reopen: async (path) => opened(await calls.open(path, 'r+')),
  read: (path, room) => readAligned(calls, path, room),
  list: async (folder) => (await calls.entries(folder)).map(({ name }) => name),
  size: async (path) => (await calls.stat(path)).size,
  truncate: (path, length) => calls.truncate(path, length),
  rename: (from, to) => calls.rename(from, to),
  remove: (path) => calls.rm(path, { force: true }),
  makeFolder: async (folder) => void (await makeFolders(calls, folder)),
  syncFolder: (folder) => syncFolder(calls, folder),
});

export const realFiles = filesOver(pooled);
/** For a thread of the log's own: it waits for the disk itself. */
export const blockingFiles = filesOver(blocking);

function opened(file: OpenFile): LogFile {
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}

/** The whole file at the start of a buffer: rows are read in place and need an aligned start. */
async function readAligned(calls: FileCalls, path: string, room?: Uint8Array): Promise<Uint8Array> {
  const handle = await calls.open(path, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = room !== undefined && room.length >= size ? room.subarray(0, size) : new Uint8Array(size);
    let done = 0;
    for (let read = -1; read !== 0 && done < size; done += read)
      read = (await handle.read(bytes, done, size - done, done)).bytesRead;
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}
