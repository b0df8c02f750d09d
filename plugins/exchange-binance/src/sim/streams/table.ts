import { CANDLE_INTERVALS, type Candle, type Liquidation, type Market } from '@speed-protocol/simulator';
import type { Family, Product } from '../products.js';
import type { Printer } from './frames.js';
import * as frames from './frames.js';
import * as statistics from './statistics-frames.js';

/** Which door of USD-M serves a stream; the undivided products serve both. */
export type Room = 'public' | 'market';

/** Things of a market that are pushed as they happen. */
export type LiveEvent = 'trade' | 'aggregate' | 'quote' | 'book';

/** A stream that is being listened to: what it is of, and what it has said last. */
export interface StreamState {
  readonly printer: Printer;
  readonly match: RegExpExecArray;
  /** Update id of the last depth message. */
  sequence: number;
  /** What the last message was about, to say nothing twice. */
  said: string;
  candle: Candle | undefined;
}

/** One kind of stream. `match` holds the groups of the pattern; a message is any JSON value. */
export interface StreamRow {
  /** Of the part after `<symbol>@`. */
  readonly pattern: RegExp;
  readonly room: Room;
  readonly families: readonly Family[];
  /** Also served for symbols of the other futures product. */
  readonly merged?: boolean;
  /** Pushed as it happens ... */
  readonly live?: LiveEvent;
  /** ... or at a cadence, on whole multiples of it. */
  readonly everyMs?: (match: RegExpExecArray, product: Product) => number;
  /** Messages due now, none if there is nothing new. `event` is what a live stream heard. */
  readonly say: (state: StreamState, event?: unknown) => readonly unknown[];
}

const SPEED = '(?:@(\\d+)ms)?';
const INTERVAL = `(${Object.keys(CANDLE_INTERVALS).join('|')})`;
const ALL: readonly Family[] = ['spot', 'linear', 'inverse'];
const FUTURES: readonly Family[] = ['linear', 'inverse'];
const DAY_MINUTES = 1440;

/** Whether a product has a depth stream of this speed. */
function speedOf(text: string | undefined, product: Product): number {
  return text === undefined ? product.depthSpeeds[0]! : Number(text);
}

export const STREAMS: readonly StreamRow[] = [
  { pattern: /^depth@0ms$/, room: 'public', families: FUTURES, live: 'book', say: sayChanges },
  {
    pattern: new RegExp(`^(?:rpiDepth|depth)${SPEED}$`),
    room: 'public',
    families: ALL,
    everyMs: (m, p) => speedOf(m[1], p),
    say: sayChanges,
  },
  {
    pattern: new RegExp(`^depth(5|10|20)${SPEED}$`),
    room: 'public',
    families: ALL,
    everyMs: (m, p) => speedOf(m[2], p),
    say: sayTop,
  },
  { pattern: /^bookTicker$/, room: 'public', families: ALL, live: 'quote', say: ({ printer }) => [frames.bookTicker(printer)] },
  {
    pattern: /^trade$/,
    room: 'public',
    families: ALL,
    live: 'trade',
    say: ({ printer }, event) => [frames.trade(printer, event as never)],
  },
  {
    pattern: /^aggTrade$/,
    room: 'market',
    families: ALL,
    live: 'aggregate',
    say: ({ printer }, event) => [frames.aggregateTrade(printer, event as never)],
  },
  {
    pattern: new RegExp(`^kline_${INTERVAL}(?:@\\+08:00)?$`),
    room: 'market',
    families: ALL,
    merged: true,
    everyMs: klineMs,
    say: sayKline,
  },
  {
    pattern: /^ticker$/,
    room: 'market',
    families: ALL,
    everyMs: (_, p) => p.tickerMs,
    say: (state) => sayTicker(state, DAY_MINUTES),
  },
  { pattern: /^miniTicker$/, room: 'market', families: ALL, everyMs: (_, p) => p.tickerMs, say: sayMiniTicker },
  { pattern: /^ticker_(1h|4h|1d)$/, room: 'market', families: ['spot'], everyMs: () => 1000, say: sayWindowTicker },
  { pattern: /^avgPrice$/, room: 'market', families: ['spot'], everyMs: () => 1000, say: sayAverage },
  { pattern: /^referencePrice$/, room: 'market', families: ['spot'], everyMs: () => 1000, say: sayReference },
  { pattern: /^blockTrade$/, room: 'market', families: ['spot'], everyMs: () => 60_000, say: () => [] },
  {
    pattern: /^markPrice(@1s)?$/,
    room: 'market',
    families: FUTURES,
    merged: true,
    everyMs: markMs,
    say: ({ printer }) => [statistics.markPriceUpdate(printer)],
  },
  { pattern: /^forceOrder$/, room: 'market', families: FUTURES, everyMs: () => 1000, say: sayLiquidation },
];

