import { frame, int, levels, list, num, object, optional, type Shape, skip, taggedLevels, text } from '@speed-protocol/wire';

/** What the channels send, as far as it is read: one shape per kind of data. https://docs.deribit.com/#subscriptions */
export const SHAPES = {
  /** `book.{instrument}.{raw|100ms|agg2}`: levels that say `new`, `change` or `delete` first. */
  change: {
    type: text(),
    timestamp: int(),
    prev_change_id: optional(int()),
    instrument_name: text(),
    change_id: int(),
    bids: taggedLevels(),
    asks: taggedLevels(),
  },
  /** `book.{instrument}.{group}.{depth}.{interval}`: whole books. */
  grouped: { timestamp: int(), instrument_name: text(), change_id: int(), bids: levels(), asks: levels() },
  trade: {
    trade_seq: skip(),
    trade_id: text(),
    timestamp: int(),
    tick_direction: skip(),
    price: num(),
    mark_price: skip(),
    iv: skip(),
    liquidation: optional(text()),
    instrument_name: text(),
    index_price: skip(),
    direction: text(),
    contracts: skip(),
    amount: num(),
  },
  quote: {
    timestamp: int(),
    instrument_name: text(),
    best_bid_price: optional(num()),
    best_bid_amount: optional(num()),
    best_ask_price: optional(num()),
    best_ask_amount: optional(num()),
  },
  /** `ticker.{instrument}.{interval}`; funding on perpetuals. */
  ticker: {
    timestamp: int(),
    stats: object({
      volume_usd: optional(num()),
      volume_notional: optional(num()),
      volume: optional(num()),
      price_change: skip(),
      low: optional(num()),
      high: optional(num()),
    }),
    open_interest: optional(num()),
    mark_price: optional(num()),
    last_price: optional(num()),
    instrument_name: text(),
    index_price: optional(num()),
    current_funding: optional(num()),
  },
  /** `ticker.{instrument}.{interval}` of options. */
  greeks: {
    underlying_price: optional(num()),
    timestamp: int(),
    mark_price: optional(num()),
    mark_iv: optional(num()),
    instrument_name: text(),
    greeks: object({
      vega: optional(num()),
      theta: optional(num()),
      rho: optional(num()),
      gamma: optional(num()),
      delta: optional(num()),
    }),
    bid_iv: optional(num()),
    ask_iv: optional(num()),
  },
  candle: { volume: num(), tick: int(), open: num(), low: num(), high: num(), cost: num(), close: num() },
  /** `perpetual.{instrument}.{interval}`. */
  perpetual: { timestamp: int(), interest: num(), index_price: num() },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

/** A message whose data are one thing: `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"...","data":{...}}}`. */
export const message = <const S extends Shape>(shape: S) =>
  frame({ jsonrpc: skip(), method: skip(), params: object({ channel: skip(), data: object(shape) }) });

/** A message whose data are a list. */
export const messages = <const S extends Shape>(shape: S) =>
  frame({ jsonrpc: skip(), method: skip(), params: object({ channel: skip(), data: list(object(shape)) }) });
