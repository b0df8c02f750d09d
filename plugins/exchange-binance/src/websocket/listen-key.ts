import { SpeedError } from '@speed-protocol/core';
import {
  asRow,
  KeptSocket,
  parseExact,
  type Row,
  type Upstream,
  type UpstreamHost,
  type VenueContext,
} from '@speed-protocol/wire';
import { type BinanceConfig, resolveVenue } from '../config.js';
import type { BinanceExchange } from '../exchange.js';
import { HEARTBEAT, MAX_AGE_MS, MESSAGES_PER_SECOND, pathsOf } from './sockets.js';

const MINUTE = 60_000;

/** Listen keys live for 60 min; a refusal or a lost answer leaves time for another try. */
const KEEP_KEY_MS = 20 * MINUTE;
const KEEP_KEY_AGAIN_MS = MINUTE;

/** "This listenKey does not exist." */
const NO_SUCH_KEY = '-1125';

/** Futures: a stream whose address is a key that has to be kept alive. */
export function listenKeyUpstream(
  { venue, client }: BinanceExchange,
  { clock, logger, config }: VenueContext<BinanceConfig>,
  host: UpstreamHost,
): Upstream {
  const base = resolveVenue(config, venue).ws + pathsOf(venue, config.environment).private;
  let cancelKeep: () => void = () => {};
  let closed = false;

  const openKey = async (): Promise<string> => {
    const { listenKey } = (await client.call('openListenKey', {}, { lane: 'cancel' })) as Row;
    if (typeof listenKey === 'string') return listenKey;
    throw new SpeedError('protocol', `${venue}: the answer has no listen key`, { venue });
  };
  const keepLater = (ms: number): void => {
    cancelKeep();
    if (!closed) cancelKeep = clock.schedule(ms, () => void keep());
  };
  const keep = async (): Promise<void> => {
    try {
      await client.call('keepListenKey', {}, { lane: 'cancel' });
      keepLater(KEEP_KEY_MS);
    } catch (error) {
      if (closed) return;
      logger.warn({ venue, error }, 'the listen key could not be prolonged');
      if (SpeedError.is(error) && error.venueCode === NO_SUCH_KEY) socket.connection?.cut('the listen key is gone');
      else keepLater(KEEP_KEY_AGAIN_MS);
    }
  };

  const socket = new KeptSocket({
    ...{ name: `${venue}.private`, heartbeat: HEARTBEAT, maxAgeMs: MAX_AGE_MS, clock, logger },
    url: async () => base + (await openKey()),
    messagesPerSecond: MESSAGES_PER_SECOND[venue],
    message: (_connection, text, receivedAt) => host.event(asRow(parseExact(text)), receivedAt),
    up: () => {
      keepLater(KEEP_KEY_MS);
      host.up();
    },
    down: (reason) => {
      cancelKeep();
      host.down(reason);
    },
  });
  return {
    open: (signal) => socket.open(signal),
    cut: (reason) => socket.connection?.cut(reason),
    status: () => (socket.isStarted ? socket.status() : undefined),
    async close() {
      closed = true;
      cancelKeep();
      // The key is not closed: it is the account's, and others may be listening by it.
      await socket.close();
    },
  };
}
