import { type CommandOutcome, type ErrorKind, SpeedError } from '@speed-protocol/core';

/** Kinds that a bare HTTP status stands for; without the venue's own word they may come from anything in between. */
const OF_STATUS: ReadonlySet<ErrorKind> = new Set(['invalid-request', 'unauthorized', 'not-found', 'rejected']);

/**
 * What a failed command's error proves. `rejected` takes proof: the venue's own refusal, or that nothing was sent. All else
 * is `unknown`.
 * @throws what is no SpeedError: a fault of ours, not of the command
 */
export function outcomeOf(error: unknown): CommandOutcome {
  if (!SpeedError.is(error)) throw error;
  const isProof = error.outcomeKnown && (error.venueCode !== undefined || !OF_STATUS.has(error.kind));
  return isProof ? { status: 'rejected', reason: error } : { status: 'unknown', cause: error };
}

/** The outcome of a command whose answer cannot be read: it may have been carried out. */
export function unreadable(venue: string, what: string, cause: unknown): CommandOutcome {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${venue} ${what}: the answer is not of the documented shape: ${why}`;
  return { status: 'unknown', cause: new SpeedError('protocol', message, { venue, cause, outcomeKnown: false }) };
}
