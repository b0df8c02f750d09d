import type { Assembly } from './assemble.js';
import type { VirtualClock } from './clock.js';
import type { Faults } from './faults/faults.js';
import { Origin } from './server/origin.js';
import type { ReadyVenue } from './simulation.js';

export interface DoorOptions {
  /** First port; any free ones without it. */
  readonly port: number | undefined;
  readonly clock: VirtualClock;
  readonly catchUp: () => void;
  readonly faults: Faults;
}

/**
 * Opens one origin per venue: all, or none.
 * @throws SpeedError `config` when a port is taken
 */
export async function openDoors({ servers }: Assembly, options: DoorOptions): Promise<Origin[]> {
  let peers = 0;
  const { port, ...shared } = options;
  const opening = [...servers].map(([venue, server], i) =>
    Origin.open({ ...shared, venue, server, port: port ? port + i : 0, nextPeerId: () => ++peers }),
  );
  const results = await Promise.allSettled(opening);
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return opened;
  await Promise.all(opened.map((origin) => origin.close()));
  throw failed.reason;
}

/** Base URLs and symbols of every venue. */
export function describeVenues(origins: readonly Origin[], { servers, venues }: Assembly): Record<string, ReadyVenue> {
  const rows = origins.map((origin) => {
    const endpoints = servers.get(origin.venue)!.endpoints(origin.httpUrl, origin.wsUrl);
    const symbols = venues.get(origin.venue)!.markets.map((market) => market.listing.symbol);
    return [origin.venue, { ...endpoints, symbols }] as const;
  });
  return Object.fromEntries(rows);
}
