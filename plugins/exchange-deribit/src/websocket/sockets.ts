import { type SocketSpec, whenIdle } from '@speed-protocol/wire';
import type { VenueId } from '../config.js';
import { commands, ping } from './commands.js';

/** The venue has one door for everything. */
export const SOCKET_PATH = '/ws/api/v2';

/** The venue cuts nobody for silence unless asked to. */
export const HEARTBEAT = whenIdle(ping);

/** @param origin of its stream host, e.g. `wss://www.deribit.com` */
export function socketsOf(venue: VenueId, origin: string): Readonly<Record<'public', SocketSpec>> {
  return {
    public: {
      name: `${venue}.public`,
      url: origin + SOCKET_PATH,
      routing: [['params', 'channel']],
      commands: commands(),
      heartbeat: HEARTBEAT,
      // 3.3 subscriptions a second by credits, 32 KB a message, 32 connections an address: few large ones.
      limits: { topicsPerConnection: 500, topicsPerMessage: 250, messagesPerSecond: 3 },
    },
  };
}
