import {
  type CallOptions,
  type DepthEvent,
  type Funding,
  type FundingRate,
  type FundingRecord,
  type Instrument,
  type QuoteEvent,
  SpeedError,
  type TradeEvent,
} from '@speed-protocol/core';
import {
  fundingRateOf,
  fundingRecordOf,
  type HistoryOptions,
  type Params,
  type RestCallOptions,
  RestExchange,
  readHistory,
  type VenueContext,
} from '@speed-protocol/wire';
import { createClient } from './client.js';
import type { DeribitConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import * as formats from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type * as wire from './types.js';

/** Depths of books that REST serves. */
const DEPTHS = [1, 5, 10, 20, 50, 100, 1_000, 10_000];
const BOOK_LEVELS = 1_000;
const MOST_TRADES = 1_000;
const HOUR_MS = 3_600_000;

type Rows<W> = readonly W[];

/** The REST side of the venue: unified symbols in, normalised events out. */
export class DeribitExchange extends RestExchange<EndpointName, VenueId> {
  readonly funding: Funding = {
    current: (symbol, options) => this.#fundingCurrent(symbol, options),
    history: (symbol, options) => this.#fundingHistory(symbol, options),
  };

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
    return this.one('book', symbol, { depth }, options, formats.depthFromWire);
  }

  /** The newest trades, oldest first; at most 1000. */
  trades(
    symbol: string,
    { limit = 100, signal }: CallOptions & { readonly limit?: number } = {},
  ): Promise<readonly TradeEvent[]> {
    const params = { count: Math.min(limit, MOST_TRADES), sorting: 'desc' };
    return this.one('trades', symbol, params, { signal }, ({ trades }: wire.WireTrades, place) =>
      trades.map((row) => formats.tradeFromWire(row, place)).reverse(),
    );
  }

  /** Best bid and ask. */
  quote(symbol: string, options: CallOptions = {}): Promise<QuoteEvent> {
    return this.one('ticker', symbol, {}, options, formats.quoteFromWire);
  }

  /** The rate that accrues now, per eight hours. On futures without funding everything but the prices is `null`. */
  async #fundingCurrent(symbol: string, options: CallOptions = {}): Promise<FundingRate> {
    await this.#future(symbol, options);
    return this.one('ticker', symbol, {}, options, (row: wire.WireTicker, place) =>
      fundingRateOf(formats.fundingFromWire(row, place)),
    );
  }

  /** What was paid hour by hour, oldest first. None on contracts without funding. */
  async #fundingHistory(symbol: string, options: HistoryOptions = {}): Promise<readonly FundingRecord[]> {
    const { kind } = await this.#future(symbol, options);
    if (kind !== 'perpetual') return [];
    const now = this.venueNow();
    return readHistory<FundingRecord>(
      {
        from: 'newest',
        page: formats.FUNDING_PAGE,
        spacingMs: HOUR_MS,
        timeOf: (record) => record.time,
        fetch: (span) =>
          this.one('fundingHistory', symbol, formats.spanToWire(span, now), options, (rows: Rows<wire.WireFundingHour>, place) =>
            rows.map((row) => fundingRecordOf(formats.fundingHourFromWire(row, place))).sort((a, b) => a.time - b.time),
          ),
      },
      options,
      now,
    );
  }

  /** @throws SpeedError `unsupported` on spot and options */
  async #future(symbol: string, options: CallOptions): Promise<Instrument> {
    const instrument = await this.reference.instrument(symbol, options);
    if (instrument.kind === 'perpetual' || instrument.kind === 'future') return instrument;
    const why = `${symbol} on ${this.venue} is ${instrument.kind === 'spot' ? 'spot' : 'an option'}, which has no funding`;
    throw new SpeedError('unsupported', why, { venue: this.venue });
  }

  protected loadInstruments(): Promise<readonly Instrument[]> {
    return this.ask('instruments', { currency: 'any' }, {}, (rows: Rows<wire.WireInstrument>) =>
      instrumentsFromWire(this.venue, rows),
    );
  }
}
