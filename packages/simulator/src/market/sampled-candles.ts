import { candleBounds } from './candles.js';

/** A candle of a price that is published, not traded; float64. */
export interface SampledCandle {
  readonly openTime: number;
  readonly endTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  count: number;
}

const KEPT_MINUTES = 3000;

/** Minute candles of a sampled value (mark, index, premium), coarser ones made on request. */
export class SampledCandles {
  readonly minutes: SampledCandle[] = [];

  add(time: number, value: number): void {
    const last = this.minutes.at(-1);
    if (last && time < last.endTime) extend(last, { open: value, high: value, low: value, close: value, count: 1 });
    else this.#push({ ...candleBounds('1m', time), open: value, high: value, low: value, close: value, count: 1 });
  }

  /** Candles of an interval of at least a minute, oldest first. */
  candles(interval: string): SampledCandle[] {
    const candles: SampledCandle[] = [];
    for (const minute of this.minutes) {
      const last = candles.at(-1);
      if (last && minute.openTime < last.endTime) extend(last, minute);
      else candles.push({ ...minute, ...candleBounds(interval, minute.openTime) });
    }
    return candles;
  }

  #push(candle: SampledCandle): void {
    this.minutes.push(candle);
    if (this.minutes.length > KEPT_MINUTES) this.minutes.shift();
  }
}

function extend(candle: SampledCandle, part: Pick<SampledCandle, 'open' | 'high' | 'low' | 'close' | 'count'>): void {
  candle.high = Math.max(candle.high, part.high);
  candle.low = Math.min(candle.low, part.low);
  candle.close = part.close;
  candle.count += part.count;
}
