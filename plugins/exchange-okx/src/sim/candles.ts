import { CANDLE_INTERVALS, type Candle, type Market } from '@speed-protocol/simulator';
import type { CandleLike } from './text.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Weeks open on Mondays; so did the first one that is counted. */
const FIRST_MONDAY = 4 * DAY;
/** Long bars without `utc` open at midnight in Hong Kong. */
const HONG_KONG = 8 * HOUR;

export interface Bar extends CandleLike {
  readonly endTime: number;
  readonly count: number;
}

interface BarRow {
  /** The simulator's candles that it is, or is made of. */
  readonly interval: string;
  /** Of the bars to be made: from when to when the one is that has an instant in it, ms. */
  readonly joined?: Span;
}

type Span = (time: number) => readonly [openTime: number, endTime: number];

/** Bars of one length, counted from an instant in Hong Kong. */
const every =
  (length: number, first = 0): Span =>
  (time) => {
    const openTime = Math.floor((time + HONG_KONG - first) / length) * length + first - HONG_KONG;
    return [openTime, openTime + length];
  };

/** Bars of so many of Hong Kong's months. */
const months =
  (count: number): Span =>
  (time) => {
    const there = new Date(time + HONG_KONG);
    const month = Math.floor(there.getUTCMonth() / count) * count;
    const midnight = (at: number) => Date.UTC(there.getUTCFullYear(), at, 1) - HONG_KONG;
    return [midnight(month), midnight(month + count)];
  };

/** By the venue's name of a bar. */
const BARS: Readonly<Record<string, BarRow>> = {
  ...Object.fromEntries(['1s', '1m', '3m', '5m', '15m', '30m'].map((bar) => [bar, { interval: bar }])),
  ...Object.fromEntries(['1H', '2H', '4H'].map((bar) => [bar, { interval: bar.toLowerCase() }])),
  ...Object.fromEntries(['6H', '12H', '1D', '3D', '1W'].map((bar) => [`${bar}utc`, { interval: bar.toLowerCase() }])),
  '1Mutc': { interval: '1M' },
  ...Object.fromEntries([6, 12].map((hours) => [`${hours}H`, { interval: '1h', joined: every(hours * HOUR) }])),
  ...Object.fromEntries([1, 2, 3].map((days) => [`${days}D`, { interval: '1h', joined: every(days * DAY) }])),
  '1W': { interval: '1h', joined: every(7 * DAY, FIRST_MONDAY) },
  ...Object.fromEntries([1, 3].map((count) => [`${count}M`, { interval: '1h', joined: months(count) }])),
};

/** Bars of a market, oldest first, the last one running. */
export function barsOf(market: Market, bar: string, now: number): readonly Bar[] {
  const { interval, joined } = BARS[bar]!;
  const candles = market.candles.candles(interval, now);
  return joined === undefined ? candles : join(candles, joined);
}

/** The running bar. */
export function runningBar(market: Market, bar: string, now: number): Bar | undefined {
  const { interval, joined } = BARS[bar]!;
  return joined === undefined ? market.candles.current(interval, now) : barsOf(market, bar, now).at(-1);
}

export function isBar(text: string): boolean {
  return Object.hasOwn(BARS, text) && BARS[text]!.interval in CANDLE_INTERVALS;
}

function join(candles: readonly Candle[], spanOf: Span): Bar[] {
  const bars: { -readonly [K in keyof Bar]: Bar[K] }[] = [];
  for (const candle of candles) {
    const [openTime, endTime] = spanOf(candle.openTime);
    const last = bars.at(-1);
    if (last?.openTime !== openTime) {
      const { open, high, low, close, volume, turnover, count } = candle;
      bars.push({ openTime, endTime, open, high, low, close, volume, turnover, count });
      continue;
    }
    last.high = Math.max(last.high, candle.high);
    last.low = Math.min(last.low, candle.low);
    last.close = candle.close;
    last.volume += candle.volume;
    last.turnover += candle.turnover;
    last.count += candle.count;
  }
  return bars;
}
