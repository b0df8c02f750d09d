import type { Instrument } from '@speed-protocol/core';
import {
  type BodyRow,
  type BodyTable,
  bool,
  frame,
  frameReader,
  id,
  int,
  levels,
  list,
  num,
  type Opened,
  type Outlet,
  object,
  optional,
  parsed,
  type Rows,
  type Shape,
  type ShapeFields,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import { candleFromWire, intervalMs, sideFromWire } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireCandle, WireExchangeInfo, WireFundingInfo } from './types.js';

/** A body that is one object, or a list of them: some products answer with a list even when asked for one symbol. */
function body<const S extends Shape>(what: string, shape: S, handle: (out: Outlet) => (row: ShapeFields<S>) => void): TextReader {
  const one = frameReader({ what, frame: frame(shape), start: handle as never });
  const start = (out: Outlet) => {
    const read = handle(out);
    return ({ rows: each }: { readonly rows: Rows<ShapeFields<S>> }) => {
      for (let i = 0; i < each.length; i++) read(each.at(i));
    };
  };
  const many = frameReader({ what, frame: frame({ rows: list(object(shape)) }), start: start as never });
  const read = (text: string, out: Outlet) => (/^\s*\[/.test(text) ? many.read(`{"rows":${text}}`, out) : one.read(text, out));
  return { what, rule: undefined, read };
}

/** Readers of what REST is asked for. https://developers.binance.com/docs, "Market data endpoints" of each product. */
export const READERS = {
  depth: body('depth', { lastUpdateId: int(), E: optional(int()), bids: levels(), asks: levels() }, (out) => (row) => {
    out.snapshot(row.E, row.lastUpdateId, row.bids, row.asks);
  }),
  trades: body('trades', { id: id(), price: num(), qty: num(), time: int(), isBuyerMaker: bool() }, (out) => (row) => {
    out.trade(row.time, row.id, row.price, row.qty, sideFromWire(row.isBuyerMaker));
  }),
  aggTrades: body('aggTrades', { a: id(), p: num(), q: num(), T: int(), m: bool() }, (out) => (row) => {
    out.trade(row.T, row.a, row.p, row.q, sideFromWire(row.m));
  }),
  ticker: body(
    'ticker/24hr',
    {
      symbol: text(),
      lastPrice: optional(num()),
      openPrice: optional(num()),
      highPrice: optional(num()),
      lowPrice: optional(num()),
      volume: optional(num()),
      quoteVolume: optional(num()),
      closeTime: int(),
    },
    (out) => (row) => {
      out.about(row.symbol);
      const { lastPrice: last, openPrice: open, highPrice: high, lowPrice: low, volume, quoteVolume } = row;
      out.ticker(row.closeTime, { last, open, high, low, volume, quoteVolume });
    },
  ),
  quote: body(
    'ticker/bookTicker',
    {
      symbol: text(),
      lastUpdateId: optional(int()),
      bidPrice: optional(num()),
      bidQty: optional(num()),
      askPrice: optional(num()),
      askQty: optional(num()),
      time: optional(int()),
    },
    (out) => (row) => {
      out.about(row.symbol);
      out.quote(row.time, row.lastUpdateId, row.bidPrice, row.bidQty, row.askPrice, row.askQty);
    },
  ),
  funding: body(
    'premiumIndex',
    {
      symbol: text(),
      markPrice: optional(num()),
      indexPrice: optional(num()),
      lastFundingRate: optional(num()),
      nextFundingTime: optional(int()),
      time: optional(int()),
    },
    (out) => (row) => {
      out.about(row.symbol);
      // Dated futures have no funding: "" and 0.
      const paid = !Number.isNaN(row.lastFundingRate);
      out.funding(row.time, {
        rate: row.lastFundingRate,
        nextFundingTime: paid && row.nextFundingTime > 0 ? row.nextFundingTime : null,
        intervalHours: (paid && out.subject.instrument?.fundingIntervalHours) || null,
        markPrice: row.markPrice,
        indexPrice: row.indexPrice,
      });
    },
  ),
  settled: body(
    'fundingRate',
    { symbol: text(), fundingRate: num(), fundingTime: int(), markPrice: optional(num()) },
    (out) => (row) => {
      out.about(row.symbol);
      const { fundingRate: rate, markPrice } = row;
      out.funding(row.fundingTime, { rate, markPrice });
    },
  ),
  openInterest: body('openInterest', { symbol: text(), openInterest: num(), time: optional(int()) }, (out) => (row) => {
    out.about(row.symbol);
    out.openInterest(row.time, row.openInterest);
  }),
} as const;

/** Adjusted intervals; the venue documents 8 h for perpetuals that are not listed. */
function withIntervals(known: readonly Instrument[], rows: readonly WireFundingInfo[]): readonly Instrument[] {
  const hours = new Map(rows.map((row) => [row.symbol, row.fundingIntervalHours]));
  return known
    .filter(({ kind }) => kind === 'perpetual')
    .map((instrument) => Object.freeze({ ...instrument, fundingIntervalHours: hours.get(instrument.venueSymbol) ?? 8 }));
}

const INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w'];

/** Candles say neither symbol nor interval: the URL does, or for the interval their own length. */
function candleReader(asked: URLSearchParams, { sample }: Opened): TextReader | undefined {
  const [openTime, , , , , , closeTime] = sample as WireCandle;
  const length = Number(closeTime) - Number(openTime) + 1;
  const interval = asked.get('interval') ?? INTERVALS.find((each) => intervalMs(each) === length);
  if (!interval) return undefined;
  const start = (out: Outlet) => (rows: readonly WireCandle[]) => {
    for (const [i, row] of rows.entries()) {
      // A candle with another after it is closed, whatever the clock says.
      const now = i < rows.length - 1 ? Number.POSITIVE_INFINITY : out.receivedAt;
      out.candle(Number.NaN, { interval, ...candleFromWire(row, now) });
    }
  };
  return frameReader({ what: 'klines', frame: parsed((message) => message as readonly WireCandle[]), start });
}

/** What belongs to an account says more than the market's own rows, and is not told apart by these keys. */
const like =
  (...keys: readonly string[]) =>
  (sample: unknown): boolean =>
    isObject(sample) && keys.every((key) => key in sample) && !('commission' in sample || 'orderId' in sample);

/** By the path below the product's prefix. */
const ROWS: Readonly<Record<string, BodyRow>> = {
  time: { like: [], control: true },
  ping: { like: [], control: true },
  exchangeInfo: {
    like: ['symbols', 'rateLimits'],
    instruments: (info: WireExchangeInfo, venue) => instrumentsFromWire(venue as VenueId, info),
  },
  fundingInfo: {
    like: ['fundingIntervalHours'],
    instruments: (rows: readonly WireFundingInfo[], _, known) => withIntervals(known, rows),
  },
  klines: { like: [], readerOf: candleReader },
  depth: { like: like('lastUpdateId', 'bids', 'asks'), reader: READERS.depth },
  trades: { like: like('id', 'price', 'qty', 'time', 'isBuyerMaker'), reader: READERS.trades },
  aggTrades: { like: like('a', 'p', 'q', 'f', 'l', 'T', 'm'), reader: READERS.aggTrades },
  'ticker/24hr': {
    like: like('symbol', 'lastPrice', 'openPrice', 'highPrice', 'lowPrice', 'volume', 'openTime', 'closeTime'),
    reader: READERS.ticker,
  },
  'ticker/bookTicker': { like: like('symbol', 'bidPrice', 'bidQty', 'askPrice', 'askQty'), reader: READERS.quote },
  premiumIndex: { like: like('symbol', 'markPrice', 'lastFundingRate', 'nextFundingTime'), reader: READERS.funding },
  fundingRate: { like: like('symbol', 'fundingRate', 'fundingTime'), reader: READERS.settled },
  openInterest: { like: like('symbol', 'openInterest', 'time'), reader: READERS.openInterest },
};

/** An empty object or list tells nothing; `{"code", "msg"}` is the venue's error. */
function isEmptyOrError(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const keys = Object.keys(message);
  return keys.length === 0 || ('code' in message && 'msg' in message) || (keys.length === 1 && keys[0] === 'serverTime');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bodies have no envelope. */
export const BODIES: BodyTable = {
  prefix: /^\/(?:api|fapi|dapi)\/v\d+\//,
  open: (message) => {
    if (isEmptyOrError(message)) return 'control';
    return { content: message, sample: Array.isArray(message) ? message[0] : message };
  },
  about: ({ sample }, asked) => {
    const sent = isObject(sample) ? sample['symbol'] : undefined;
    return { venueSymbol: typeof sent === 'string' ? sent : (asked.get('symbol') ?? '') };
  },
  aliases: { historicalTrades: 'trades', historicalBlockTrades: 'trades' },
  rows: ROWS,
};
