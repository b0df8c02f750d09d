import { SpeedError } from '@speed-protocol/core';

/** Exit codes that scripts can trust. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command has said why it failed: only the exit code is left to set. */
export class ReportedFailure extends Error {
  override readonly name = 'ReportedFailure';
}

export function exitCode(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

/** What to do, by the operating system's code of a failed call. */
const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'that port is in use: stop what listens there, or choose another with --port (0 takes a free one)',
  EACCES: 'permission denied: check the rights of that file, or use a port above 1023',
  ENOENT: 'no such file: check the path',
  EISDIR: 'that is a folder; name a file',
  ECONNREFUSED: 'nothing listens there: is it running, and is the address right?',
};

/** One paragraph for people; with `debug`, the stack and the causes below it. */
export function describeError(error: unknown, debug: boolean): string {
  const text = `speed: ${paragraph(error)}`;
  if (!debug || !(error instanceof Error)) return text;
  return `${text}\n${error.stack}${causes(error)}`;
}

function paragraph(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = SYSTEM_HINTS[(error as NodeJS.ErrnoException).code ?? ''];
  if (hint !== undefined) return `${error.message}: ${hint}`;
  return SpeedError.is(error) ? `${error.message}${details(error)}` : error.message;
}

function details({ kind, venue, venueCode, retryAfterMs }: SpeedError): string {
  const parts = [kind, venue, venueCode && `code ${venueCode}`, retryAfterMs && `retry after ${retryAfterMs} ms`];
  return ` (${parts.filter(Boolean).join(', ')})`;
}

function causes(error: Error): string {
  let text = '';
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) text += `\ncaused by ${cause.stack}`;
  return text;
}
