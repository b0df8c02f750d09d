import type { AccountEvent, EventBase, Instrument, MarketEvent, RawFrame } from '@speed-protocol/core';
import type { Classified, PrivatePlace, Subject } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import * as formats from './formats.js';
import { instrumentsFromWire } from './symbols.js';
import type * as wire from './types.js';
import { fillEvents, orderEvents, positionEvents, summaryEvents } from './websocket/private.js';

type Resolve = (venueSymbol: string) => Subject;
type Place = Omit<EventBase, 'venueTime'>;

/** A REST body as captures hold it: how to know its result when the capture has no URL, and what it tells. */
interface BodyRow {
  /** Keys of the result, or of its rows, that no other body has together. */
  readonly keys: readonly string[];
  /** @param about the instrument that the URL names */
  readonly make: (result: never, placeOf: (venueSymbol: string) => Place, about: URLSearchParams) => readonly MarketEvent[];
}

/** A row of `public/get_book_summary_by_instrument` and its like: a ticker under other names. */
interface Summary {
  readonly instrument_name: string;
  readonly creation_timestamp: number;
  readonly last: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly volume: number | null;
  readonly volume_usd?: number | null;
  readonly volume_notional?: number | null;
  readonly open_interest: number | null;
  readonly mark_price: number | null;
  readonly current_funding?: number | null;
}

/** By method. https://docs.deribit.com/#market-data */
const BODIES: Readonly<Record<string, BodyRow>> = {
  'public/get_order_book': {
    keys: ['change_id', 'bids', 'asks'],
    make: (row: wire.WireBook, placeOf) => {
      const place = placeOf(row.instrument_name);
      return [formats.depthFromWire(row, place), ...tickerEvents(row, place)];
    },
  },
  'public/ticker': {
    keys: ['stats', 'best_bid_price', 'last_price'],
    make: (row: wire.WireTicker, placeOf) => tickerEvents(row, placeOf(row.instrument_name)),
  },
  'public/get_last_trades_by_instrument': {
    keys: ['trades', 'has_more'],
    make: ({ trades }: wire.WireTrades, placeOf) => trades.flatMap((row) => tradeEvents(row, placeOf(row.instrument_name))),
  },
  'public/get_book_summary_by_instrument': {
    keys: ['creation_timestamp', 'open_interest', 'volume', 'last'],
    make: (rows: readonly Summary[], placeOf) =>
      rows.flatMap((row) => tickerEvents(tickerOf(row), placeOf(row.instrument_name)).filter(({ type }) => type !== 'funding')),
  },
  'public/get_tradingview_chart_data': {
    keys: ['ticks', 'open', 'close', 'cost'],
    make: (chart: wire.WireChart, placeOf, about) => {
      const interval = formats.resolutionFromWire(about.get('resolution') ?? '');
      return formats.candlesFromWire(chart, interval, placeOf(about.get('instrument_name') ?? ''));
    },
  },
  'public/get_funding_rate_history': {
    keys: ['interest_1h', 'interest_8h', 'timestamp'],
    make: (rows: readonly wire.WireFundingHour[], placeOf, about) =>
      rows.map((row) => formats.fundingHourFromWire(row, placeOf(about.get('instrument_name') ?? ''))),
  },
};

/** Methods that carry the same body as another. */
const ALIASES: Readonly<Record<string, string>> = {
  ...all('public/get_last_trades_by_instrument', [
    'public/get_last_trades_by_instrument_and_time',
    'public/get_last_trades_by_currency',
    'public/get_last_trades_by_currency_and_time',
  ]),
  ...all('public/get_book_summary_by_instrument', ['public/get_book_summary_by_currency']),
  'public/get_order_book_by_instrument_id': 'public/get_order_book',
  ...all('private/get_user_trades_by_instrument', [
    'private/get_user_trades_by_instrument_and_time',
    'private/get_user_trades_by_currency',
    'private/get_user_trades_by_currency_and_time',
  ]),
  ...all('private/get_order_state', [
    'private/get_order_state_by_label',
    'private/get_open_orders',
    'private/get_open_orders_by_currency',
    'private/get_open_orders_by_instrument',
    'private/get_open_orders_by_label',
    'private/get_order_history_by_currency',
    'private/get_order_history_by_instrument',
    'private/cancel',
  ]),
  ...all('private/buy', ['private/sell', 'private/edit', 'private/edit_by_label', 'private/close_position']),
  'private/get_position': 'private/get_positions',
};

function all(name: string, aliases: readonly string[]): Record<string, string> {
  return Object.fromEntries(aliases.map((alias) => [alias, name]));
}

/** Answers that tell no event. */
const CONTROL = new Set([
  'public/get_time',
  'public/test',
  'public/hello',
  'public/status',
  'public/auth',
  'public/set_heartbeat',
]);
const LISTINGS = new Set(['public/get_instruments', 'public/get_instrument']);

interface Body {
  readonly error?: unknown;
  readonly result?: unknown;
}

