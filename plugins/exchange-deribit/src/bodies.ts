import type { AccountEvent } from '@speed-protocol/core';
import {
  allOf,
  type BodyRow,
  type BodyTable,
  bodiesIn,
  candleColumns,
  candleReaders,
  type FieldNode,
  fields,
  type Handler,
  int,
  levels,
  num,
  object,
  onlyIf,
  openedBy,
  optional,
  type PrivatePlace,
  parsed,
  type Row,
  type ShapeFields,
  skip,
  text,
} from '@speed-protocol/wire';
import { INTERVALS, isInverse, isSpot } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireChart, WirePlaced, WireSummaries, WireTrades } from './types.js';
import { SHAPES } from './websocket/frames.js';
import { allOfTicker, allOfTrade, HANDLERS } from './websocket/market.js';
import { fillEvents, orderEvents, positionEvents, summaryEvents } from './websocket/private.js';

/** `{"jsonrpc":"2.0","result":...}` */
const envelope = (result: FieldNode) => ({
  ...{ jsonrpc: skip(), id: skip(), result, usIn: skip(), usOut: skip(), usDiff: skip(), testnet: skip() },
});
const { one, many } = bodiesIn({
  shape: envelope,
  contentOf: ({ result }: { readonly result: unknown }) => result,
  named: 'instrument_name',
});
/** Trades stand a step further in. */
const { many: trades } = bodiesIn({
  shape: (rows) => envelope(object({ trades: rows, has_more: skip() })),
  contentOf: ({ result }: { readonly result: { readonly trades: unknown } }) => result.trades,
  named: 'instrument_name',
});

/** What was paid in an hour. */
const PAID = { timestamp: int(), index_price: num(), interest_1h: num(), interest_8h: skip() } as const;

/** Readers of what REST is asked for. https://docs.deribit.com/#market-data */
export const READERS = {
  book: one('public/get_order_book', SHAPES.grouped, HANDLERS.grouped),
  quote: one('public/ticker', SHAPES.quote, HANDLERS.quote),
  funding: one('public/ticker', SHAPES.ticker, HANDLERS.funding),
  trades: trades('public/get_last_trades_by_instrument', SHAPES.trade, HANDLERS.trade),
  settled: many('public/get_funding_rate_history', PAID, (out) => (row) => {
    out.funding(row.timestamp, { rate: row.interest_1h, intervalHours: 1, indexPrice: row.index_price });
  }),
} as const;

/** A ticker as REST gives it; of options also what they are sensitive to. */
const TICKER = { ...SHAPES.ticker, ...SHAPES.greeks, greeks: optional(SHAPES.greeks.greeks) } as const;
type Ticker = ShapeFields<typeof TICKER>;
const ticker = allOf<Ticker>(
  allOfTicker,
  onlyIf<Ticker>(({ greeks }) => greeks !== null, HANDLERS.greeks as never),
);

/** A book, which is a ticker with levels. */
const BOOK = { ...TICKER, change_id: int(), bids: levels(), asks: levels() } as const;
const book = allOf<ShapeFields<typeof BOOK>>(HANDLERS.grouped, ticker);

/** A row of `public/get_book_summary_by_instrument` and its like: a ticker under other names. */
const SUMMARY = {
  instrument_name: text(),
  creation_timestamp: int(),
  ...fields(optional(num()), 'last', 'high', 'low', 'volume', 'volume_usd', 'volume_notional', 'open_interest'),
} as const;
const UNTOLD = { mark_price: Number.NaN, index_price: Number.NaN, current_funding: Number.NaN } as const;
const summary: Handler<ShapeFields<typeof SUMMARY>> = (out) => {
  const [asTicker, asInterest] = [HANDLERS.ticker(out), HANDLERS.openInterest(out)];
  return (row) => {
    const { instrument_name, creation_timestamp: timestamp, last: last_price, open_interest } = row;
    const data = { ...UNTOLD, instrument_name, timestamp, last_price, open_interest, stats: row };
    asTicker(data, undefined);
    if (!isSpot(instrument_name)) asInterest(data, undefined);
  };
};

