import type {
  CallOptions,
  DepthEvent,
  FundingEvent,
  FundingRate,
  Instrument,
  OpenInterestEvent,
  QuoteEvent,
  TradeEvent,
} from '@speed-protocol/core';
import {
  fundingOf,
  fundingRateOf,
  type Params,
  type RestCallOptions,
  RestExchange,
  type VenueContext,
} from '@speed-protocol/wire';
import { READERS } from './bodies.js';
import { CAPABILITIES } from './capabilities.js';
import { createClient } from './client.js';
import type { BinanceConfig, VenueId } from './config.js';
import { type EndpointName, isSameLimit, LIMITS } from './endpoints.js';
import { depthLimitToWire, spanToWire } from './formats.js';
import { type FundingHours, fundingHoursOf, instrumentsFromWire, withFunding } from './symbols.js';
import type * as wire from './types.js';

const BOOK_LEVELS = 1_000;
const FUNDING_PAGE = 1_000;
/** Rates that come when no start is given. */
const NEWEST_RATES = 200;
/** The longest interval between two funding payments. */
const LONGEST_FUNDING_MS = 8 * 3_600_000;

/** Intervals change without notice (8 h to 4 h or 1 h in wild markets), so the list is asked for again after this long. */
const FRESH_MS = 60_000;

type Limited = CallOptions & { readonly limit?: number };

/** The REST side of one venue: unified symbols in, normalised events out. */
export class BinanceExchange extends RestExchange<EndpointName, VenueId> {
  /** Derivatives only. */
  readonly funding = fundingOf(this, {
    kinds: ['perpetual', 'future'],
    current: (instrument, options) => this.#fundingCurrent(instrument, options),
    settled: {
      ...{ endpoint: 'fundingRate', reader: READERS.settled, span: spanToWire },
      ...{ from: 'oldest', page: FUNDING_PAGE, newest: NEWEST_RATES, spacingMs: LONGEST_FUNDING_MS },
    },
  });
  /** As last heard; `undefined` before. */
  #fundingHours: FundingHours | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(venue: VenueId, context: VenueContext<BinanceConfig>) {
    super(venue, createClient(venue, context), context);
  }

  nameOf({ venueSymbol }: Instrument): Params {
    return { symbol: venueSymbol };
  }

  /** A book as it is now: at least `limit` levels a side (default 1000), as far as the venue serves them. */
  depthSnapshot(
    symbol: string,
    { limit = BOOK_LEVELS, ...options }: RestCallOptions & { readonly limit?: number } = {},
  ): Promise<DepthEvent> {
    return this.event('depth', symbol, { limit: depthLimitToWire(this.venue, limit) }, options, READERS.depth);
  }

  /** The newest single trades, oldest first. */
  trades(symbol: string, { limit = 500, signal }: Limited = {}) {
    return this.events<TradeEvent>('trades', symbol, { limit }, { signal }, READERS.trades);
  }

  /** Aggregate trades, oldest first: from an aggregate id on, or the newest. At most 1000. */
  aggTrades(symbol: string, { fromId, limit = 500, signal }: Limited & { readonly fromId?: string } = {}) {
    return this.events<TradeEvent>('aggTrades', symbol, { fromId, limit }, { signal }, READERS.aggTrades);
  }

  /** Best bid and ask. */
  quote(symbol: string, options: CallOptions = {}): Promise<QuoteEvent> {
    return this.event('bookTicker', symbol, {}, options, READERS.quote);
  }

  /** Open contracts; derivatives only. */
  openInterest(symbol: string, options: CallOptions = {}): Promise<OpenInterestEvent> {
    return this.event('openInterest', symbol, {}, options, READERS.openInterest);
  }

  /** The rate that the next settlement would have now. On dated futures everything but the prices is `null`. */
  async #fundingCurrent({ symbol, venueSymbol }: Instrument, options: CallOptions): Promise<FundingRate> {
    await this.#hearIntervals(options);
    const event = await this.event<FundingEvent>('premiumIndex', symbol, {}, options, READERS.funding);
    return fundingRateOf({ ...event, intervalHours: event.rate === null ? null : (this.#fundingHours?.(venueSymbol) ?? null) });
  }

  /** The listing, with the funding intervals of its perpetuals; and the limits that it tells. */
  protected async loadInstruments(): Promise<readonly Instrument[]> {
    const params = this.venue === 'binance' ? { showPermissionSets: false } : {};
    const [listing] = await Promise.all([
      this.client.call('exchangeInfo', params) as Promise<wire.WireExchangeInfo>,
      this.#hearIntervals({}),
    ]);
    for (const row of listing.rateLimits ?? []) {
      const bucket = LIMITS.find((known) => isSameLimit(known, row))?.bucket;
      if (bucket !== undefined && row.limit !== undefined) this.client.gate.setLimit(bucket, row.limit);
    }
    const instruments = this.read('exchangeInfo', () => instrumentsFromWire(this.venue, listing));
    const hoursOf = this.#fundingHours;
    return hoursOf ? instruments.map((instrument) => withFunding(instrument, hoursOf)) : instruments;
  }

  /** Rates are good without an interval, instruments too: a venue that will not tell it costs the APR and nothing else. */
  async #hearIntervals(options: CallOptions): Promise<void> {
    const now = this.context.clock.now();
    if (!('funding' in CAPABILITIES[this.venue]) || now - this.#heardAt <= FRESH_MS) return;
    try {
      this.#fundingHours = fundingHoursOf(
        (await this.client.call('fundingInfo', {}, options)) as readonly wire.WireFundingInfo[],
      );
      this.#heardAt = now;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      this.context.logger.warn({ venue: this.venue, error }, 'no funding intervals');
    }
  }
}
