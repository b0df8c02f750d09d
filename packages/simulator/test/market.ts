import { VirtualClock } from '../src/clock.js';
import type { Listing } from '../src/listing.js';
import { Venue, type VenueRow } from '../src/venue.js';
import { createWorld, type WorldOptions } from '../src/world.js';

export const PERPETUAL: Listing = {
  symbol: 'BTC/USDT:USDT',
  venueSymbol: 'BTCUSDT',
  kind: 'perpetual',
  base: 'BTC',
  quote: 'USDT',
  settle: 'USDT',
  inverse: false,
  contractSize: '1',
  tickSize: '0.10',
  lotSize: '0.001',
  fundingIntervalHours: 8,
  asset: 'BTC',
  price: 90_000,
};

export const SPOT: Listing = {
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  kind: 'spot',
  base: 'BTC',
  quote: 'USDT',
  contractSize: '1',
  tickSize: '0.01',
  lotSize: '0.00001',
  asset: 'BTC',
  price: 90_000,
};

export const INVERSE: Listing = {
  ...PERPETUAL,
  symbol: 'BTC/USD:BTC',
  venueSymbol: 'BTCUSD',
  quote: 'USD',
  settle: 'BTC',
  inverse: true,
  contractSize: '100',
  lotSize: '1',
};

export const START = Date.UTC(2026, 10, 20, 7, 59, 0);

const ROW: VenueRow = { id: 'test', sequence: 'shared', aggregateMs: 100, listing: () => [PERPETUAL] };

/** A venue on a virtual clock, nothing open yet. */
export function testVenue(row: Partial<VenueRow> = {}, world: Partial<WorldOptions> = {}): Venue {
  const clock = new VirtualClock(START);
  return new Venue({ ...ROW, ...row }, createWorld({ clock, seed: 1, ...world }));
}
