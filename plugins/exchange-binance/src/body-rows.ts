import {
  bool,
  frame,
  frameReader,
  id,
  int,
  levels,
  list,
  num,
  type Outlet,
  object,
  optional,
  type Rows,
  type Shape,
  type ShapeFields,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import { sideFromWire } from './formats.js';

/** A REST body: how to know it when a capture has no URL, and how to read it. */
interface Body {
  /** Keys of the body, or of its rows, that no other body has together. */
  readonly keys: readonly string[];
  readonly reader: TextReader;
}

/** A body that is one object, or a list of them: some products answer with a list even when asked for one symbol. */
function body<const S extends Shape>(
  what: string,
  keys: readonly string[],
  shape: S,
  handle: (out: Outlet) => (row: ShapeFields<S>) => void,
): Body {
  const one = frameReader({ what, frame: frame(shape), start: handle as never });
  const start = (out: Outlet) => {
    const read = handle(out);
    return ({ rows: each }: { readonly rows: Rows<ShapeFields<S>> }) => {
      for (let i = 0; i < each.length; i++) read(each.at(i));
    };
  };
  const many = frameReader({ what, frame: frame({ rows: list(object(shape)) }), start: start as never });
  const read = (text: string, out: Outlet) => (/^\s*\[/.test(text) ? many.read(`{"rows":${text}}`, out) : one.read(text, out));
  return { keys, reader: { what, rule: undefined, read } };
}

/** By the path below the product's prefix. https://developers.binance.com/docs, "Market data endpoints" of each product. */
export const BODIES = {
  depth: body(
    'depth',
    ['lastUpdateId', 'bids', 'asks'],
    { lastUpdateId: int(), E: optional(int()), bids: levels(), asks: levels() },
    (out) => (row) => {
      out.snapshot(row.E, row.lastUpdateId, row.bids, row.asks);
    },
  ),
  trades: body(
    'trades',
    ['id', 'price', 'qty', 'time', 'isBuyerMaker'],
    { id: id(), price: num(), qty: num(), time: int(), isBuyerMaker: bool() },
    (out) => (row) => {
      out.trade(row.time, row.id, row.price, row.qty, sideFromWire(row.isBuyerMaker));
    },
  ),
  aggTrades: body(
    'aggTrades',
    ['a', 'p', 'q', 'f', 'l', 'T', 'm'],
    { a: id(), p: num(), q: num(), T: int(), m: bool() },
    (out) => (row) => {
      out.trade(row.T, row.a, row.p, row.q, sideFromWire(row.m));
    },
  ),
  'ticker/24hr': body(
    'ticker/24hr',
    ['symbol', 'lastPrice', 'openPrice', 'highPrice', 'lowPrice', 'volume', 'openTime', 'closeTime'],
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
  'ticker/bookTicker': body(
    'ticker/bookTicker',
    ['symbol', 'bidPrice', 'bidQty', 'askPrice', 'askQty'],
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
  premiumIndex: body(
    'premiumIndex',
    ['symbol', 'markPrice', 'lastFundingRate', 'nextFundingTime'],
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
        predictedRate: null,
        nextFundingTime: paid && row.nextFundingTime > 0 ? row.nextFundingTime : null,
        intervalHours: (paid && out.subject.instrument?.fundingIntervalHours) || null,
        markPrice: row.markPrice,
        indexPrice: row.indexPrice,
      });
    },
  ),
  fundingRate: body(
    'fundingRate',
    ['symbol', 'fundingRate', 'fundingTime'],
    { symbol: text(), fundingRate: num(), fundingTime: int(), markPrice: optional(num()) },
    (out) => (row) => {
      out.about(row.symbol);
      const { fundingRate: rate, markPrice } = row;
      const unsaid = { predictedRate: null, nextFundingTime: null, intervalHours: null, indexPrice: null };
      out.funding(row.fundingTime, { rate, markPrice, ...unsaid });
    },
  ),
  openInterest: body(
    'openInterest',
    ['symbol', 'openInterest', 'time'],
    { symbol: text(), openInterest: num(), time: optional(int()) },
    (out) => (row) => {
      out.about(row.symbol);
      out.openInterest(row.time, row.openInterest);
    },
  ),
} as const satisfies Readonly<Record<string, Body>>;
