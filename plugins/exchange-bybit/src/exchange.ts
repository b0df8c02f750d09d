import type { FundingEvent, Instrument } from '@speed-protocol/core';
import {
  fundingOf,
  fundingRateOf,
  newestTradesOf,
  type Page,
  type Params,
  quotesOf,
  RestExchange,
  type Row,
  type RowReader,
  readPages,
  snapshotsOf,
  type VenueContext,
} from '@speed-protocol/wire';
import { READERS } from './bodies.js';
import { createClient } from './client.js';
import type { BybitConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import { pageFromWire, withCodes } from './formats.js';
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

type FetchPage = (params: Params) => Promise<Page<Row, string>>;

/** The REST side of the venue: unified symbols in, normalised events out. */
export class BybitExchange extends RestExchange<EndpointName> {
  /** `limit` levels a side, at most 1000. */
  readonly depthSnapshot = snapshotsOf(this, {
    limit: BOOK_LEVELS,
    route: (limit) => ['orderbook', { limit: Math.min(limit, BOOK_LEVELS) }],
    reader: READERS.orderbook,
  });
  /** At most 1000, of spot 60. */
  readonly trades = newestTradesOf(this, { limit: 60, route: (limit) => ['trades', { limit }], reader: READERS.trades });
  readonly quote = quotesOf(this, { endpoint: 'orderbook', params: { limit: 1 }, reader: READERS.quote });
  readonly funding = fundingOf(this, {
    kinds: ['perpetual', 'future'],
    /** The rate that will be charged next, with mark and index price. */
    current: async ({ symbol }, options) =>
      fundingRateOf(await this.event<FundingEvent>('tickers', symbol, {}, options, READERS.funding)),
    settled: {
      ...{ endpoint: 'fundingHistory', reader: READERS.settled, from: 'newest' },
      ...{ page: FUNDING_PAGE, spacingMs: SHORTEST_FUNDING_MS },
      span: ({ since: startTime, until: endTime, limit }) => ({ startTime, endTime, limit }),
    },
  });

  constructor(venue: VenueId, context: VenueContext<BybitConfig>) {
    super(venue, createClient(venue, context), context);
  }

  nameOf(instrument: Instrument): Params {
    return { category: categoryOf(instrument), symbol: instrument.venueSymbol };
  }

  override keyOf(instrument: Instrument): string {
    return keyOf(categoryOf(instrument), instrument.venueSymbol);
  }

  /** What an account is asked for product by product: the rows of all pages. */
  async rowsOf<T>(endpoint: EndpointName, asked: readonly Params[], fetch: FetchPage, read: RowReader<T>): Promise<readonly T[]> {
    const products = asked.map(async (params) => {
      const rows = await readPages((cursor: string | undefined) => fetch({ ...params, cursor }));
      const symbolOf = ({ symbol }: Row) => this.unified(String(symbol), keyOf(String(params['category']), String(symbol)));
      return this.read(endpoint, () => rows.map((row) => read(this.venue, symbolOf(row), row)));
    });
    return (await Promise.all(products)).flat();
  }

  override unwrap(body: unknown): unknown {
    const { result, retExtInfo } = body as wire.Reply<object>;
    return withCodes(result, retExtInfo);
  }

  protected async loadInstruments(): Promise<readonly Instrument[]> {
    const lists = await Promise.all(LISTED.map((category) => this.#listed(category)));
    return instrumentsFromWire(this.venue, lists.flat());
  }

  /** Spot comes in one piece, the others in pages. */
  #listed(category: Category): Promise<readonly Row[]> {
    const limit = category === 'spot' ? undefined : LISTING_PAGE;
    return readPages((cursor: string | undefined) => this.ask('instruments', { category, limit, cursor }, {}, pageFromWire));
  }
}
