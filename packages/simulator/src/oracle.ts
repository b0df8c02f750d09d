import { SpeedError } from '@speed-protocol/core';
import type { LevelTotal } from './market/book.js';
import type { Market } from './market/market.js';
import type { Venue } from './venue.js';

/** A book as the simulation knows it to be, best level first, in the numbers a client parses from the wire. */
export interface OracleBook {
  readonly venue: string;
  readonly symbol: string;
  readonly venueSymbol: string;
  readonly sequence: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

/** The truth about every venue, for tests. */
export class Oracle {
  readonly #venues: ReadonlyMap<string, Venue>;
  readonly #catchUp: () => void;

  constructor(venues: ReadonlyMap<string, Venue>, catchUp: () => void) {
    this.#venues = venues;
    this.#catchUp = catchUp;
  }

  /**
   * The whole book of a symbol (unified or the venue's own) at a sequence; without one, now.
   * @throws SpeedError `not-found` on an unknown venue or symbol, and on a sequence older than the kept history
   */
  book(venue: string, symbol: string, sequence?: number): OracleBook {
    this.#catchUp();
    const market = this.market(venue, symbol);
    const state = market.book.at(sequence ?? market.book.lastId);
    if (!state) {
      const oldest = market.book.oldestSequence;
      throw new SpeedError('not-found', `${venue} ${symbol}: the book at ${sequence} is no longer kept; the oldest is ${oldest}`);
    }
    const numbers = (levels: readonly LevelTotal[]) =>
      levels.map(([p, s]) => [market.grid.price(p), market.grid.size(s)] as const);
    const { symbol: unified, venueSymbol } = market.listing;
    return {
      venue,
      symbol: unified,
      venueSymbol,
      sequence: state.sequence,
      bids: numbers(state.bids),
      asks: numbers(state.asks),
    };
  }

  /** The market itself: its tape, candles, funding, engine. */
  market(venue: string, symbol: string): Market {
    const found = this.#venues.get(venue);
    if (found) return found.require(symbol);
    throw new SpeedError('not-found', `no venue "${venue}" in this simulation; it has ${[...this.#venues.keys()].join(', ')}`);
  }
}
