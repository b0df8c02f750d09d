import {
  type CallOptions,
  type DepthEvent,
  type Funding,
  type FundingEvent,
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
  type HistorySource,
  type Params,
  type RestCallOptions,
  RestExchange,
  type Row,
  readHistory,
  readPages,
  type VenueContext,
} from '@speed-protocol/wire';
import { BODIES, FUNDING, ORDERBOOK, QUOTE } from './body-rows.js';
import { createClient } from './client.js';
import type { BybitConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import { pageFromWire } from './formats.js';
import { type Category, categoryOf, instrumentsFromWire, keyOf } from './symbols.js';
import type * as wire from './types.js';

/** Products whose instruments are listed. */
const LISTED: readonly Category[] = ['spot', 'linear', 'inverse'];
const LISTING_PAGE = 1_000;

/** Levels a side at most. */
const BOOK_LEVELS = 1_000;
const FUNDING_PAGE = 200;
/** The shortest interval between two funding payments. */
const SHORTEST_FUNDING_MS = 3_600_000;

/** The REST side of the venue: unified symbols in, normalised events out. */
export class BybitExchange extends RestExchange<EndpointName> {
  readonly funding: Funding = {
    current: (symbol, options) => this.#fundingCurrent(symbol, options),
    history: (symbol, options) => this.#fundingHistory(symbol, options),
  };

  constructor(venue: VenueId, context: VenueContext<BybitConfig>) {
    super(venue, createClient(venue, context), context);
  }

  nameOf(instrument: Instrument): Params {
    return { category: categoryOf(instrument), symbol: instrument.venueSymbol };
  }

  override keyOf(instrument: Instrument): string {
    return keyOf(categoryOf(instrument), instrument.venueSymbol);
  }

  /** The symbol of a row, which is told by its product. */
  symbolOf({ symbol }: Row, category: string): string {
    return this.unified(String(symbol), keyOf(category, String(symbol)));
  }

  /** Batches say beside the result what became of each order. */
  override unwrap(body: unknown): unknown {
    const { result, retExtInfo } = body as wire.Reply<object>;
    return retExtInfo?.list === undefined ? result : { ...result, codes: retExtInfo.list };
  }

  /** A book as it is now: `limit` levels a side, at most 1000. */
  depthSnapshot(
    symbol: string,
    { limit = BOOK_LEVELS, ...options }: RestCallOptions & { readonly limit?: number } = {},
  ): Promise<DepthEvent> {
    return this.event('orderbook', symbol, { limit: Math.min(limit, BOOK_LEVELS) }, options, ORDERBOOK);
  }

  /** The newest trades, oldest first; at most 1000, of spot 60. */
  async trades(symbol: string, { limit = 60, signal }: CallOptions & { readonly limit?: number } = {}) {
    const { reader } = BODIES['market/recent-trade'];
    return (await this.events<TradeEvent>('trades', symbol, { limit }, { signal }, reader)).toReversed();
  }

  /** Best bid and ask. */
  quote(symbol: string, options: CallOptions = {}): Promise<QuoteEvent> {
    return this.event('orderbook', symbol, { limit: 1 }, options, QUOTE);
  }

  /** The rate that will be charged next, with mark and index price; prices alone on contracts without funding. */
  async #fundingCurrent(symbol: string, options: CallOptions = {}): Promise<FundingRate> {
    await this.#contract(symbol, options);
    return fundingRateOf(await this.event<FundingEvent>('tickers', symbol, {}, options, FUNDING));
  }

  /** Settled rates, oldest first. None on contracts without funding. */
  async #fundingHistory(symbol: string, options: HistoryOptions = {}): Promise<readonly FundingRecord[]> {
    const { kind } = await this.#contract(symbol, options);
    if (kind !== 'perpetual') return [];
    const { reader } = BODIES['market/funding/history'];
    const source: HistorySource<FundingRecord> = {
      ...{ from: 'newest', page: FUNDING_PAGE, spacingMs: SHORTEST_FUNDING_MS, timeOf: ({ time }) => time },
      fetch: async ({ since: startTime, until: endTime, limit }) => {
        const span = { startTime, endTime, limit };
        return (await this.events<FundingEvent>('fundingHistory', symbol, span, options, reader)).map(fundingRecordOf);
      },
    };
    return readHistory(source, options, this.venueNow());
  }

  /** @throws SpeedError `unsupported` on spot */
  async #contract(symbol: string, options: CallOptions): Promise<Instrument> {
    const instrument = await this.reference.instrument(symbol, options);
    if (instrument.kind !== 'spot') return instrument;
    throw new SpeedError('unsupported', `${symbol} on ${this.venue} is spot, which has no funding`, { venue: this.venue });
  }

  protected async loadInstruments(): Promise<readonly Instrument[]> {
    const lists = await Promise.all(LISTED.map((category) => this.#listed(category)));
    return instrumentsFromWire(this.venue, lists.flat());
  }

  /** Spot comes in one piece, the others in pages. */
  #listed(category: Category): Promise<readonly wire.WireInstrument[]> {
    const limit = category === 'spot' ? undefined : LISTING_PAGE;
    return readPages((cursor: string | undefined) =>
      this.ask('instruments', { category, limit, cursor }, {}, (page: wire.WireList<wire.WireInstrument>) => pageFromWire(page)),
    );
  }
}
