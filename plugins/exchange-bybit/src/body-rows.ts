import {
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
  parsed,
  type Rows,
  type Shape,
  type ShapeFields,
  skip,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import { sideFromWire } from './formats.js';
import { isInverseId } from './symbols.js';
import { SHAPES } from './websocket/frames.js';
import { funding, tellQuote, wholeTicker } from './websocket/market.js';

/** A REST body: how to know it when a capture has no URL, and how to read it. */
interface Body {
  /** Keys of a row that no other body has together. */
  readonly keys: readonly string[];
  readonly reader: TextReader;
}

const envelope = <const S extends Shape>(result: S) =>
  frame({ retCode: skip(), retMsg: skip(), result: object(result), retExtInfo: skip(), time: optional(int()) });

/** Rows of a list. */
function body<const S extends Shape>(
  what: string,
  keys: readonly string[],
  shape: S,
  handle: (out: Outlet, row: ShapeFields<S>, time: number) => void,
): Body {
  const whole = envelope({ category: skip(), symbol: skip(), nextPageCursor: skip(), list: list(object(shape)) });
  const start =
    (out: Outlet) =>
    ({ result, time }: { readonly result: { readonly list: Rows<ShapeFields<S>> }; readonly time: number }): void => {
      for (let i = 0; i < result.list.length; i++) handle(out, result.list.at(i), time);
    };
  return { keys, reader: frameReader({ what, frame: whole, start: start as never }) };
}

const UNSAID = { predictedRate: null, nextFundingTime: null, intervalHours: null, markPrice: null, indexPrice: null };

/** `market/orderbook`: it names its instrument. */
const orderbook = (tell: (out: Outlet, book: ShapeFields<typeof BOOK>) => void) =>
  frameReader({
    what: 'market/orderbook',
    frame: envelope(BOOK),
    start:
      (out: Outlet) =>
      ({ result }) => {
        out.about(result.s);
        tell(out, result);
      },
  });
const BOOK = { s: text(), b: levels(), a: levels(), ts: int(), u: int(), seq: skip(), cts: skip() } as const;
export const ORDERBOOK = orderbook((out, { ts, u, b, a }) => out.snapshot(ts, u, b, a));
/** Its best levels. The number is not that of the stream of best levels. */
export const QUOTE = orderbook((out, { ts, b, a }) => tellQuote(out, { ts, u: Number.NaN, b, a }));

const TICKER = { ...SHAPES.ticker, symbol: text() } as const;
const BEST = { bid1Price: optional(num()), bid1Size: optional(num()), ask1Price: optional(num()), ask1Size: optional(num()) };

/** What `market/tickers` says of funding. */
export const FUNDING = body('market/tickers', [], TICKER, (out, row, time) => {
  if (out.about(row.symbol)) funding(out)({ type: 'snapshot', ts: time, data: row });
}).reader;

const CANDLE_NUMBERS = 6;

/** `market/kline`: open time, open, high, low, close, volume, turnover. The newest may still be open. */
export function candleBody(interval: string): TextReader {
  const rowsOf = (body: unknown) =>
    (body as { readonly result: { readonly list: readonly (readonly string[])[] } }).result.list.map((row) => {
      const numbers = row.slice(0, CANDLE_NUMBERS).map(Number);
      if (numbers.length === CANDLE_NUMBERS && numbers.every(Number.isFinite)) return numbers;
      throw new TypeError(`a candle is ${JSON.stringify(row)}`);
    });
  const start = (out: Outlet) => (rows: readonly (readonly number[])[]) => {
    for (const [openTime, open, high, low, close, volume] of rows as readonly [number, number, number, number, number, number][])
      out.candle(Number.NaN, { interval, openTime, open, high, low, close, volume, closed: false });
  };
  return frameReader({ what: 'market/kline', frame: parsed(rowsOf), start });
}

/** By the path below `/v5`. https://bybit-exchange.github.io/docs/v5/market */
export const BODIES = {
  'market/recent-trade': body(
    'market/recent-trade',
    ['execId', 'price', 'size', 'side', 'time', 'isBlockTrade'],
    { execId: id(), symbol: text(), price: num(), size: num(), side: text(), time: int() },
    (out, row) => {
      out.about(row.symbol);
      out.trade(row.time, row.execId, row.price, row.size, sideFromWire(row.side));
    },
  ),
  'market/tickers': body(
    'market/tickers',
    ['lastPrice', 'prevPrice24h', 'highPrice24h'],
    { ...TICKER, ...BEST },
    (out, row, time) => {
      out.about(row.symbol);
      const isInverse = out.subject.instrument?.inverse ?? isInverseId(row.symbol);
      wholeTicker(() => isInverse)(out)({ type: 'snapshot', ts: time, data: row });
      if (!Number.isNaN(row.bid1Price)) out.quote(time, Number.NaN, row.bid1Price, row.bid1Size, row.ask1Price, row.ask1Size);
    },
  ),
  'market/funding/history': body(
    'market/funding/history',
    ['fundingRate', 'fundingRateTimestamp'],
    { symbol: text(), fundingRate: num(), fundingRateTimestamp: int() },
    (out, row) => {
      out.about(row.symbol);
      out.funding(row.fundingRateTimestamp, { ...UNSAID, rate: row.fundingRate });
    },
  ),
  'market/open-interest': body(
    'market/open-interest',
    ['openInterest', 'timestamp'],
    { openInterest: num(), singleOpenInterest: optional(num()), timestamp: int() },
    (out, row) => {
      out.openInterest(row.timestamp, Number.isNaN(row.singleOpenInterest) ? row.openInterest : row.singleOpenInterest);
    },
  ),
} as const satisfies Readonly<Record<string, Body>>;
