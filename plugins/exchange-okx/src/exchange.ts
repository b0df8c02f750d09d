import type { CallOptions, FundingEvent, FundingRate, Instrument } from '@speed-protocol/core';
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
import type { OkxConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import { INST_TYPES, indexOf, spanToWire } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type * as wire from './types.js';

/** Listings to ask for. Options are listed by family; these two are the ones that trade. */
const LISTINGS: readonly Params[] = [
  { instType: 'SPOT' },
  { instType: 'SWAP' },
  { instType: 'FUTURES' },
  { instType: 'OPTION', instFamily: 'BTC-USD' },
  { instType: 'OPTION', instFamily: 'ETH-USD' },
];

/** Levels a side that the usual route serves; more come from the full book, which is asked for more rarely. */
const BOOK_LEVELS = 400;
const FULL_BOOK_LEVELS = 5_000;
const FUNDING_PAGE = 400;
/** The shortest interval between two funding payments. */
const SHORTEST_FUNDING_MS = 3_600_000;

type Rows<W> = readonly W[];

/** The REST side of the venue: unified symbols in, normalised events out. */
export class OkxExchange extends RestExchange<EndpointName, VenueId> {
  /** `limit` levels a side (default 400, at most 5000). Its sequence is `null` where none is sent. */
  readonly depthSnapshot = snapshotsOf(this, {
    limit: BOOK_LEVELS,
    route: (limit) => [limit > BOOK_LEVELS ? 'booksFull' : 'books', { sz: Math.min(limit, FULL_BOOK_LEVELS) }],
    reader: READERS.book,
  });
  /** At most 500. */
  readonly trades = newestTradesOf(this, { limit: 100, route: (limit) => ['trades', { limit }], reader: READERS.trades });
  readonly quote = quotesOf(this, { endpoint: 'books', params: { sz: 1 }, reader: READERS.quote });
  readonly funding = fundingOf(this, {
    kinds: ['perpetual', 'future', 'option'],
    current: (instrument, options) => this.#fundingCurrent(instrument, options),
    settled: {
      ...{ endpoint: 'fundingRateHistory', reader: READERS.settled, span: spanToWire },
      ...{ from: 'newest', page: FUNDING_PAGE, spacingMs: SHORTEST_FUNDING_MS },
    },
  });
  readonly #codes = new Map<string, number>();

  constructor(venue: VenueId, context: VenueContext<OkxConfig>) {
    super(venue, createClient(venue, context), context);
  }

  nameOf({ venueSymbol }: Instrument): Params {
    return { instId: venueSymbol };
  }

  override unwrap(body: unknown): unknown {
    return (body as wire.Reply<unknown>).data;
  }

  /** The number by which order sockets name an instrument; `undefined` before the listing is known. */
  codeOf({ venueSymbol }: Instrument): number | undefined {
    return this.#codes.get(venueSymbol);
  }

  /** With mark and index price. */
  async #fundingCurrent(instrument: Instrument, options: CallOptions): Promise<FundingRate> {
    const { symbol, kind } = instrument;
    const [marked, indexPrice] = await Promise.all([
      this.event<FundingEvent>('markPrice', symbol, { instType: INST_TYPES[kind] }, options, READERS.markPrice),
      this.#indexPrice(instrument, options),
    ]);
    const isFunded = kind === 'perpetual';
    const rate = isFunded ? await this.event<FundingEvent>('fundingRate', symbol, {}, options, READERS.fundingRate) : marked;
    return fundingRateOf({ ...rate, markPrice: marked.markPrice, indexPrice });
  }

  async #indexPrice(instrument: Instrument, options: CallOptions): Promise<number> {
    const instId = indexOf(instrument);
    return this.ask('indexTickers', { instId }, options, (rows: Rows<Row>) => {
      const row = rows.find((each) => each.instId === instId);
      if (!row) throw new TypeError(`no row for ${instId}`);
      return Number(row.idxPx);
    });
  }

  protected async loadInstruments(): Promise<readonly Instrument[]> {
    const asked = LISTINGS.map((params) => this.ask('instruments', params, {}, (rows: Rows<Row>) => rows));
    const rows = (await Promise.all(asked)).flat();
    for (const { instId, instIdCode } of rows) if (instIdCode !== undefined) this.#codes.set(String(instId), Number(instIdCode));
    return instrumentsFromWire(this.venue, rows);
  }
}
