import type { SocketSpec } from '@speed-protocol/wire';
import type { Environment, VenueId } from '../config.js';
import { COMMANDS } from './commands.js';

/** Which kinds of topics share a socket. Spot and COIN-M send everything on one. */
export type SocketName = 'public' | 'market';

/**
 * Paths of combined streams. USD-M has been split since 2026-04: books on `/public`, the rest on `/market`; the old path
 * still connects there but stays silent for the rest. Its testnets were not split.
 */
const PATHS: Readonly<Record<VenueId, Readonly<Record<SocketName, string>>>> = {
  binance: { public: '/stream', market: '/stream' },
  binanceusdm: { public: '/public/stream', market: '/market/stream' },
  binancecoinm: { public: '/stream', market: '/stream' },
};
const UNSPLIT: ReadonlySet<Environment> = new Set(['testnet', 'demo']);

/** Our messages, pings and pongs included: the venue cuts at 5/s on spot and 10/s on futures. */
const MESSAGES_PER_SECOND: Readonly<Record<VenueId, number>> = { binance: 4, binanceusdm: 8, binancecoinm: 8 };

const HOUR = 3_600_000;

/** The sockets of a venue. @param origin of its stream host, e.g. `wss://fstream.binance.com` */
export function socketsOf(venue: VenueId, environment: Environment, origin: string): Readonly<Record<SocketName, SocketSpec>> {
  const socket = (name: SocketName): SocketSpec => ({
    name: `${venue}.${name}`,
    url: origin + (UNSPLIT.has(environment) ? '/stream' : PATHS[venue][name]),
    routing: [['stream']],
    commands: COMMANDS,
    // The server pings on its own (20 s on spot, 3 min on futures), which is too slow to notice a dead connection.
    heartbeat: { everyMs: 2_000, timeoutMs: 3_000, when: 'idle' },
    // 1024 are allowed; the venue's own SDKs stay at 200.
    limits: { topicsPerConnection: 200, topicsPerMessage: 100, messagesPerSecond: MESSAGES_PER_SECOND[venue] },
    // Cut by the venue after 24 h.
    maxAgeMs: 23 * HOUR,
  });
  return { public: socket('public'), market: socket('market') };
}
