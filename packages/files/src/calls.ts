import type { Dirent, Stats } from 'node:fs';

/** An open file. Failures are those of `node:fs`: an Error with the system's `code`. */
export interface OpenFile {
  /** A system may take less than it is given. @param position absent = where the last one ended */
  write(bytes: Uint8Array, offset: number, length: number, position?: number): Promise<{ readonly bytesWritten: number }>;
  /** 0 at the end of the file. */
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  stat(): Promise<Stats>;
  truncate(length: number): Promise<void>;
  /** Content and all that is known of the file are on disk. */
  sync(): Promise<void>;
  /** Content, and what is needed to read it, are on disk. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** The calls of the file system that the log and a store need; where not said otherwise as in `node:fs/promises`. */
export interface FileCalls {
  open(path: string, flags: 'r' | 'r+' | 'wx', mode?: number): Promise<OpenFile>;
  stat(path: string): Promise<Stats>;
  /** What is in a folder, with its type. */
  entries(path: string): Promise<Dirent[]>;
  truncate(path: string, length: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Removing what is not there is fine. */
  rm(path: string, options: { readonly force: true }): Promise<void>;
  mkdir(path: string, mode: number): Promise<void>;
}
