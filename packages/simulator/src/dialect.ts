import type { VirtualClock } from './clock.js';
import type { VenueFaults } from './faults/order-faults.js';
import type { ReplayReader } from './flow/replay.js';
import type { Random } from './random.js';
import type { RecordedDoor } from './recorded.js';
import type { VenueServer } from './server/exchange.js';
import type { Venue, VenueRow } from './venue.js';

/** How hard the venues enforce their limits. Durations are those of the venues unless set. */
export interface LimitOptions {
  /** Factor on request-weight budgets; `Infinity` switches them off. Default 1. */
  readonly weightFactor?: number;
  /** Factor on the numbers of orders per account; `Infinity` switches them off. Default that of weights. */
  readonly orderFactor?: number;
  /** How long an address stays banned after ignoring 429, ms. */
  readonly banMs?: number;
  /** Sockets are closed at this age, ms. */
  readonly socketLifetimeMs?: number;
  readonly pingIntervalMs?: number;
  /** A socket that does not answer a ping for this long is dropped, ms. */
  readonly pongTimeoutMs?: number;
}

/** What a dialect gets to work with. */
export interface DialectHost {
  /** The venues of this dialect that were asked for. */
  readonly venues: ReadonlyMap<string, Venue>;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly limits: LimitOptions;
  /** What goes wrong with orders, to be asked by venue id. */
  faults(venue: string): VenueFaults;
}

export interface DialectDefinition {
  /** The exchange's name, e.g. `binance`. */
  readonly id: string;
  readonly venues: readonly VenueRow[];
  /** Makes the doors of the asked-for venues; venues that share limits share them here. */
  create(host: DialectHost): ReadonlyMap<string, VenueServer>;
  /** Reads the exchange's own frames, so that captures can drive a book. */
  readonly replay?: ReplayReader;
  /** Makes doors that send what is played into them, in place of those of {@link create}. */
  readonly recorded?: (host: DialectHost) => ReadonlyMap<string, RecordedDoor>;
}

const BRAND = Symbol.for('speed.dialect');

export type Dialect = DialectDefinition & { readonly api: 1 };

/** Brands a dialect: the default export of an exchange plugin's `./sim`. */
export function defineDialect(definition: DialectDefinition): Dialect {
  return Object.freeze({ ...definition, api: 1 as const, [BRAND]: true });
}

/** True for the result of {@link defineDialect} of any copy of this package. */
export function isDialect(value: unknown): value is Dialect {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
