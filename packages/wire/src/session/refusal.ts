import { SpeedError } from '@speed-protocol/core';

/** The venue's refusal of a subscription, for a `nack`. */
export function refusedSubscription(why = 'no reason given', venueCode?: string | number): SpeedError {
  const code = venueCode === undefined ? undefined : String(venueCode);
  return new SpeedError('rejected', `the venue refused the subscription: ${why}`, { venueCode: code });
}
