import type { CallOptions, DepthEvent, FundingEvent, Instrument, QuoteEvent, TradeEvent } from '@speed-protocol/core';
import {
  fundingOf,
  fundingRateOf,
  type Params,
  type RestCallOptions,
  RestExchange,
  type Row,
  type VenueContext,
} from '@speed-protocol/wire';
import { READERS } from './bodies.js';
import { createClient } from './client.js';
import type { DeribitConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import { FUNDING_PAGE, spanToWire } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type * as wire from './types.js';

/** Depths of books that REST serves. */
const DEPTHS = [1, 5, 10, 20, 50, 100, 1_000, 10_000];
const BOOK_LEVELS = 1_000;
const MOST_TRADES = 1_000;
const HOUR_MS = 3_600_000;

/** The REST side of the venue: unified symbols in, normalised events out. */
export class DeribitExchange extends RestExchange<EndpointName, VenueId> {
  readonly funding = fundingOf(this, {
    kinds: ['perpetual', 'future'],
    /** Per eight hours. */
    current: async ({ symbol }, options) =>
      fundingRateOf(await this.event<FundingEvent>('ticker', symbol, {}, options, READERS.funding)),
    /** What was paid hour by hour. */
    settled: {
      ...{ endpoint: 'fundingHistory', reader: READERS.settled, span: spanToWire },
      ...{ from: 'newest', page: FUNDING_PAGE, spacingMs: HOUR_MS },
    },
  });

  constructor(venue: VenueId, context: VenueContext<DeribitConfig>) {
    super(venue, createClient(venue, context), context);
  }

  nameOf({ venueSymbol }: Instrument): Params {
    return { instrument_name: venueSymbol };
  }

  override unwrap(body: unknown): unknown {
    return (body as wire.Reply<unknown>).result;
  }

  /** A book as it is now: at least `limit` levels a side, where there are as many; default 1000, at most 10000. */
  depthSnapshot(
    symbol: string,
    { limit = BOOK_LEVELS, ...options }: RestCallOptions & { readonly limit?: number } = {},
  ): Promise<DepthEvent> {
    const depth = DEPTHS.find((each) => each >= limit) ?? DEPTHS.at(-1);
    return this.event('book', symbol, { depth }, options, READERS.book);
  }

  /** The newest trades, oldest first; at most 1000. */
  async trades(symbol: string, { limit = 100, signal }: CallOptions & { readonly limit?: number } = {}) {
    const params = { count: Math.min(limit, MOST_TRADES), sorting: 'desc' };
    return (await this.events<TradeEvent>('trades', symbol, params, { signal }, READERS.trades)).toReversed();
  }

  /** Best bid and ask. */
  quote(symbol: string, options: CallOptions = {}): Promise<QuoteEvent> {
    return this.event('ticker', symbol, {}, options, READERS.quote);
  }

  protected loadInstruments(): Promise<readonly Instrument[]> {
    return this.ask('instruments', { currency: 'any' }, {}, (rows: readonly Row[]) => instrumentsFromWire(this.venue, rows));
  }
}
