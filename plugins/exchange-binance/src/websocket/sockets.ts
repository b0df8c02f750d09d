import type { SocketSpec } from '@speed-protocol/wire';
import type { Environment, VenueId } from '../config.js';
import { COMMANDS } from './commands.js';

/** Which kinds of topics share a socket. Spot and COIN-M send everything on one. */
export type SocketName = 'public' | 'market';

/** Combined streams, and private events by a listen key. */
type Paths = Readonly<Record<SocketName | 'private', string>>;

const UNSPLIT: Paths = { public: '/stream', market: '/stream', private: '/ws/' };

/**
 * USD-M has been split since 2026-04: books on `/public`, the rest on `/market`; the old path still connects there but stays
 * silent for the rest. Its testnets were not split.
 */
const PATHS: Readonly<Record<VenueId, Paths>> = {
  binance: UNSPLIT,
  binanceusdm: { public: '/public/stream', market: '/market/stream', private: '/private/ws?listenKey=' },
  binancecoinm: UNSPLIT,
};
const TESTNETS: ReadonlySet<Environment> = new Set(['testnet', 'demo']);

/** Paths of a venue on its stream host. */
export function pathsOf(venue: VenueId, environment: Environment): Paths {
  return TESTNETS.has(environment) ? UNSPLIT : PATHS[venue];
}

/** Our messages, pings and pongs included: the venue cuts at 5/s on spot and 10/s on futures. */
export const MESSAGES_PER_SECOND: Readonly<Record<VenueId, number>> = { binance: 4, binanceusdm: 8, binancecoinm: 8 };

/** The server pings on its own (20 s on spot, 3 min on futures), which is too slow to notice a dead connection. */
export const HEARTBEAT = { everyMs: 2_000, timeoutMs: 3_000, when: 'idle' } as const;

/** Cut by the venue after 24 h. */
export const MAX_AGE_MS = 23 * 3_600_000;

/** The sockets of a venue. @param origin of its stream host, e.g. `wss://fstream.binance.com` */
export function socketsOf(venue: VenueId, environment: Environment, origin: string): Readonly<Record<SocketName, SocketSpec>> {
  const socket = (name: SocketName): SocketSpec => ({
    name: `${venue}.${name}`,
    url: origin + pathsOf(venue, environment)[name],
    routing: [['stream']],
    commands: COMMANDS,
    heartbeat: HEARTBEAT,
    // 1024 are allowed; the venue's own SDKs stay at 200.
    limits: { topicsPerConnection: 200, topicsPerMessage: 100, messagesPerSecond: MESSAGES_PER_SECOND[venue] },
    maxAgeMs: MAX_AGE_MS,
  });
  return { public: socket('public'), market: socket('market') };
}
