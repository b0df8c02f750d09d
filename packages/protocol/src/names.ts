import { FEED_NAMES, type FeedName } from '@speed-protocol/core';

/** Version of the protocol, in `describe` and in the documents. Grows by additions only; a break makes it 2. */
export const PROTOCOL_VERSION = 1;

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 8765;

/** What can be subscribed to: the venues' feeds, and `book`, the server's own conflated top of the book. */
export type ServerFeed = FeedName | 'book';
export const SERVER_FEEDS = [...FEED_NAMES, 'book'] as const satisfies readonly ServerFeed[];

/** Levels per side of a `book` subscription that names none. */
export const DEFAULT_BOOK_LEVELS = 10;
export const MAX_BOOK_LEVELS = 1000;
/** Interval of a `candle` subscription that names none. */
export const DEFAULT_CANDLE_INTERVAL = '1m';

/**
 * Which feeds are state (a newer event replaces an older one that a slow client has not been sent yet) and which are
 * events (each one counts: a client that cannot keep up is cut rather than told less than happened).
 */
export const FEED_POLICY: Readonly<Record<ServerFeed, 'conflate' | 'lossless'>> = {
  book: 'conflate',
  quote: 'conflate',
  ticker: 'conflate',
  candle: 'lossless',
  funding: 'conflate',
  openInterest: 'conflate',
  greeks: 'conflate',
  depth: 'lossless',
  trade: 'lossless',
  liquidation: 'lossless',
};

/** WebSocket close codes and what a client should do about each. */
export const CLOSE = {
  /** The server stops: reconnect later. */
  goingAway: 1001,
  /** Broke the rules (floods, malformed messages): fix the client. */
  policy: 1008,
  /** A message over the size limit. */
  tooBig: 1009,
  /** The server is full or had to shed this client: reconnect with backoff. */
  tryAgainLater: 1013,
  /** The client did not read fast enough for its lossless feeds: reconnect, and subscribe to less. */
  tooSlow: 4008,
  /** Another connection took the session over with `resume`: do not take it back. */
  takenOver: 4409,
  /** No token, or a wrong one: do not retry without the right one. */
  unauthorized: 4401,
} as const;
