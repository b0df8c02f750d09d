import type { FundingEvent, Instrument } from '@speed-protocol/core';
import {
  fundingOf,
  fundingRateOf,
  newestTradesOf,
  type Params,
  quotesOf,
  RestExchange,
  type Row,
  snapshotsOf,
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
  /** At least `limit` levels a side, where there are as many; default 1000, at most 10000. */
  readonly depthSnapshot = snapshotsOf(this, {
    limit: BOOK_LEVELS,
    route: (limit) => ['book', { depth: DEPTHS.find((each) => each >= limit) ?? DEPTHS.at(-1) }],
    reader: READERS.book,
  });
  /** At most 1000. */
  readonly trades = newestTradesOf(this, {
    limit: 100,
    route: (limit) => ['trades', { count: Math.min(limit, MOST_TRADES), sorting: 'desc' }],
    reader: READERS.trades,
  });
  readonly quote = quotesOf(this, { endpoint: 'ticker', reader: READERS.quote });
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

  protected loadInstruments(): Promise<readonly Instrument[]> {
    return this.ask('instruments', { currency: 'any' }, {}, (rows: readonly Row[]) => instrumentsFromWire(this.venue, rows));
  }
}
