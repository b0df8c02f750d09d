import type {
  CallOptions,
  CandleEvent,
  DepthEvent,
  Funding,
  FundingEvent,
  FundingRate,
  FundingRecord,
  Instrument,
  OpenInterestEvent,
  QuoteEvent,
  TickerEvent,
  TradeEvent,
} from '@speed-protocol/core';
import {
  fundingRateOf,
  fundingRecordOf,
  type HistoryOptions,
  type HistorySource,
  type Params,
  type RestCallOptions,
  RestExchange,
  readHistory,
  type VenueContext,
} from '@speed-protocol/wire';
import { READERS } from './bodies.js';
import { CAPABILITIES } from './capabilities.js';
import { createClient } from './client.js';
import type { BinanceConfig, VenueId } from './config.js';
import { BUCKET_OF_LIMIT, type EndpointName } from './endpoints.js';
import * as formats from './formats.js';
import { FundingIntervals } from './funding-intervals.js';
import { instrumentsFromWire } from './symbols.js';
import type * as wire from './types.js';

/** The longest interval between two funding payments. */
const LONGEST_FUNDING_MS = 8 * 3_600_000;

/** The REST side of one venue: unified symbols in, normalised events out. */
export class BinanceExchange extends RestExchange<EndpointName, VenueId> {
  /** Derivatives only. */
  readonly funding: Funding = {
    current: (symbol, options) => this.fundingCurrent(symbol, options),
    history: (symbol, options) => this.fundingHistory(symbol, options),
  };
  readonly #intervals: FundingIntervals;

  constructor(venue: VenueId, context: VenueContext<BinanceConfig>) {
    super(venue, createClient(venue, context), context);
    this.#intervals = new FundingIntervals(this.client, context.clock);
  }

  nameOf({ venueSymbol }: Instrument): Params {
    return { symbol: venueSymbol };
  }

  /** A book as it is now: at least `limit` levels a side (default 1000), as far as the venue serves them. */
  depthSnapshot(
    symbol: string,
    { limit = 1000, ...options }: RestCallOptions & { readonly limit?: number } = {},
  ): Promise<DepthEvent> {
    const params = { limit: formats.depthLimitToWire(this.venue, limit) };
    return this.event('depth', symbol, params, options, READERS.depth);
  }

  /** The newest single trades, oldest first. */
  trades(symbol: string, { limit = 500, signal }: CallOptions & { readonly limit?: number } = {}) {
    return this.events<TradeEvent>('trades', symbol, { limit }, { signal }, READERS.trades);
  }

  /** Aggregate trades, oldest first: from an aggregate id on, or the newest. At most 1000. */
  aggTrades(
    symbol: string,
    { fromId, limit = 500, signal }: CallOptions & { readonly fromId?: string; readonly limit?: number } = {},
  ) {
    return this.events<TradeEvent>('aggTrades', symbol, { fromId, limit }, { signal }, READERS.aggTrades);
  }

  /** Best bid and ask. */
  quote(symbol: string, options: CallOptions = {}): Promise<QuoteEvent> {
    return this.event('bookTicker', symbol, {}, options, READERS.quote);
  }

  /** Rolling 24 h statistics. */
  ticker(symbol: string, options: CallOptions = {}): Promise<TickerEvent> {
    return this.event('ticker24h', symbol, {}, options, READERS.ticker);
  }

  /** Candles, oldest first. */
  async candles(symbol: string, options: HistoryOptions & { readonly interval?: string } = {}): Promise<readonly CandleEvent[]> {
    const { interval: wanted = '1m', signal } = options;
    const interval = formats.intervalToWire(wanted, CAPABILITIES[this.venue].market.candleIntervals, this.venue);
    const page = this.venue === 'binance' ? 1000 : 1500;
    return readHistory<CandleEvent>(
      {
        from: 'oldest',
        page,
        newest: page,
        spacingMs: formats.intervalMs(interval),
        timeOf: (candle) => candle.openTime,
        fetch: (span) =>
          this.one(
            'klines',
            symbol,
            { interval, ...formats.spanToWire(span) },
            { signal },
            (candles: readonly wire.WireCandle[], place) =>
              candles.map((candle) => ({
                ...{ type: 'candle', ...place, venueTime: null, interval },
                ...formats.candleFromWire(candle, this.venueNow()),
              })),
          ),
      },
      options,
      this.venueNow(),
    );
  }

  /** Open contracts; derivatives only. */
  openInterest(symbol: string, options: CallOptions = {}): Promise<OpenInterestEvent> {
    return this.event('openInterest', symbol, {}, options, READERS.openInterest);
  }

  /** The rate that the next settlement would have now. On dated futures everything but the prices is `null`. */
  async fundingCurrent(symbol: string, options: CallOptions = {}): Promise<FundingRate> {
    const instrument = await this.reference.instrument(symbol, options);
    await this.#freshIntervals(options);
    const intervalHours = this.fundingIntervalHours(instrument);
    const event = await this.event<FundingEvent>('premiumIndex', symbol, {}, options, READERS.funding);
    return fundingRateOf({ ...event, intervalHours: event.rate === null ? null : intervalHours });
  }

  /** Settled rates, oldest first; none on dated futures. */
  fundingHistory(symbol: string, options: HistoryOptions = {}): Promise<readonly FundingRecord[]> {
    const source: HistorySource<FundingRecord> = {
      ...{ from: 'oldest', page: 1000, newest: 200, spacingMs: LONGEST_FUNDING_MS, timeOf: ({ time }) => time },
      fetch: async (span) => {
        const asked = this.events<FundingEvent>('fundingRate', symbol, formats.spanToWire(span), options, READERS.settled);
        return (await asked).map(fundingRecordOf);
      },
    };
    return readHistory(source, options, this.venueNow());
  }

  /** Hours between funding payments of a perpetual as last heard from the venue; `null` when not heard yet, or not one. */
  fundingIntervalHours(instrument: Instrument): number | null {
    return instrument.kind === 'perpetual' ? (this.#intervals.known(instrument.venueSymbol) ?? null) : null;
  }

  /** The listing, with the funding intervals of its perpetuals. */
  protected async loadInstruments(): Promise<readonly Instrument[]> {
    const [listing] = await Promise.all([this.#exchangeInfo(), this.#freshIntervals({})]);
    return this.read('exchangeInfo', () => instrumentsFromWire(this.venue, listing)).map((instrument) => {
      const hours = this.fundingIntervalHours(instrument);
      return hours === null ? instrument : Object.freeze({ ...instrument, fundingIntervalHours: hours });
    });
  }

  async #exchangeInfo(): Promise<wire.WireExchangeInfo> {
    const listing = (await this.client.call(
      'exchangeInfo',
      this.venue === 'binance' ? { showPermissionSets: false } : {},
    )) as wire.WireExchangeInfo;
    for (const row of listing.rateLimits ?? []) {
      const bucket = BUCKET_OF_LIMIT[`${row.rateLimitType} ${row.intervalNum} ${row.interval}`];
      if (bucket !== undefined && row.limit !== undefined) this.client.gate.setLimit(bucket, row.limit);
    }
    return listing;
  }

  /** Rates are good without an interval, instruments too: a venue that will not tell it costs the APR and nothing else. */
  async #freshIntervals(options: CallOptions): Promise<void> {
    if (!('funding' in CAPABILITIES[this.venue])) return;
    await this.#intervals.refreshOld(options).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      this.context.logger.warn({ venue: this.venue, error }, 'no funding intervals');
    });
  }
}
