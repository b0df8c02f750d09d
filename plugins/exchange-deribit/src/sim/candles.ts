import type { Candle, Market } from '@speed-protocol/simulator';
import type { MarketText } from './text.js';

const MINUTE = 60_000;

type Bar = Pick<Candle, 'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover' | 'count'>;

interface ResolutionRow {
  /** The simulator's candles that it is, or is made of. */
  readonly interval: string;
  /** Length of the candles to be made, ms. */
  readonly joined?: number;
}

/** By the venue's name: minutes, and the day. */
const RESOLUTIONS: Readonly<Record<string, ResolutionRow>> = {
  1: { interval: '1m' },
  3: { interval: '3m' },
  5: { interval: '5m' },
  10: { interval: '5m', joined: 10 * MINUTE },
  15: { interval: '15m' },
  30: { interval: '30m' },
  60: { interval: '1h' },
  120: { interval: '2h' },
  180: { interval: '1h', joined: 180 * MINUTE },
  360: { interval: '6h' },
  720: { interval: '12h' },
  '1D': { interval: '1d' },
};

export function isResolution(text: string): boolean {
  return Object.hasOwn(RESOLUTIONS, text);
}

/** Candles of a market, oldest first, the last one running. */
export function candlesOf(market: Market, resolution: string): readonly Bar[] {
  const { interval, joined } = RESOLUTIONS[resolution]!;
  const candles = market.candles.candles(interval, market.now());
  return joined === undefined ? candles : join(candles, joined);
}

/** One candle, as the channel tells it. */
export function candleRow(text: MarketText, { openTime, open, high, low, close, volume, turnover }: Bar): CandleRow {
  const { coins, quote } = text.volumes(volume, turnover);
  const prices = { open: text.price(open), low: text.price(low), high: text.price(high), close: text.price(close) };
  return { volume: coins, tick: openTime, ...prices, cost: quote };
}

export interface CandleRow {
  readonly tick: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly cost: number;
}

function join(candles: readonly Bar[], length: number): Bar[] {
  const bars: { -readonly [K in keyof Bar]: Bar[K] }[] = [];
  for (const candle of candles) {
    const openTime = Math.floor(candle.openTime / length) * length;
    const last = bars.at(-1);
    if (last?.openTime !== openTime) {
      bars.push({ ...candle, openTime });
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
