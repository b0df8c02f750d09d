import { SpeedError } from '@speed-protocol/core';

/** What the store says when it does not open, and what its user can do about it. */
const EXPLAINED: readonly (readonly [RegExp, (folder: string) => string])[] = [
  [
    /LEVEL_LOCKED|already held|lock .*(unavailable|temporarily)/i,
    (folder) => `The order journal in ${folder} is in use by another process; stop that one or choose another folder`,
  ],
  [
    /permission denied|EACCES|EROFS|read-only/i,
    (folder) => `The order journal in ${folder} is not writable; check the owner and the rights of the folder`,
  ],
  [
    /not a directory|file exists|ENOTDIR|EEXIST/i,
    (folder) => `The order journal cannot be in ${folder}: something on that path is not a folder; choose another`,
  ],
  [
    /corrupt|LEVEL_CORRUPTION|no such file|does not exist|CURRENT file/i,
    (folder) =>
      `The order journal in ${folder} is damaged; restore it from a copy, or move it away and reconcile by the venue's open orders`,
  ],
];

/** The store's complaint as one of ours. */
export function asJournalError(error: unknown, folder: string): SpeedError {
  if (SpeedError.is(error)) return error;
  const text = describe(error);
  const explain = EXPLAINED.find(([pattern]) => pattern.test(text))?.[1];
  const message = explain ? explain(folder) : `The order journal in ${folder} cannot be opened: ${text}`;
  return new SpeedError('config', message, { cause: error });
}

/** Code and message of an error and of its causes. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? `${String(error.code)} ` : '';
  return `${code}${error.message}${error.cause === undefined ? '' : `: ${describe(error.cause)}`}`;
}
