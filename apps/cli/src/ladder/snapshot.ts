import type { LiveBook } from '@speed-protocol/book';
import { levelsToPairs } from '@speed-protocol/core';

/** A book at one instant, as it is shown and as `--json` prints it. */
export interface BookSnapshot {
  readonly venue: string;
  readonly symbol: string;
  readonly state: 'syncing' | 'live' | 'stale';
  readonly sequence: number | null;
  readonly ageMs: number | null;
  readonly gaps: number;
  readonly resyncs: number;
  /** Best first. */
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

export function snapshotOf(book: LiveBook, depth: number): BookSnapshot {
  const { state, sequence, ageMs, gaps, resyncs } = book.status();
  const { bids, asks } = book.top(depth);
  const { venue, symbol } = book;
  return { venue, symbol, state, sequence, ageMs, gaps, resyncs, bids: levelsToPairs(bids), asks: levelsToPairs(asks) };
}
