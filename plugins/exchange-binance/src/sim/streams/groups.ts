import { CANDLE_INTERVALS } from '@speed-protocol/simulator';
import type { Family, Product } from '../products.js';
import { contractTypeOf, pairOf } from '../text.js';
import type { Printer } from './frames.js';
import * as frames from './frames.js';
import * as statistics from './statistics-frames.js';
import { klineMs, largestLiquidation, type Room, type StreamState, sayKline } from './table.js';

/** A stream over several markets that is being listened to. */
interface GroupState {
  readonly match: RegExpExecArray;
  /** Markets in question: all open ones of the product, of both futures products where the feeds are merged. */
  readonly printers: () => readonly Printer[];
  /** What was said last, by market. */
  readonly said: Map<Printer, string>;
  readonly candles: Map<Printer, StreamState>;
}

export interface GroupRow {
  /** Of the whole stream name. */
  readonly pattern: RegExp;
  readonly room: Room;
  readonly families: readonly Family[];
  readonly everyMs: (match: RegExpExecArray, product: Product) => number;
  readonly say: (state: GroupState) => readonly unknown[];
}

const ALL: readonly Family[] = ['spot', 'linear', 'inverse'];
const FUTURES: readonly Family[] = ['linear', 'inverse'];
const INTERVAL = `(${Object.keys(CANDLE_INTERVALS).join('|')})`;
const DAY_MINUTES = 1440;
const WINDOW_MINUTES: Readonly<Record<string, number>> = { '1h': 60, '4h': 240, '1d': DAY_MINUTES };

export const GROUPS: readonly GroupRow[] = [
  {
    pattern: /^!ticker@arr$/,
    room: 'market',
    families: FUTURES,
    everyMs: () => 1000,
    say: (state) => sayTickers(state, DAY_MINUTES),
  },
  { pattern: /^!miniTicker@arr$/, room: 'market', families: ALL, everyMs: () => 1000, say: sayMiniTickers },
  { pattern: /^!ticker_(1h|4h|1d)@arr$/, room: 'market', families: ['spot'], everyMs: () => 1000, say: sayWindowTickers },
  { pattern: /^!bookTicker$/, room: 'public', families: ['linear'], everyMs: () => 5000, say: sayQuotes },
  { pattern: /^!bookTicker$/, room: 'public', families: ['inverse'], everyMs: () => 100, say: sayQuotes },
  { pattern: /^!markPrice@arr(@1s)?$/, room: 'market', families: FUTURES, everyMs: (m) => (m[1] ? 1000 : 3000), say: sayMarks },
  { pattern: /^!forceOrder@arr$/, room: 'market', families: FUTURES, everyMs: () => 1000, say: sayLiquidations },
  { pattern: /^!contractInfo$/, room: 'market', families: FUTURES, everyMs: () => 60_000, say: () => [] },
  { pattern: /^([a-z0-9]+usd)@indexPrice(?:@1s)?$/, room: 'market', families: ['inverse'], everyMs: () => 1000, say: sayIndex },
  {
    pattern: /^([a-z0-9]+usd)@markPrice(@1s)?$/,
    room: 'market',
    families: ['inverse'],
    everyMs: (m) => (m[2] ? 1000 : 3000),
    say: sayPairMarks,
  },
  {
    pattern: new RegExp(`^(\\S+?)_(perpetual|current_quarter|next_quarter)@continuousKline_${INTERVAL}$`),
    room: 'market',
    families: FUTURES,
    everyMs: (match, product) => klineMs([match[0], match[3]!] as unknown as RegExpExecArray, product),
    say: sayContinuousKline,
  },
];

function sayTickers(state: GroupState, minutes: number, event?: string): unknown[] {
  const rows = changed(state).flatMap((printer) => {
    const stats = printer.market.candles.statistics(minutes, printer.market.now());
    return stats ? [statistics.ticker(printer, stats, event)] : [];
  });
  return rows.length > 0 ? [rows] : [];
}

function sayWindowTickers(state: GroupState): unknown[] {
  const window = state.match[1]!;
  return sayTickers(state, WINDOW_MINUTES[window]!, `${window}Ticker`);
}

function sayMiniTickers(state: GroupState): unknown[] {
  const rows = changed(state).flatMap((printer) => {
    const stats = printer.market.candles.statistics(DAY_MINUTES, printer.market.now());
    return stats ? [statistics.miniTicker(printer, stats)] : [];
  });
  return rows.length > 0 ? [rows] : [];
}

/** Markets that have traded since the last message. */
function changed(state: GroupState): Printer[] {
  return differing(state, ({ market }) => String(market.tape.last?.id ?? 0));
}

function differing(state: GroupState, keyOf: (printer: Printer) => string): Printer[] {
  return state.printers().filter((printer) => {
    const key = keyOf(printer);
    if (state.said.get(printer) === key) return false;
    state.said.set(printer, key);
    return true;
  });
}

function sayQuotes(state: GroupState): unknown[] {
  return differing(state, ({ market }) => String(market.book.lastId)).map(frames.bookTicker);
}

function sayMarks(state: GroupState): unknown[] {
  const rows = state.printers().map(statistics.markPriceUpdate);
  return rows.length > 0 ? [rows] : [];
}

function sayLiquidations(state: GroupState): unknown[] {
  return differing(state, ({ market }) => String(largestLiquidation(market)?.time ?? '')).flatMap((printer) => {
    const liquidation = largestLiquidation(printer.market);
    return liquidation ? [frames.forceOrder(printer, liquidation)] : [];
  });
}

function ofPair(state: GroupState): Printer[] {
  const pair = state.match[1]!.toUpperCase();
  return state.printers().filter(({ market }) => pairOf(market.listing.venueSymbol) === pair);
}

function sayIndex(state: GroupState): unknown[] {
  return ofPair(state).slice(0, 1).map(statistics.indexPriceUpdate);
}

function sayPairMarks(state: GroupState): unknown[] {
  const rows = ofPair(state).map(statistics.markPriceUpdate);
  return rows.length > 0 ? [rows] : [];
}

function sayContinuousKline(state: GroupState): unknown[] {
  const contractType = state.match[2]!.toUpperCase();
  const printer = ofPair(state).find(({ market }) => contractTypeOf(market.listing, market.now()) === contractType);
  if (!printer) return [];
  let candles = state.candles.get(printer);
  if (!candles) {
    const match = [state.match[0], state.match[3]!] as unknown as RegExpExecArray;
    candles = { printer, match, sequence: 0, said: '', candle: undefined };
    state.candles.set(printer, candles);
  }
  return sayKline(candles, undefined, statistics.continuousKline);
}
