import type { Trade } from '../engine/types.js';
import type { Random } from '../random.js';
import { CANDLE_INTERVALS, type Candle, CandleSeries, drawPrehistory, type Turnover } from './candles.js';

/** Minutes of history from before the opening: two days, so that 24-hour statistics are whole from the first second. */
const PREHISTORY_MINUTES = 2 * 1440;

export interface CandleBookOptions {
  readonly random: Random;
  /** When the market opened, and at which price (ticks). */
  readonly openedAt: number;
  readonly openingPrice: number;
  readonly firstTradeId: number;
  /** Usual size of a minute, in lots. */
  readonly minuteVolume: number;
  readonly turnover: Turnover;
}

/** Rolling statistics over a window of minutes. */
export interface WindowStatistics {
  readonly openTime: number;
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly last: number;
  readonly volume: number;
  readonly turnover: bigint;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
}

/** All candles of a market: minutes are always kept, other intervals from their first use on. */
export class CandleBook {
  readonly #options: CandleBookOptions;
  readonly #series = new Map<string, CandleSeries>();
  readonly #minutes: CandleSeries;
  #hasPrehistory = false;

  constructor(options: CandleBookOptions) {
    this.#options = options;
    this.#minutes = new CandleSeries('1m', options.turnover);
    this.#series.set('1m', this.#minutes);
  }

  add(trade: Trade): void {
    for (const series of this.#series.values()) series.add(trade);
  }

  /** Candles of an interval, oldest first, the last one open at `now`. */
  candles(interval: string, now: number): readonly Candle[] {
    const series = this.#ensure(interval);
    series.current(now);
    return series.candles;
  }

  current(interval: string, now: number): Candle | undefined {
    return this.#ensure(interval).current(now);
  }

  /** Statistics over the last `minutes`, the running one included. */
  statistics(minutes: number, now: number): WindowStatistics | undefined {
    const window = this.candles('1m', now).slice(-minutes);
    const [first, last] = [window[0], window[window.length - 1]];
    if (!first || !last) return undefined;
    return {
      openTime: first.openTime,
      closeTime: Math.floor(now),
      open: first.open,
      high: Math.max(...window.map((c) => c.high)),
      low: Math.min(...window.map((c) => c.low)),
      last: last.close,
      volume: sum(window, (c) => c.volume),
      turnover: window.reduce((total, c) => total + c.turnover, 0n),
      firstId: window.find((c) => c.count > 0)?.firstId ?? -1,
      lastId: last.lastId,
      count: sum(window, (c) => c.count),
    };
  }

  #ensure(interval: string): CandleSeries {
    if (!(interval in CANDLE_INTERVALS)) throw new RangeError(`no candle interval "${interval}"`);
    this.#drawPrehistory();
    let series = this.#series.get(interval);
    if (series) return series;
    series = new CandleSeries(interval, this.#options.turnover);
    // Finer than a minute there is nothing to build from: those begin with the next trade.
    if (interval !== '1s') for (const minute of this.#minutes.candles) series.merge(minute);
    this.#series.set(interval, series);
    return series;
  }

  /** Only markets that somebody looks at pay for a past. */
  #drawPrehistory(): void {
    if (this.#hasPrehistory) return;
    this.#hasPrehistory = true;
    const { random, openedAt, openingPrice, turnover, minuteVolume } = this.#options;
    const past = drawPrehistory(random, {
      until: openedAt,
      price: openingPrice,
      minutes: PREHISTORY_MINUTES,
      minuteVolume,
      turnover,
    });
    numberBackwards(past, this.#options.firstTradeId);
    this.#minutes.candles.unshift(...past);
  }
}

/** Gives the trades of past candles the ids just below `firstTradeId`. */
function numberBackwards(candles: readonly Candle[], firstTradeId: number): void {
  let next = firstTradeId;
  for (const candle of candles.toReversed()) {
    candle.lastId = next - 1;
    next -= candle.count;
    candle.firstId = candle.count > 0 ? next : -1;
  }
}

function sum(candles: readonly Candle[], of: (candle: Candle) => number): number {
  return candles.reduce((total, candle) => total + of(candle), 0);
}
