import { type SocketSpec, whenIdle } from '@speed-protocol/wire';
import type { VenueId } from '../config.js';
import { commandsOf } from './commands.js';

/**
 * Which kinds of channels share a socket: candles and single trades are told on `business`, what is about all instruments
 * of a type on `products`, the rest on `public`.
 */
export type SocketName = 'public' | 'business' | 'products';

interface SocketRow {
  readonly path: string;
  /** What the argument of its channels names besides the channel. */
  readonly subject: 'instId' | 'instType';
}

const SOCKETS: Readonly<Record<SocketName, SocketRow>> = {
  public: { path: '/ws/v5/public', subject: 'instId' },
  business: { path: '/ws/v5/business', subject: 'instId' },
  products: { path: '/ws/v5/public', subject: 'instType' },
};

/** The sockets of the venue. @param origin of its stream host, e.g. `wss://ws.okx.com:8443` */
export function socketsOf(venue: VenueId, origin: string): Readonly<Record<SocketName, SocketSpec>> {
  const socket = (name: SocketName): SocketSpec => ({
    name: `${venue}.${name}`,
    url: origin + SOCKETS[name].path,
    routing: [
      ['arg', 'channel'],
      ['arg', SOCKETS[name].subject],
    ],
    commands: commandsOf(SOCKETS[name].subject),
    // The venue cuts after 30 s of silence.
    heartbeat: whenIdle(() => 'ping'),
    // 64 KB per message, and 480 requests an hour: few large ones.
    limits: { topicsPerConnection: 200, topicsPerMessage: 100, messagesPerSecond: 3 },
  });
  return { public: socket('public'), business: socket('business'), products: socket('products') };
}
