import { nearest, SpeedError } from '@speed-protocol/core';
import type { VirtualClock } from '../clock.js';
import type { Faults } from '../faults/faults.js';
import { checkFault } from '../faults/spec.js';
import type { Oracle } from '../oracle.js';
import type { Venue } from '../venue.js';
import { accountsOf, openAccount } from './account-control.js';
import { viewAccount } from './account-views.js';
import type { ControlRoutes } from './control.js';
import type { VenueServer } from './exchange.js';

export interface ControlledSimulation {
  readonly clock: VirtualClock;
  readonly virtual: boolean;
  readonly oracle: Oracle;
  readonly faults: Faults;
  readonly venues: ReadonlyMap<string, Venue>;
  readonly servers: ReadonlyMap<string, VenueServer>;
  catchUp(): void;
  ready(): unknown;
  replay(): unknown;
}

/** The routes of the control port. */
export function controlRoutes(simulation: ControlledSimulation): ControlRoutes {
  const { faults, oracle } = simulation;
  return {
    'GET /__sim/ready': () => simulation.ready(),
    'GET /__sim/book': (query) =>
      oracle.book(venueOf(query, simulation), required(query, 'symbol'), wholeNumber(query, 'sequence')),
    'GET /__sim/ledger': (query) => ledger(query, simulation),
    'POST /__sim/accounts': (_query, body) => {
      simulation.catchUp();
      return openAccount(body, simulation.servers);
    },
    'GET /__sim/faults': () => ({ hits: faults.hits, active: faults.active, records: faults.records }),
    'POST /__sim/faults': (_query, body) => {
      simulation.catchUp();
      return faults.inject(checkFault(body));
    },
    'DELETE /__sim/faults': (query) => {
      const id = wholeNumber(query, 'id');
      if (id !== undefined) return { removed: faults.remove(id) };
      faults.clear();
      return { removed: true };
    },
    'GET /__sim/replay': () => simulation.replay() ?? null,
    'GET /__sim/clock': () => clockOf(simulation),
    'POST /__sim/clock': (query) => {
      if (!simulation.virtual)
        throw new SpeedError('invalid-request', 'this simulation follows real time; start it with a virtual clock');
      simulation.clock.advance(wholeNumber(query, 'advanceMs') ?? 0);
      return clockOf(simulation);
    },
  };
}

function clockOf({ clock, virtual, catchUp }: ControlledSimulation) {
  catchUp();
  return { now: clock.now(), virtual };
}

/** With `account`: all of that account. Else the open markets of one venue or all: the latest trades and where each book stands. */
function ledger(query: URLSearchParams, simulation: ControlledSimulation): unknown {
  simulation.catchUp();
  const name = query.get('account');
  return name === null ? markets(query, simulation) : account(name, query, simulation);
}

const PAGE = 1000;

function account(name: string, query: URLSearchParams, { venues, servers }: ControlledSimulation): unknown {
  const venue = required(query, 'venue');
  const accounts = accountsOf(venue, servers);
  const found = accounts.get(name);
  if (!found) {
    const near = nearest(name, accounts.names);
    throw new SpeedError('not-found', `${venue} has no account "${name}"${near ? `; did you mean "${near}"?` : ''}`);
  }
  const page = { after: wholeNumber(query, 'after') ?? 0, limit: wholeNumber(query, 'limit') ?? PAGE };
  return viewAccount(venues.get(venue)!, accounts, found, page);
}

function markets(query: URLSearchParams, { venues, servers }: ControlledSimulation): unknown {
  const symbol = query.get('symbol');
  const chosen = [...venues.values()].filter((venue) => (query.get('venue') ?? venue.id) === venue.id);
  const open = chosen.flatMap((venue) => (symbol ? [venue.require(symbol)] : venue.markets));
  return {
    accounts: chosen.flatMap(({ id }) => (servers.get(id)?.accounts?.names ?? []).map((name) => ({ venue: id, account: name }))),
    markets: open.map((market) => ({
      venue: market.venue,
      symbol: market.listing.symbol,
      venueSymbol: market.listing.venueSymbol,
      sequence: market.book.lastId,
      openInterest: market.openInterest ? market.grid.size(market.openInterest.lots) : null,
      trades: market.tape.trades.map(({ id, price, size, side, time }) => ({
        id: String(id),
        price: market.grid.price(price),
        size: market.grid.size(size),
        side,
        time,
      })),
    })),
  };
}

function venueOf(query: URLSearchParams, { venues }: ControlledSimulation): string {
  const venue = query.get('venue');
  if (venue !== null) return venue;
  if (venues.size === 1) return [...venues.keys()][0]!;
  throw new SpeedError('invalid-request', `say which venue: ?venue=${[...venues.keys()].join('|')}`);
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (!value) throw new SpeedError('invalid-request', `?${name}= is missing`);
  return value;
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw new SpeedError('invalid-request', `?${name}= must be a whole number, not "${text}"`);
  return Number(text);
}
