import { defineDialect } from '@speed-protocol/simulator';
import { listings } from './listing.js';
import { BybitServer } from './venue-server.js';

/** Bybit, as the simulator plays it: spot, perpetuals and dated futures behind one set of doors. */
export default defineDialect({
  id: 'bybit',
  venues: [{ id: 'bybit', sequence: 'shared', aggregateMs: 0, listing: listings }],
  create: (host) => new Map([...host.venues].map(([id, venue]) => [id, new BybitServer(venue, host)])),
});
