import { SpeedError, type SpeedEvent, systemClock } from '@speed-protocol/core';
import { assemble } from './assemble.js';
import { followRealTime, VirtualClock } from './clock.js';
import type { Dialect, LimitOptions } from './dialect.js';
import { describeVenues, openDoors } from './doors.js';
import { Faults } from './faults/faults.js';
import type { VenueServer } from './server/exchange.js';
import type { Origin } from './server/origin.js';
import type { ReadyVenue } from './simulation.js';
import { createWorld } from './world.js';

/** The doors of a venue whose market data is played in from outside: no engine, no accounts. */
export interface RecordedDoor extends VenueServer {
  /**
   * Pushes one event to whoever listens to its stream, in the venue's own words; depth also moves the book that REST
   * answers from. @returns messages sent
   */
  play(event: SpeedEvent): number;
  /** Streams that somebody listens to. */
  readonly streams: number;
}

export interface RecordedOptions {
  readonly dialects: readonly Dialect[];
  /** Venue ids to open. */
  readonly venues: readonly string[];
  /** First port: venues take it and the following ones. Default: any free ports. */
  readonly port?: number | undefined;
  readonly limits?: LimitOptions | undefined;
}

/** Venues that play what they are told. */
export interface RecordedVenues extends AsyncDisposable {
  readonly venues: Readonly<Record<string, ReadyVenue>>;
  /** Streams that somebody listens to, over all venues. */
  readonly streams: number;
  /** See {@link RecordedDoor.play}; events of venues that are not open are nobody's. */
  play(event: SpeedEvent): number;
  close(): Promise<void>;
}

/**
 * Opens venues that speak their wire protocols on loopback and send what is played into them: a recording, so that any SDK
 * can be replayed into.
 * @throws SpeedError `config` on an unknown venue or a port in use, `unsupported` when a dialect cannot play recordings
 */
export async function openRecordedVenues({ dialects, venues, port, limits }: RecordedOptions): Promise<RecordedVenues> {
  const clock = new VirtualClock(systemClock.now());
  const world = createWorld({ clock, seed: 0 });
  const origins: Origin[] = [];
  const faults = new Faults({
    clock,
    random: world.random.fork('faults'),
    peers: () => origins.flatMap((origin) => [...origin.peers]),
    announceShutdown: () => {},
    expireKeys: () => 0,
  });
  const playing = dialects.map((dialect) => ({ ...dialect, create: dialect.recorded ?? unable(dialect) }));
  const assembly = assemble({ dialects: playing, venues, limits }, world, faults.orders);
  const { catchUp, stop } = followRealTime(clock, systemClock);
  const doors = assembly.servers as ReadonlyMap<string, RecordedDoor>;
  const close = async () => {
    stop();
    await Promise.all(origins.splice(0).map((origin) => origin.close()));
  };
  try {
    origins.push(...(await openDoors(assembly, { port, clock, catchUp, faults })));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    venues: describeVenues(origins, assembly),
    get streams() {
      return [...doors.values()].reduce((sum, door) => sum + door.streams, 0);
    },
    play: (event) => doors.get(event.venue)?.play(event) ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Only a venue that is asked for has to be able. */
function unable({ id }: Dialect): Dialect['create'] {
  return ({ venues }) => {
    if (venues.size === 0) return new Map();
    throw new SpeedError(
      'unsupported',
      `the dialect "${id}" cannot play recordings yet; choose the other venues (--venues), or replay through a connector`,
    );
  };
}
