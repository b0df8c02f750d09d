import { nearest, SpeedError } from '@speed-protocol/core';
import type { LimitOptions } from './dialect.js';
import type { OrderFaults } from './faults/order-faults.js';
import { keyOf } from './listing.js';
import type { VenueServer } from './server/exchange.js';
import type { SimulatorOptions } from './simulation.js';
import { Venue, type World } from './venue.js';

/** The venues of a simulation, and their doors. */
export interface Assembly {
  readonly venues: ReadonlyMap<string, Venue>;
  readonly servers: ReadonlyMap<string, VenueServer>;
}

/**
 * Makes the asked-for venues of all dialects, no market open yet.
 * @throws SpeedError `config` on a venue that no dialect simulates
 */
export function assemble(options: SimulatorOptions, world: World, faults: OrderFaults): Assembly {
  const known = options.dialects.flatMap((dialect) => dialect.venues.map((row) => row.id));
  const wanted = options.venues ?? known;
  for (const id of wanted) if (!known.includes(id)) throw unknown('no dialect simulates', id, known);
  const venues = new Map<string, Venue>();
  const servers = new Map<string, VenueServer>();
  for (const dialect of options.dialects) {
    const rows = dialect.venues.filter(({ id }) => wanted.includes(id));
    const own = new Map(rows.map((row) => [row.id, new Venue(row, world)] as const));
    const limits: LimitOptions = options.limits ?? {};
    const random = world.random.fork(dialect.id);
    const doors = dialect.create({ venues: own, clock: world.clock, random, limits, faults: (venue) => faults.of(venue) });
    for (const [id, venue] of own) venues.set(id, venue);
    for (const [id, server] of doors) servers.set(id, server);
  }
  return { venues, servers };
}

/**
 * Opens the markets that trade from the start.
 * @throws SpeedError `config` on a symbol that none of the venues lists
 */
export function openMarkets(venues: ReadonlyMap<string, Venue>, symbols: number | readonly string[]): void {
  const listed = new Set([...venues.values()].flatMap(({ listings }) => listings.map(({ symbol }) => symbol)));
  if (typeof symbols !== 'number') {
    for (const symbol of symbols) if (!listed.has(symbol)) throw unknown('no simulated venue lists', symbol, [...listed]);
  }
  for (const venue of venues.values()) {
    const chosen =
      typeof symbols === 'number' ? venue.listings.slice(0, symbols) : venue.listings.filter((l) => symbols.includes(l.symbol));
    for (const listing of chosen) venue.market(keyOf(listing));
  }
}

function unknown(what: string, name: string, known: readonly string[]): SpeedError {
  const near = nearest(name, known);
  const some = known.slice(0, 12).join(', ');
  return new SpeedError('config', `${what} "${name}"${near ? `; did you mean "${near}"?` : `; there is ${some}`}`);
}