/** What a REST body is: by the URL's path, or by the keys of its result where the capture has none. */
export function classifyBody(venue: VenueId, message: unknown, frame: RawFrame): Classified {
  const url = frame.url === null ? undefined : new URL(frame.url, 'http://capture');
  const path = url && (/^\/api\/v2\/(.+)$/.exec(url.pathname)?.[1] ?? url.pathname);
  const { error, result } = (message ?? {}) as Body;
  if (error !== undefined || (path !== undefined && CONTROL.has(path))) return { kind: 'control' };
  if (result === undefined) return { kind: 'unknown', topic: path ?? 'body of no known shape' };
  const sample: unknown = Array.isArray(result) ? result[0] : result;
  if (sample === undefined) return { kind: 'control' };
  const name = path === undefined ? nameByKeys(sample) : (ALIASES[path] ?? path);
  if (LISTINGS.has(name)) return { kind: 'instruments', make: () => listing(venue, result) };
  const row = Object.hasOwn(BODIES, name) ? BODIES[name] : undefined;
  const own = Object.hasOwn(PRIVATE_BODIES, name) ? PRIVATE_BODIES[name] : undefined;
  if (own) return privately(venue, frame.ts, (place) => own.make(result as never, place));
  if (row) return { kind: 'events', make: (resolve) => eventsOf(row, result, resolve, url, frame) };
  return name === CONTROL_NAME ? { kind: 'control' } : { kind: 'unknown', topic: name };
}

/** Bodies of an account, by method. */
const PRIVATE_BODIES: Readonly<Record<string, PrivateRow>> = {
  'private/get_order_state': { keys: ['order_id', 'order_state'], make: orderEvents },
  'private/get_user_trades_by_instrument': {
    keys: [],
    make: ({ trades }: { readonly trades: unknown }, place) => fillEvents(trades, place),
  },
  'private/get_user_trades_by_order': { keys: ['order_id', 'trade_id'], make: fillEvents },
  'private/get_positions': { keys: ['size', 'floating_profit_loss'], make: positionEvents },
  'private/get_account_summary': { keys: ['available_funds', 'balance'], make: summaryEvents },
  'private/get_account_summaries': {
    keys: ['summaries'],
    make: ({ summaries }: wire.WireSummaries, place) => summaryEvents(summaries, place),
  },
  'private/buy': {
    keys: ['order', 'trades'],
    make: ({ order, trades }: wire.WirePlaced, place) => [...fillEvents(trades, place), ...orderEvents(order, place)],
  },
};

interface PrivateRow {
  readonly keys: readonly string[];
  readonly make: (result: never, place: PrivatePlace) => readonly AccountEvent[];
}

/** Events of an account, with the symbols that the captured listing gives. */
export function privately(venue: VenueId, ts: number | null, make: (place: PrivatePlace) => readonly AccountEvent[]): Classified {
  return {
    kind: 'private',
    make: (resolve) => make({ venue, receivedAt: ts ?? 0, symbolOf: (venueSymbol) => resolve(venueSymbol).symbol }),
  };
}

const CONTROL_NAME = 'time or version';

function nameByKeys(sample: unknown): string {
  if (typeof sample === 'number') return CONTROL_NAME;
  if (typeof sample !== 'object' || sample === null) return `result ${JSON.stringify(sample)}`;
  if ('tick_size' in sample && 'instrument_name' in sample) return 'public/get_instruments';
  const keys = Object.keys(sample);
  if (keys.length === 1 && keys[0] === 'version') return CONTROL_NAME;
  const known: Readonly<Record<string, { readonly keys: readonly string[] }>> = { ...BODIES, ...PRIVATE_BODIES };
  const names = Object.keys(known).filter((name) => isKnownBy(known[name]!.keys, sample));
  return names.length > 0 ? names[0]! : keys.slice(0, 12).join(',');
}

function isKnownBy(keys: readonly string[], sample: object): boolean {
  return keys.length > 0 && keys.every((key) => key in sample);
}

function listing(venue: VenueId, result: unknown): readonly Instrument[] {
  return instrumentsFromWire(venue, (Array.isArray(result) ? result : [result]) as readonly wire.WireInstrument[]);
}

function eventsOf(
  row: BodyRow,
  result: unknown,
  resolve: Resolve,
  url: URL | undefined,
  { ts }: RawFrame,
): readonly MarketEvent[] {
  const placeOf = (name: string): Place => {
    const { venue, symbol, venueSymbol } = resolve(name);
    return { venue, symbol, venueSymbol, receivedAt: ts ?? 0 };
  };
  return row.make(result as never, placeOf, url?.searchParams ?? new URLSearchParams());
}

function tradeEvents(row: wire.WireTrade, place: Place): readonly MarketEvent[] {
  const trade = formats.tradeFromWire(row, place);
  if (!row.liquidation) return [trade];
  const { price, size, venueTime } = trade;
  const side = formats.liquidatedSide(row.direction, row.liquidation);
  return [trade, { type: 'liquidation', ...place, venueTime, side, price, size }];
}

/** All that a ticker tells. */
function tickerEvents(row: wire.WireTicker, place: Place): readonly MarketEvent[] {
  const { venueSymbol } = place;
  const events: MarketEvent[] = [formats.tickerFromWire(row, place)];
  if (formats.isSpot(venueSymbol)) return events;
  if (!formats.isOption(venueSymbol)) events.push(formats.fundingFromWire(row, place));
  if (typeof row.open_interest === 'number') events.push(formats.openInterestFromWire(row, place));
  if (row.greeks) events.push(formats.greeksFromWire(row, row.greeks, place));
  return events;
}

function tickerOf(row: Summary): wire.WireTicker {
  const { instrument_name, creation_timestamp: timestamp, last: last_price, mark_price, open_interest } = row;
  const stats = { high: row.high, low: row.low, volume: row.volume, volume_usd: row.volume_usd ?? null };
  const none = { best_bid_price: null, best_bid_amount: null, best_ask_price: null, best_ask_amount: null, index_price: null };
  return {
    ...{ instrument_name, timestamp, last_price, mark_price, open_interest, ...none },
    stats: { ...stats, volume_notional: row.volume_notional ?? null },
  };
}
