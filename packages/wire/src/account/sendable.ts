import { type CommandOptions, type Instrument, type Reference, SpeedError } from '@speed-protocol/core';

/** The instrument, or why there is none although it may exist. @throws SpeedError `not-found` of our own listing, `aborted` */
export async function sendable(reference: Reference, symbol: string, options: CommandOptions): Promise<Instrument | SpeedError> {
  try {
    return await reference.instrument(symbol, options);
  } catch (error) {
    if (isUnknownSymbol(error)) throw error;
    return unsent(error);
  }
}

export function isInstrument(found: Instrument | SpeedError): found is Instrument {
  return !SpeedError.is(found);
}

/** True when our listing has no such symbol; a venue that says so has been asked. */
export function isUnknownSymbol(error: unknown): boolean {
  return SpeedError.is(error, 'not-found') && error.venueCode === undefined;
}

/** What an error means when it came before the command itself was sent. @throws what is no SpeedError */
export function unsent(error: unknown): SpeedError {
  if (!SpeedError.is(error)) throw error;
  const { kind, venue, venueCode, retryAfterMs } = error;
  const message = `${error.message}; the command was not sent`;
  return new SpeedError(kind, message, { venue, venueCode, retryAfterMs, cause: error, outcomeKnown: true });
}

/** True when the venue's own word is one of these codes. */
export function saysOneOf(error: unknown, codes: ReadonlySet<string> | undefined): boolean {
  return SpeedError.is(error) && error.venueCode !== undefined && codes?.has(error.venueCode) === true;
}
