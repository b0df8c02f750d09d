import {
  bool,
  frame,
  id,
  int,
  levels,
  literal,
  num,
  type OptionalNode,
  object,
  optional,
  type Shape,
  skip,
  text,
} from '@speed-protocol/wire';

/** Numbers that may be absent, or "". */
export function nums<const N extends string>(...names: readonly N[]) {
  return Object.fromEntries(names.map((name) => [name, optional(num())])) as Record<N, OptionalNode<number>>;
}

/**
 * What the streams send, as far as it is read: https://developers.binance.com/docs, "Market streams" of each product.
 * One shape per kind of event: live inside the combined wrapper, in captures bare as well.
 */
export const SHAPES = {
  /** `@depth` of spot. */
  spotDepth: { e: literal('depthUpdate'), E: int(), s: skip(), U: int(), u: int(), b: levels(), a: levels() },
  /** `@depth` and `@depth5|10|20` of futures. */
  futuresDepth: {
    ...{ e: literal('depthUpdate'), E: int(), T: skip(), s: skip(), ps: skip() },
    ...{ U: int(), u: int(), pu: int(), b: levels(), a: levels(), st: skip() },
  },
  /** `@depth5|10|20` of spot: neither time nor symbol. */
  spotBook: { lastUpdateId: int(), bids: levels(), asks: levels() },
  /** `@trade`. */
  trade: { e: literal('trade'), E: skip(), s: skip(), t: id(), p: num(), q: num(), T: int(), m: bool(), X: optional(text()) },
  /** `@aggTrade`; the size includes retail price improvement orders, `nq` (not read) does not. */
  aggTrade: {
    ...{ e: literal('aggTrade'), E: skip(), s: skip(), a: id(), p: num(), q: num() },
    ...{ f: skip(), l: skip(), T: int(), m: bool() },
  },
  /** `@bookTicker`; spot sends neither `e` nor a time. */
  quote: { u: int(), E: optional(int()), s: skip(), b: num(), B: num(), a: num(), A: num() },
  /** `@ticker`. */
  ticker: { e: literal('24hrTicker'), E: int(), s: skip(), ...nums('c', 'o', 'h', 'l', 'v', 'q') },
  /** `@miniTicker`. */
  miniTicker: { e: literal('24hrMiniTicker'), E: int(), s: skip(), ...nums('c', 'o', 'h', 'l', 'v', 'q') },
  /** `@kline_<interval>`. */
  candle: {
    e: literal('kline'),
    E: int(),
    s: skip(),
    k: object({ t: int(), i: text(), o: num(), c: num(), h: num(), l: num(), v: num(), x: bool() }),
  },
  /** `@markPrice`; on dated futures `r` is "" and `T` 0; COIN-M sends `i` since 2022. */
  markPrice: { e: literal('markPriceUpdate'), E: int(), s: skip(), ...nums('p', 'i', 'r'), T: optional(int()) },
  /** `@forceOrder`. */
  liquidation: { e: literal('forceOrder'), E: skip(), o: object({ s: skip(), S: text(), q: num(), p: num(), T: int() }) },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

/** A message of a combined stream: `{"stream": "...", "data": ...}`. */
export const combined = <const S extends Shape>(shape: S) => frame({ stream: skip(), data: object(shape) });
