import { type CommandOutcome, SpeedError } from '@speed-protocol/core';

/** A command's outcome; what it throws unsent is a refusal, anything else leaves it open. */
export async function attempt(command: () => Promise<CommandOutcome>): Promise<CommandOutcome> {
  try {
    return await command();
  } catch (error) {
    return outcomeOf(error);
  }
}

/** What a thrown error says about the command that threw it. */
export function outcomeOf(error: unknown): CommandOutcome {
  const reason = asSpeedError(error);
  return reason.outcomeKnown ? { status: 'rejected', reason } : { status: 'unknown', cause: reason };
}

/** Anything thrown, as one of ours. */
function asSpeedError(error: unknown): SpeedError {
  if (SpeedError.is(error)) return error;
  return new SpeedError('connection', error instanceof Error ? error.message : String(error), { cause: error });
}
