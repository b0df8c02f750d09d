import type { AccountEvent } from '@speed-protocol/core';
import {
  type BodyRow,
  type BodyTable,
  bodiesIn,
  candleColumns,
  frameReader,
  int,
  levels,
  list,
  num,
  type Outlet,
  object,
  optional,
  type PrivatePlace,
  parsed,
  type Rows,
  type ShapeFields,
  skip,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import { INTERVALS, isInverse, isSpot } from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type { WireChart, WireInstrument, WirePlaced, WireSummaries, WireTrades } from './types.js';
import { SHAPES } from './websocket/frames.js';
import { allOfTicker, allOfTrade, type DataOf, HANDLERS } from './websocket/market.js';
import { fillEvents, orderEvents, positionEvents, summaryEvents } from './websocket/private.js';

/** `{"jsonrpc":"2.0","result":...}` */
const { one, many } = bodiesIn({
  shape: (result) => ({ jsonrpc: skip(), id: skip(), result, usIn: skip(), usOut: skip(), usDiff: skip(), testnet: skip() }),
  contentOf: ({ result }: { readonly result: unknown }) => result,
});

const eachOf =
  <T>(tell: (row: T) => void) =>
  (rows: Rows<T>): void => {
    for (let i = 0; i < rows.length; i++) tell(rows.at(i));
  };

const TRADES = { trades: list(object(SHAPES.trade)), has_more: skip() } as const;
const trades = (tellOf: (out: Outlet) => (row: DataOf<'trade'>) => void) => (out: Outlet) => {
  const tell = eachOf(tellOf(out));
  return (result: ShapeFields<typeof TRADES>) => tell(result.trades);
};

/** What was paid in an hour. */
const PAID = { timestamp: int(), index_price: num(), interest_1h: num(), interest_8h: skip() } as const;
const paid =
  (out: Outlet) =>
  ({ timestamp, interest_1h: rate, index_price: indexPrice }: ShapeFields<typeof PAID>) => {
    out.funding(timestamp, { rate, intervalHours: 1, indexPrice });
  };

/** Readers of what REST is asked for. https://docs.deribit.com/#market-data */
export const READERS = {
  book: one('public/get_order_book', SHAPES.grouped, HANDLERS.grouped),
  quote: one('public/ticker', SHAPES.quote, HANDLERS.quote),
  funding: one('public/ticker', SHAPES.ticker, HANDLERS.funding),
  trades: one('public/get_last_trades_by_instrument', TRADES, trades(HANDLERS.trade)),
  settled: many('public/get_funding_rate_history', PAID, paid),
} as const;

/** A ticker as REST gives it; of options also what they are sensitive to. */
const TICKER = { ...SHAPES.ticker, ...SHAPES.greeks, greeks: optional(SHAPES.greeks.greeks) } as const;
const ticker = (out: Outlet) => {
  const [tell, greeks] = [allOfTicker(out), HANDLERS.greeks(out)];
  return (row: ShapeFields<typeof TICKER>) => {
    tell(row);
    if (row.greeks !== null) greeks(row as DataOf<'greeks'>);
  };
};

/** A book, which is a ticker with levels. */
const BOOK = { ...TICKER, change_id: int(), bids: levels(), asks: levels() } as const;
const book = (out: Outlet) => {
  const [tellBook, tellTicker] = [HANDLERS.grouped(out), ticker(out)];
  return (row: ShapeFields<typeof BOOK>) => {
    out.about(row.instrument_name);
    tellBook(row);
    tellTicker(row);
  };
};

/** A row of `public/get_book_summary_by_instrument` and its like: a ticker under other names. */
const SUMMARY = {
  ...{ instrument_name: text(), creation_timestamp: int(), last: optional(num()), high: optional(num()), low: optional(num()) },
  ...{ volume: optional(num()), volume_usd: optional(num()), volume_notional: optional(num()), open_interest: optional(num()) },
} as const;
const UNTOLD = { mark_price: Number.NaN, index_price: Number.NaN, current_funding: Number.NaN } as const;
const summary = (out: Outlet) => {
  const [asTicker, asInterest] = [HANDLERS.ticker(out), HANDLERS.openInterest(out)];
  return (row: ShapeFields<typeof SUMMARY>) => {
    const { instrument_name, creation_timestamp: timestamp, last: last_price, open_interest } = row;
    const data = { ...UNTOLD, instrument_name, timestamp, last_price, open_interest, stats: row };
    out.about(instrument_name);
    asTicker(data);
    if (!isSpot(instrument_name)) asInterest(data);
  };
};

/** Columns, by resolution. Volume is in the unit of amounts: dollars on inverse contracts. */
function chartReader(interval: string): TextReader {
  const chart = parsed((message) => (message as { readonly result: WireChart }).result);
  const start =
    (out: Outlet) =>
    ({ ticks, open, high, low, close, volume, cost }: WireChart) => {
      const volumes = isInverse(out.subject.venueSymbol) ? cost : volume;
      for (const [i, openTime] of ticks.entries()) {
        const row = candleColumns([openTime, open[i], high[i], low[i], close[i], volumes[i]]);
        out.candle(Number.NaN, { interval, ...row, closed: false });
      }
    };
  return frameReader({ what: 'public/get_tradingview_chart_data', frame: chart, start });
}

const account = (like: readonly string[], read: (content: never, place: PrivatePlace) => readonly AccountEvent[]): BodyRow => ({
  like,
  account: read,
});

/** By method. */
const ROWS: Readonly<Record<string, BodyRow>> = {
  ...Object.fromEntries(
    ['get_time', 'test', 'hello', 'status', 'auth', 'set_heartbeat'].map((name) => [
      `public/${name}`,
      { like: [], control: true },
    ]),
  ),
  'time or version': { like: isTimeOrVersion, control: true },
  'public/get_instruments': {
    like: ['tick_size', 'instrument_name'],
    instruments: (content: WireInstrument | readonly WireInstrument[], venue) => instrumentsFromWire(venue, [content].flat()),
  },
  'public/get_order_book': {
    like: ['change_id', 'bids', 'asks', 'stats'],
    reader: one('public/get_order_book', BOOK, book),
  },
  'public/ticker': { like: ['stats', 'best_bid_price', 'last_price'], reader: one('public/ticker', TICKER, ticker) },
  'public/get_last_trades': {
    like: ['trades', 'has_more'],
    reader: one('public/get_last_trades_by_instrument', TRADES, trades(allOfTrade)),
  },
  'public/get_book_summary': {
    like: ['creation_timestamp', 'open_interest', 'volume', 'last'],
    reader: many('public/get_book_summary_by_instrument', SUMMARY, summary),
  },
  'public/get_tradingview_chart_data': {
    like: ['ticks', 'open', 'close', 'cost'],
    readerOf: (asked) => chartReader(INTERVALS.fromWire(asked.get('resolution') ?? '')),
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
};

/** Answers of `public/get_time` and `public/test`. */
function isTimeOrVersion(sample: unknown): boolean {
  if (typeof sample !== 'object' || sample === null) return typeof sample === 'number';
  return 'version' in sample && Object.keys(sample).length === 1;
}

/** Methods that carry the same body as another. */
const ALIASES: Readonly<Record<string, string>> = {
  'public/get_instrument': 'public/get_instruments',
  'private/get_position': 'private/get_positions',
  ...sameAs('private/get_order_state', ['private/get_open_orders', 'private/get_order_history', 'private/cancel']),
  ...sameAs('private/buy', ['private/sell', 'private/edit', 'private/edit_by_label', 'private/close_position']),
};

function sameAs(name: string, aliases: readonly string[]): Record<string, string> {
  return Object.fromEntries(aliases.map((alias) => [alias, name]));
}

interface Envelope {
  readonly error?: unknown;
  readonly result?: unknown;
}

/** What REST answers with; a refusal has `error` instead of a result. */
export const BODIES: BodyTable = {
  prefix: /^\/api\/v2\//,
  suffix: /(?<=\/get_.*)_by_(currency|instrument|instrument_id|label)(_and_time)?$/,
  open: (message) => {
    const { error, result } = (message ?? {}) as Envelope;
    if (error !== undefined) return 'control';
    if (result === undefined) return 'unknown';
    const sample: unknown = Array.isArray(result) ? result[0] : result;
    return sample === undefined ? 'control' : { content: result, sample };
  },
  about: (_, asked) => ({ venueSymbol: asked.get('instrument_name') ?? '' }),
  aliases: ALIASES,
  rows: ROWS,
};
