import { defineDialect } from '@speed-protocol/simulator';
import { listings } from './listing.js';
import { RecordedServer } from './recorded/server.js';
import { readFrame } from './replay.js';
import { OkxServer } from './venue-server.js';

/** OKX, as the simulator plays it: spot, swaps and dated futures behind one set of doors. */
export default defineDialect({
  id: 'okx',
  venues: [{ id: 'okx', sequence: 'shared', aggregateMs: 0, listing: listings }],
  create: (host) => new Map([...host.venues].map(([id, venue]) => [id, new OkxServer(venue, host)])),
  replay: readFrame,
  recorded: (host) => new Map([...host.venues].map(([id, venue]) => [id, new RecordedServer(venue, host)])),
});