export function klineMs(match: RegExpExecArray, product: Product): number {
  return match[1] === '1s' ? 1000 : product.klineMs;
}

function markMs(match: RegExpExecArray): number {
  return match[1] ? 1000 : 3000;
}

function sayChanges(state: StreamState): unknown[] {
  const { printer, sequence } = state;
  const changes = printer.market.book.changesSince(sequence);
  if (!changes) return [];
  state.sequence = changes.last;
  return [frames.depthUpdate(printer, changes, sequence)];
}

function sayTop(state: StreamState): unknown[] {
  const { printer, sequence } = state;
  if (printer.market.book.lastId <= sequence) return [];
  state.sequence = printer.market.book.lastId;
  return [frames.partialDepth(printer, Number(state.match[1]), sequence)];
}

/** The closed candle once, then the running one whenever it has changed. */
export function sayKline(state: StreamState, _event?: unknown, print = statistics.kline): unknown[] {
  const { printer, match } = state;
  const interval = match[1]!;
  const before = state.candle;
  const candle = printer.market.candles.current(interval, printer.market.now());
  if (!candle) return [];
  state.candle = candle;
  const said: unknown[] = before && before !== candle ? [print(printer, interval, before, true)] : [];
  const key = `${candle.openTime}/${candle.count}`;
  if (key === state.said) return said;
  state.said = key;
  return [...said, print(printer, interval, candle, false)];
}

function sayTicker(state: StreamState, minutes: number, event?: string): unknown[] {
  const { market } = state.printer;
  const key = String(market.tape.last?.id ?? 0);
  const stats = market.candles.statistics(minutes, market.now());
  if (!stats || key === state.said) return [];
  state.said = key;
  return [statistics.ticker(state.printer, stats, event)];
}

function sayWindowTicker(state: StreamState): unknown[] {
  const minutes = { '1h': 60, '4h': 240, '1d': DAY_MINUTES }[state.match[1]!]!;
  return sayTicker(state, minutes, `${state.match[1]}Ticker`);
}

function sayMiniTicker(state: StreamState): unknown[] {
  const { market } = state.printer;
  const key = String(market.tape.last?.id ?? 0);
  const stats = market.candles.statistics(DAY_MINUTES, market.now());
  if (!stats || key === state.said) return [];
  state.said = key;
  return [statistics.miniTicker(state.printer, stats)];
}

function sayAverage({ printer }: StreamState): unknown[] {
  const { market } = printer;
  const stats = market.candles.statistics(5, market.now());
  if (!stats) return [];
  const w = statistics.weightedAverage(printer, stats);
  const E = Math.floor(market.now());
  return [{ e: 'avgPrice', E, s: market.listing.venueSymbol, i: '5m', w, T: market.tape.last?.time ?? E }];
}

function sayReference({ printer }: StreamState): unknown[] {
  const { market, text } = printer;
  const r = text.free(market.pricing.indexPrice(market.now()));
  const E = Math.floor(market.now());
  return [{ e: 'referencePrice', E, s: market.listing.venueSymbol, r, t: E }];
}

function sayLiquidation(state: StreamState): unknown[] {
  const liquidation = largestLiquidation(state.printer.market);
  if (!liquidation || String(liquidation.time) === state.said) return [];
  state.said = String(liquidation.time);
  return [frames.forceOrder(state.printer, liquidation)];
}

/** The largest liquidation of the last second. */
export function largestLiquidation(market: Market): Liquidation | undefined {
  const since = market.now() - 1000;
  const recent = market.liquidations.filter((liquidation) => liquidation.time > since);
  return recent.reduce<Liquidation | undefined>((most, each) => (most && most.size >= each.size ? most : each), undefined);
}
