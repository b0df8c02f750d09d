import { bool, envelope, fields, id, int, levels, num, optional, type Shape, skip, text } from '@speed-protocol/wire';

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
    ...fields(skip(), 'symbol', 'tickDirection', 'price24hPcnt'),
    ...fields(optional(num()), 'lastPrice', 'prevPrice24h', 'highPrice24h', 'lowPrice24h'),
    prevPrice1h: skip(),
    ...fields(optional(num()), 'markPrice', 'indexPrice', 'openInterest'),
    openInterestValue: skip(),
    ...fields(optional(num()), 'singleOpenInterest', 'turnover24h', 'volume24h'),
    nextFundingTime: optional(int()),
    ...fields(optional(num()), 'fundingRate', 'fundingIntervalHour'),
    ...fields(skip(), 'bid1Price', 'bid1Size', 'ask1Price', 'ask1Size'),
  },
  /** A row of `kline`. */
  candle: {
    start: int(),
    ...fields(skip(), 'end', 'interval'),
    ...fields(num(), 'open', 'close', 'high', 'low', 'volume'),
    turnover: skip(),
    confirm: bool(),
    timestamp: optional(int()),
  },
  /** A row of `allLiquidation`. */
  liquidation: { T: int(), s: skip(), S: text(), v: num(), p: num() },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

interface Message {
  readonly data: unknown;
}

/** Messages about one thing: `{"topic": ..., "type": "snapshot", "ts": ..., "data": {...}}`. */
export const { one: message } = envelope({
  shape: (data) => ({ topic: skip(), type: optional(text()), ts: int(), data, cts: skip(), cs: skip() }),
  contentOf: ({ data }: Message & { readonly type: string | null; readonly ts: number }) => data,
});

/** Messages of rows. */
export const { many: rows } = envelope({
  shape: (data) => ({ topic: skip(), type: skip(), ts: optional(int()), data }),
  contentOf: ({ data }: Message) => data,
  named: 's',
});
