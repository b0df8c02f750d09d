import { type ErrorKind, SpeedError } from '@speed-protocol/core';

/** What the system said -> kind and remedy. */
const ERRNO: Readonly<Record<string, { kind: ErrorKind; say: string }>> = {
  ENOSPC: { kind: 'unavailable', say: 'the disk is full; free space or choose another folder' },
  EDQUOT: { kind: 'unavailable', say: 'the disk quota is used up; free space or choose another folder' },
  EFBIG: { kind: 'unavailable', say: 'the file size limit is reached; raise it (ulimit -f) or choose another folder' },
  EACCES: { kind: 'unauthorized', say: 'permission denied; give this user write access to the folder' },
  EPERM: { kind: 'unauthorized', say: 'operation not permitted; give this user write access to the folder' },
  EROFS: { kind: 'config', say: 'the file system is read-only; choose another folder' },
  ENOTDIR: { kind: 'config', say: 'a part of the path is a file, not a folder; choose another folder' },
  EEXIST: { kind: 'config', say: 'a file is where a folder should be; choose another folder' },
  ENOENT: { kind: 'not-found', say: 'there is no such file' },
  EMFILE: { kind: 'unavailable', say: 'too many open files; raise the limit (ulimit -n)' },
  EIO: { kind: 'unavailable', say: 'the disk reports an input/output error; check the disk' },
};

/** A file system error as a SpeedError; others pass through. */
export function localError(error: unknown, where: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined || SpeedError.is(error)) return error;
  const row = ERRNO[code];
  if (row === undefined) return error;
  return new SpeedError(row.kind, `${where}: ${row.say} (${code})`, { cause: error, venueCode: code, outcomeKnown: true });
}
