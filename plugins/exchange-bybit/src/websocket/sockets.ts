import { type SocketSpec, whenIdle } from '@speed-protocol/wire';
import type { VenueId } from '../config.js';
import type { Category } from '../symbols.js';
import { COMMANDS, pingText } from './commands.js';

/** Products that are streamed. */
const STREAMED = ['spot', 'linear', 'inverse'] as const satisfies readonly Category[];
type Streamed = (typeof STREAMED)[number];

/**
 * What shares a connection. Several feeds are told by one topic (`tickers`, `orderbook.1`), in full only to whoever subscribes: each of them has
 * a connection of its own, so that each is told in full.
 */
const LINES = ['books', 'quotes', 'funding', 'interest'] as const;
export type Line = (typeof LINES)[number];

/** Products have addresses of their own: topics do not say of which they are. */
export function socketName(category: Category, line: Line = 'books'): string {
  return line === 'books' ? category : `${category}.${line}`;
}

/** In one request. */
const TOPICS_PER_MESSAGE: Readonly<Record<Streamed, number>> = { spot: 10, linear: 100, inverse: 100 };

/** The sockets of the venue. @param origin of its stream host, e.g. `wss://stream.bybit.com` */
export function socketsOf(venue: VenueId, origin: string): Readonly<Record<string, SocketSpec>> {
  const socket = (category: Streamed, line: Line): SocketSpec => ({
    name: `${venue}.${socketName(category, line)}`,
    url: `${origin}/v5/public/${category}`,
    routing: [['topic']],
    commands: COMMANDS,
    // The venue cuts after ten minutes of silence, and wants to hear something every 20 s.
    heartbeat: whenIdle(pingText),
    // 21,000 characters of topics per connection.
    limits: { topicsPerConnection: 400, topicsPerMessage: TOPICS_PER_MESSAGE[category], messagesPerSecond: 10 },
  });
  return Object.fromEntries(
    STREAMED.flatMap((category) => LINES.map((line) => [socketName(category, line), socket(category, line)])),
  );
}
