import type { Instrument } from '@speed-protocol/core';
import type { Venue } from './venues/venue.js';

export type Kind = 'depth' | 'trade' | 'quote';

/** What the contestants need to know of a market. */
export type Market = Pick<Instrument, 'venueSymbol' | 'symbol' | 'kind' | 'base' | 'quote' | 'settle' | 'inverse'> & {
  readonly tickSize: string;
  readonly contractSize: string;
};

/** One recorded market: a snapshot and the frames that follow it, in order. */
export interface Recording {
  readonly venue: Venue;
  readonly market: Market;
  /** The book that the depth frames join: a REST body, or the stream's own first message. */
  readonly snapshot: string;
  /** Messages, as bytes off the wire. */
  readonly frames: Readonly<Record<Kind, readonly Buffer[]>>;
  /** For the report. */
  readonly source: string;
}

/** Both sides, best first, as `[price, size]`. */
export interface BookLevels {
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

/** What a trade or a quote said, the same facts from every contestant; times in ms. */
export type Facts = readonly (string | number | null)[];

/** One way of handling frames. */
export interface Contestant {
  readonly name: string;
  /** Back to the snapshot; not measured. */
  reset(): void;
  /**
   * What is measured: one frame, from its bytes to the book or the event.
   * @param receivedAt ms since epoch; the socket's to take, so the same for all and not measured
   */
  accept(frame: Buffer, receivedAt: number): void;
  /** The book after the frames so far; absent on baselines. */
  book?(): BookLevels;
  /** What the last frame said; absent on baselines. */
  facts?(): Facts;
}
