import { bool, frame, id, int, levels, list, num, object, optional, type Shape, skip, text } from '@speed-protocol/wire';

/**
 * What the topics send, as far as it is read: one shape per kind of `data`. https://bybit-exchange.github.io/docs/v5/websocket/public;
 * numbers are text, "" means none.
 */
export const SHAPES = {
  /** `orderbook.*`: `u` counts the messages of the topic, `seq` orders what happens on the venue. */
  book: { s: skip(), b: levels(), a: levels(), u: int(), seq: skip() },
  /** A row of `publicTrade`. */
  trade: { T: int(), s: skip(), S: text(), v: num(), p: num(), L: skip(), i: id(), BT: skip(), RPI: skip(), seq: skip() },
  /** `tickers`: what a delta leaves out is as it was. */
  ticker: {
    symbol: skip(),
    tickDirection: skip(),
    price24hPcnt: skip(),
    lastPrice: optional(num()),
    prevPrice24h: optional(num()),
    highPrice24h: optional(num()),
    lowPrice24h: optional(num()),
    prevPrice1h: skip(),
    markPrice: optional(num()),
    indexPrice: optional(num()),
    openInterest: optional(num()),
    openInterestValue: skip(),
    singleOpenInterest: optional(num()),
    turnover24h: optional(num()),
    volume24h: optional(num()),
    nextFundingTime: optional(int()),
    fundingRate: optional(num()),
    fundingIntervalHour: optional(num()),
    bid1Price: skip(),
    bid1Size: skip(),
    ask1Price: skip(),
    ask1Size: skip(),
  },
  /** A row of `kline`. */
  candle: {
    start: int(),
    end: skip(),
    interval: skip(),
    open: num(),
    close: num(),
    high: num(),
    low: num(),
    volume: num(),
    turnover: skip(),
    confirm: bool(),
    timestamp: optional(int()),
  },
  /** A row of `allLiquidation`. */
  liquidation: { T: int(), s: skip(), S: text(), v: num(), p: num() },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

/** A message about one thing: `{"topic": ..., "type": "snapshot", "ts": ..., "data": {...}}`. */
export const message = <const S extends Shape>(shape: S) =>
  frame({ topic: skip(), type: optional(text()), ts: int(), data: object(shape), cts: skip(), cs: skip() });

/** A message of rows. */
export const rowsMessage = <const S extends Shape>(shape: S) =>
  frame({ topic: skip(), type: skip(), ts: optional(int()), data: list(object(shape)) });
