import { type ErrorKind, SpeedError } from '@speed-protocol/core';

const ERRNO: Readonly<Record<string, { kind: ErrorKind; say: string }>> = {
  ENOSPC: { kind: 'unavailable', say: 'the disk is full; free space, what was acknowledged is safe' },
  EDQUOT: { kind: 'unavailable', say: 'the disk quota is used up; free space, what was acknowledged is safe' },
  EFBIG: { kind: 'unavailable', say: 'the file size limit is reached; raise it (ulimit -f)' },
  EIO: { kind: 'unavailable', say: 'the disk reports an input/output error; check the disk' },
  EMFILE: { kind: 'unavailable', say: 'too many open files; raise the limit (ulimit -n)' },
  EACCES: { kind: 'unauthorized', say: 'permission denied; give this user write access or choose another folder' },
  EPERM: { kind: 'unauthorized', say: 'operation not permitted; give this user write access or choose another folder' },
  EROFS: { kind: 'config', say: 'the file system is read-only; choose another folder' },
  ENOTDIR: { kind: 'config', say: 'a part of the path is a file; choose another folder' },
  EEXIST: { kind: 'config', say: 'a file is in the way; choose another folder' },
  ENOENT: { kind: 'not-found', say: 'the folder is gone; make it or choose another one' },
};

/** A file system error on the log as a SpeedError that says what to do; others pass through. */
export function logError(error: unknown, where: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const row = code === undefined ? undefined : ERRNO[code];
  if (row === undefined || SpeedError.is(error)) return error;
  return new SpeedError(row.kind, `The log in ${where}: ${row.say} (${code})`, {
    cause: error,
    venueCode: code,
    outcomeKnown: true,
  });
}

/** True when trying again later can help. */
export const isPassing = (error: unknown): boolean =>
  SpeedError.is(error) && ['unavailable', 'connection', 'timeout', 'rate-limited'].includes(error.kind);

/** True when the disk has no room. */
export const isFull = (error: unknown): boolean =>
  SpeedError.is(error, 'unavailable') && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(error.venueCode ?? '');
