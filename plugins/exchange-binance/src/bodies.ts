import {
  type BodyRow,
  type BodyTable,
  bool,
  candleColumns,
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
  type Row,
  type Rows,
  type Shape,
  type ShapeFields,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import { intervalOfLength, sideFromWire } from './formats.js';
import { fundingHoursOf, instrumentsFromWire, withFunding } from './symbols.js';
import type { WireCandle, WireExchangeInfo, WireFundingInfo } from './types.js';
import { nums } from './websocket/frames.js';
import { HANDLERS } from './websocket/market.js';

/** Tells what one row says. */
type Told<S extends Shape> = (out: Outlet) => (row: NoInfer<ShapeFields<S>>) => void;

/** A body that is one object, or a list of them: some products answer with a list even when asked for one symbol. */
function body<const S extends Shape>(what: string, shape: S, told: Told<S>): TextReader {
  const one = frameReader({ what, frame: frame(shape), start: told as never });
  const start = (out: Outlet) => {
    const tell = told(out);
    return ({ rows }: { readonly rows: Rows<ShapeFields<S>> }) => {
      for (let i = 0; i < rows.length; i++) tell(rows.at(i));
    };
  };
  const many = frameReader({ what, frame: frame({ rows: list(object(shape)) }), start: start as never });
  const read = (text: string, out: Outlet) => (/^\s*\[/.test(text) ? many.read(`{"rows":${text}}`, out) : one.read(text, out));
  return { what, rule: undefined, read };
}

/** As {@link body}, of rows that name their instrument. */
function named<const S extends Shape>(what: string, shape: S, told: Told<S>): TextReader {
  return body(what, { symbol: text(), ...shape }, (out) => {
    const tell = told(out);
    return (row) => {
      out.about((row as { readonly symbol: string }).symbol);
      tell(row as never);
    };
  });
}

/** Readers of what REST is asked for. https://developers.binance.com/docs, "Market data endpoints" of each product. */
export const READERS = {
  depth: body('depth', { lastUpdateId: int(), E: optional(int()), bids: levels(), asks: levels() }, (out) => (row) => {
    out.snapshot(row.E, row.lastUpdateId, row.bids, row.asks);
  }),
  trades: body('trades', { id: id(), price: num(), qty: num(), time: int(), isBuyerMaker: bool() }, (out) => (row) => {
    out.trade(row.time, row.id, row.price, row.qty, sideFromWire(row.isBuyerMaker));
  }),
  aggTrades: body('aggTrades', { a: id(), p: num(), q: num(), T: int(), m: bool() }, HANDLERS.aggTrade),
  ticker: named(
    'ticker/24hr',
    { ...nums('lastPrice', 'openPrice', 'highPrice', 'lowPrice', 'volume', 'quoteVolume'), closeTime: int() },
    (out) => (row) => {
      const { lastPrice: last, openPrice: open, highPrice: high, lowPrice: low, volume, quoteVolume } = row;
      out.ticker(row.closeTime, { last, open, high, low, volume, quoteVolume });
    },
  ),
  quote: named(
    'ticker/bookTicker',
    { lastUpdateId: optional(int()), ...nums('bidPrice', 'bidQty', 'askPrice', 'askQty'), time: optional(int()) },
    (out) => (row) => out.quote(row.time, row.lastUpdateId, row.bidPrice, row.bidQty, row.askPrice, row.askQty),
  ),
  funding: named(
    'premiumIndex',
    { ...nums('markPrice', 'indexPrice', 'lastFundingRate'), nextFundingTime: optional(int()), time: optional(int()) },
    (out) => {
      const tell = HANDLERS.markPrice(out);
      return ({ time: E, markPrice: p, indexPrice: i, lastFundingRate: r, nextFundingTime: T }) => tell({ E, p, i, r, T });
    },
  ),
  settled: named('fundingRate', { fundingRate: num(), fundingTime: int(), ...nums('markPrice') }, (out) => (row) => {
    out.funding(row.fundingTime, { rate: row.fundingRate, markPrice: row.markPrice });
  }),
  openInterest: named('openInterest', { openInterest: num(), time: optional(int()) }, (out) => (row) => {
    out.openInterest(row.time, row.openInterest);
  }),
} as const;

/** Candles say neither symbol nor interval: the URL does, or for the interval their own length. */
function candleReader(asked: URLSearchParams, { sample }: Opened): TextReader | undefined {
  const [openTime, , , , , , closeTime] = sample as WireCandle;
  const interval = asked.get('interval') ?? intervalOfLength(Number(closeTime) - Number(openTime) + 1);
  if (!interval) return undefined;
  const start = (out: Outlet) => (rows: readonly WireCandle[]) => {
    for (const [i, row] of rows.entries()) {
      // A candle with another after it is closed, whatever the clock says.
      const closed = i < rows.length - 1 || row[6] < out.receivedAt;
      out.candle(Number.NaN, { interval, ...candleColumns(row), closed });
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
    instruments: (rows: readonly WireFundingInfo[], _, known) => {
      const perpetuals = known.filter(({ kind }) => kind === 'perpetual');
      return perpetuals.map((instrument) => withFunding(instrument, fundingHoursOf(rows)));
    },
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

export function isObject(value: unknown): value is Row {
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
