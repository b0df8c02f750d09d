import { type Clock, type Instrument, SpeedError, systemClock } from '@speed-protocol/core';
import type { ListingKey, ListingStore, StoredListing } from './listing-store.js';

export interface Listing extends StoredListing {
  readonly venue: string;
  readonly from: 'venue' | 'cache';
  readonly ageMs: number;
  /** Older than was wished, because the venue could not be asked. */
  readonly stale: boolean;
  /** Why the venue could not be asked, or the listing not kept. */
  readonly problem?: string;
}

export interface ListingOptions {
  /** A kept listing of at most this age is good enough, ms; 0 always asks. */
  readonly maxAgeMs: number;
  /** Never ask the venue: what is kept must do. */
  readonly offline?: boolean | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * The listing of a venue: what is kept if it is young enough, else the venue's own, which is kept then. When the venue
 * cannot be asked, what is kept is handed out with `stale` set.
 * @throws the venue's error, or SpeedError `not-found` when nothing is kept and the venue must not be asked
 */
export async function loadListing(
  key: ListingKey,
  fetch: () => Promise<readonly Instrument[]>,
  store: ListingStore,
  { maxAgeMs, offline = false, clock = systemClock }: ListingOptions,
): Promise<Listing> {
  const kept = await store.read(key);
  const ageMs = kept ? Math.max(0, clock.now() - kept.fetchedAt) : Number.POSITIVE_INFINITY;
  const cached = (problem?: string): Listing | undefined =>
    kept && { ...kept, venue: key.venue, from: 'cache', ageMs, stale: ageMs > maxAgeMs, ...(problem && { problem }) };
  if (offline) return cached('told to stay offline') ?? nothingKept(key.venue);
  if (maxAgeMs > 0 && ageMs <= maxAgeMs) return cached()!;
  let instruments: readonly Instrument[];
  try {
    instruments = await fetch();
  } catch (error) {
    const old = SpeedError.is(error, 'aborted') ? undefined : cached((error as Error).message);
    if (old) return old;
    throw error;
  }
  const fetched: Listing = {
    venue: key.venue,
    instruments,
    fetchedAt: Math.round(clock.now()),
    from: 'venue',
    ageMs: 0,
    stale: false,
  };
  return await store.write(key, fetched).then(
    () => fetched,
    (error: Error) => ({ ...fetched, problem: `it could not be kept: ${error.message}` }),
  );
}

function nothingKept(venue: string): never {
  throw new SpeedError('not-found', `no listing of ${venue} is kept: run "speed symbols sync ${venue}" while it can be reached`, {
    venue,
  });
}
