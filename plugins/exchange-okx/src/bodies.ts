import {
  type BodyTable,
  bodiesIn,
  fields,
  type Handler,
  int,
  num,
  openedBy,
  optional,
  type Row,
  type Shape,
  type ShapeFields,
  skip,
  text,
} from '@speed-protocol/wire';
import { instrumentsFromWire } from './symbols.js';
import { SHAPES } from './websocket/frames.js';
import { bestLevels, HANDLERS } from './websocket/market.js';
import { readerOfChannel } from './websocket/payloads.js';

/** `{"code":"0","msg":"","data":[...]}` */
const { many } = bodiesIn({
  shape: (data) => ({ code: skip(), msg: skip(), data }),
  contentOf: ({ data }: { readonly data: unknown }) => data,
  named: 'instId',
});

/** Rows of the shape that the channel of the same has; most name their instrument themselves. */
const body = <const S extends Shape>(what: string, shape: S, handler: Handler<ShapeFields<S>>) =>
  many(what, { ...shape, instId: optional(text()) }, handler as never);

const PAID = { ...fields(optional(num()), 'realizedRate', 'fundingRate'), fundingTime: int() } as const;

/** Readers of what REST is asked for. https://www.okx.com/docs-v5/en/, "Market data" and "Public data". */
export const READERS = {
  book: body('market/books', SHAPES.book, HANDLERS.book),
  /** The best levels of a book. */
  quote: body('market/books', SHAPES.book, bestLevels),
  trades: body('market/trades', SHAPES.trade, HANDLERS.trade),
  ticker: body('market/ticker', SHAPES.ticker, HANDLERS.ticker),
  fundingRate: body('public/funding-rate', SHAPES.fundingRate, HANDLERS.fundingRate),
  /** Rates that were paid; settlements tell no price. */
  settled: body('public/funding-rate-history', PAID, (out) => ({ realizedRate, fundingRate, fundingTime }) => {
    out.funding(fundingTime, { rate: Number.isNaN(realizedRate) ? fundingRate : realizedRate });
  }),
  markPrice: body('public/mark-price', SHAPES.markPrice, HANDLERS.markPrice),
  openInterest: body('public/open-interest', SHAPES.openInterest, HANDLERS.openInterest),
} as const;

/** What REST answers with. */
export const BODIES: BodyTable = {
  prefix: /^\/api\/v5\//,
  open: openedBy({
    isRefusal: ({ code }) => code !== undefined && String(code) !== '0',
    contentOf: ({ data }) => (Array.isArray(data) ? data : undefined),
  }),
  about: (_, asked) => ({ venueSymbol: asked.get('instId') ?? '' }),
  aliases: {
    'market/books-full': 'market/books',
    'market/history-trades': 'market/trades',
    'market/tickers': 'market/ticker',
    'market/history-candles': 'market/candles',
  },
  /** By the path below `/api/v5`. */
  rows: {
    'public/time': { like: [], control: true },
    'public/instruments': {
      like: ['ctValCcy', 'instId'],
      instruments: (rows: readonly Row[], venue) => instrumentsFromWire(venue, rows),
    },
    'market/books': { like: ['asks', 'bids', 'ts'], reader: READERS.book },
    'market/trades': { like: ['tradeId', 'px', 'sz', 'side'], reader: READERS.trades },
    'market/ticker': { like: ['last', 'open24h', 'vol24h'], reader: READERS.ticker },
    // Candles say neither instrument nor interval: the URL does.
    'market/candles': { like: [], readerOf: (asked) => readerOfChannel(`candle${asked.get('bar') ?? '1m'}`) },
    'public/funding-rate': { like: ['fundingRate', 'fundingTime', 'instId', 'nextFundingRate'], reader: READERS.fundingRate },
    'public/funding-rate-history': { like: ['realizedRate', 'fundingTime'], reader: READERS.settled },
    'public/mark-price': { like: ['markPx', 'instId', 'ts'], reader: READERS.markPrice },
    'public/open-interest': { like: ['oi', 'instId', 'ts'], reader: READERS.openInterest },
  },
};