/** Columns, by resolution. Volume is in the unit of amounts: dollars on inverse contracts. */
const candleReader = candleReaders('public/get_tradingview_chart_data ', INTERVALS, {
  frame: parsed((message) => (message as { readonly result: WireChart }).result),
  start: (out) => (columns) => {
    const { ticks, open, high, low, close, volume, cost } = columns;
    const volumes = isInverse(out.subject.venueSymbol) ? cost : volume;
    for (const [i, openTime] of ticks.entries()) {
      const row = candleColumns([openTime, open[i], high[i], low[i], close[i], volumes[i]]);
      out.candle(Number.NaN, { interval: out.interval, ...row, closed: false });
    }
  },
});

const account = (like: readonly string[], read: (content: never, place: PrivatePlace) => readonly AccountEvent[]): BodyRow => ({
  like,
  account: read,
});

/** Answers of `public/get_time` and `public/test`. */
function isTimeOrVersion(sample: unknown): boolean {
  if (typeof sample !== 'object' || sample === null) return typeof sample === 'number';
  return 'version' in sample && Object.keys(sample).length === 1;
}

/** Methods that carry the same body as another. */
const ALIASES: Readonly<Record<string, string>> = {
  'public/get_instrument': 'public/get_instruments',
  'private/get_position': 'private/get_positions',
  ...sameAs('private/get_order_state', ['get_open_orders', 'get_order_history', 'cancel'], 'private/'),
  ...sameAs('private/buy', ['sell', 'edit', 'edit_by_label', 'close_position'], 'private/'),
};

function sameAs<T>(meaning: T, names: readonly string[], prefix: string): Record<string, T> {
  return Object.fromEntries(names.map((name) => [prefix + name, meaning]));
}

/** What REST answers with; a refusal has `error` instead of a result. */
export const BODIES: BodyTable = {
  prefix: /^\/api\/v2\//,
  suffix: /(?<=\/get_.*)_by_(currency|instrument|instrument_id|label)(_and_time)?$/,
  open: openedBy({ isRefusal: ({ error }) => error !== undefined, contentOf: ({ result }) => result }),
  about: (_, asked) => ({ venueSymbol: asked.get('instrument_name') ?? '' }),
  aliases: ALIASES,
  /** By method. */
  rows: {
    ...sameAs({ like: [], control: true }, ['get_time', 'test', 'hello', 'status', 'auth', 'set_heartbeat'], 'public/'),
    'time or version': { like: isTimeOrVersion, control: true },
    'public/get_instruments': {
      like: ['tick_size', 'instrument_name'],
      instruments: (content: Row | readonly Row[], venue) => instrumentsFromWire(venue, [content].flat()),
    },
    'public/get_order_book': {
      like: ['change_id', 'bids', 'asks', 'stats'],
      reader: one('public/get_order_book', BOOK, book),
    },
    'public/ticker': { like: ['stats', 'best_bid_price', 'last_price'], reader: one('public/ticker', TICKER, ticker) },
    'public/get_last_trades': {
      like: ['trades', 'has_more'],
      reader: trades('public/get_last_trades_by_instrument', SHAPES.trade, allOfTrade),
    },
    'public/get_book_summary': {
      like: ['creation_timestamp', 'open_interest', 'volume', 'last'],
      reader: many('public/get_book_summary_by_instrument', SUMMARY, summary),
    },
    'public/get_tradingview_chart_data': {
      like: ['ticks', 'open', 'close', 'cost'],
      readerOf: (asked) => candleReader(asked.get('resolution') ?? ''),
    },
    'public/get_funding_rate_history': { like: ['interest_1h', 'interest_8h', 'timestamp'], reader: READERS.settled },
    'private/get_order_state': account(['order_id', 'order_state'], orderEvents),
    'private/get_user_trades': account([], ({ trades }: WireTrades, place) => fillEvents(trades, place)),
    'private/get_user_trades_by_order': account(['order_id', 'trade_id'], fillEvents),
    'private/get_positions': account(['size', 'floating_profit_loss'], positionEvents),
    'private/get_account_summary': account(['available_funds', 'balance'], summaryEvents),
    'private/get_account_summaries': account(['summaries'], ({ summaries }: WireSummaries, place) =>
      summaryEvents(summaries, place),
    ),
    'private/buy': account(['order', 'trades'], ({ order, trades }: WirePlaced, place) => [
      ...fillEvents(trades, place),
      ...orderEvents(order, place),
    ]),
  },
};
