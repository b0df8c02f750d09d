import { defineDialect } from '@speed-protocol/simulator';
import { listings } from './listing.js';
import { DeribitServer } from './venue-server.js';

/** Deribit, as the simulator plays it: perpetuals, dated futures and spot behind one door. */
export default defineDialect({
  id: 'deribit',
  venues: [{ id: 'deribit', sequence: 'shared', aggregateMs: 0, listing: listings }],
  create: (host) => new Map([...host.venues].map(([id, venue]) => [id, new DeribitServer(venue, host)])),
});
