import type { Instrument, Persister } from '@speed-protocol/core';
import { SpeedError } from '@speed-protocol/core';

const keyOf = (venue: string) => `_meta/instruments/${encodeURIComponent(venue)}.json`;

/** Keeps a venue's listing beside its recording: a replay needs tick sizes, and the venue may have changed them by then. */
export async function saveInstruments(store: Persister, venue: string, instruments: readonly Instrument[]): Promise<void> {
  await store.put(keyOf(venue), new TextEncoder().encode(JSON.stringify(instruments)));
}

/** The listing that was kept; empty when there is none. */
export async function loadInstruments(store: Persister, venue: string): Promise<readonly Instrument[]> {
  try {
    return JSON.parse(new TextDecoder().decode(await store.get(keyOf(venue)))) as readonly Instrument[];
  } catch (cause) {
    if (SpeedError.is(cause, 'not-found')) return [];
    if (SpeedError.is(cause)) throw cause;
    throw new SpeedError('protocol', `${store.location}/${keyOf(venue)} is damaged; remove it and record again to renew it`, {
      cause,
    });
  }
}
