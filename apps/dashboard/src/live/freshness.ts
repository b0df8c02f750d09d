import type { BookMessage } from '@speed-protocol/protocol';

/**
 * What a reader may believe of the book on the screen. Only `live` is current; `waiting` has never been filled;
 * `syncing` and `stale` are the server's words; `disconnected` is ours: the server cannot be heard.
 */
export type Freshness = 'waiting' | 'syncing' | 'live' | 'stale' | 'disconnected';

export interface FreshnessInput {
  readonly book: BookMessage | null;
  /** When the message arrived on this page, ms. */
  readonly arrivedAt: number;
  readonly now: number;
  /** The page's socket is open and the server answers. */
  readonly connected: boolean;
}

export function freshness({ book, connected }: Pick<FreshnessInput, 'book' | 'connected'>): Freshness {
  if (!connected) return book ? 'disconnected' : 'waiting';
  return book?.state ?? 'waiting';
}

/** Age of what is shown: the server's figure, plus the time since it came; `null` before the first message. */
export function bookAge({ book, arrivedAt, now }: Omit<FreshnessInput, 'connected'>): number | null {
  if (!book || book.ageMs === null) return null;
  return book.ageMs + Math.max(0, now - arrivedAt);
}

/** True when prices must not be read as current: they are greyed and stamped. */
export function isOld(state: Freshness): boolean {
  return state !== 'live';
}

/** The word across an old book, and the words below it. */
export const FRESHNESS_TEXT: Readonly<Record<Freshness, { readonly stamp: string; readonly why: string }>> = {
  waiting: { stamp: 'WAITING', why: 'for the first snapshot' },
  syncing: { stamp: 'SYNCING', why: 'fetching a new snapshot' },
  live: { stamp: 'LIVE', why: '' },
  stale: { stamp: 'STALE', why: 'the venue is silent or the stream has a hole' },
  disconnected: { stamp: 'STALE', why: 'no connection to the server' },
};
