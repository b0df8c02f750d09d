import { envelope, fields, int, levels, num, object, optional, type Shape, skip, taggedLevels, text } from '@speed-protocol/wire';

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
    ...fields(optional(num()), 'best_bid_price', 'best_bid_amount', 'best_ask_price', 'best_ask_amount'),
  },
  /** `ticker.{instrument}.{interval}`; funding on perpetuals. */
  ticker: {
    timestamp: int(),
    stats: object({
      ...fields(optional(num()), 'volume_usd', 'volume_notional', 'volume'),
      price_change: skip(),
      ...fields(optional(num()), 'low', 'high'),
    }),
    ...fields(optional(num()), 'open_interest', 'mark_price', 'last_price'),
    instrument_name: text(),
    ...fields(optional(num()), 'index_price', 'current_funding'),
  },
  /** `ticker.{instrument}.{interval}` of options. */
  greeks: {
    underlying_price: optional(num()),
    timestamp: int(),
    ...fields(optional(num()), 'mark_price', 'mark_iv'),
    instrument_name: text(),
    greeks: object(fields(optional(num()), 'vega', 'theta', 'rho', 'gamma', 'delta')),
    ...fields(optional(num()), 'bid_iv', 'ask_iv'),
  },
  candle: { volume: num(), tick: int(), ...fields(num(), 'open', 'low', 'high', 'cost', 'close') },
  /** `perpetual.{instrument}.{interval}`. */
  perpetual: { timestamp: int(), interest: num(), index_price: num() },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

/** Messages of a channel: `{"jsonrpc":"2.0","method":"subscription","params":{"channel":"...","data":{...}}}`. */
export const { one: message, many: rows } = envelope({
  shape: (data) => ({ jsonrpc: skip(), method: skip(), params: object({ channel: skip(), data }) }),
  contentOf: ({ params }: { readonly params: { readonly data: unknown } }) => params.data,
});
