import type { Trade } from '../engine/types.js';
import type { Random } from '../random.js';

/** One candle: prices in ticks, volumes in lots, turnover in the market's turnover units. */
export interface Candle {
  readonly openTime: number;
  /** Start of the next candle. */
  readonly endTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: bigint;
  takerBuyVolume: number;
  takerBuyTurnover: bigint;
  count: number;
  firstId: number;
  lastId: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 1970-01-05 was a Monday: weeks start there. */
const FIRST_MONDAY = 4 * DAY;
/** Candles kept per interval. */
const KEPT = 3000;

/** Candle intervals by name; months and weeks have rules of their own. */
export const CANDLE_INTERVALS: Readonly<Record<string, number>> = {
  '1s': SECOND,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
  '1w': 7 * DAY,
  '1M': 0,
};

/** Start and end of the candle that holds `time`. */
export function candleBounds(interval: string, time: number): { openTime: number; endTime: number } {
  if (interval === '1M') return monthBounds(time);
  const length = CANDLE_INTERVALS[interval] as number;
  const origin = interval === '1w' ? FIRST_MONDAY : 0;
  const openTime = Math.floor((time - origin) / length) * length + origin;
  return { openTime, endTime: openTime + length };
}

function monthBounds(time: number): { openTime: number; endTime: number } {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { openTime: Date.UTC(year, month), endTime: Date.UTC(year, month + 1) };
}

export type Turnover = (price: number, size: number) => bigint;

/** Candles of one interval, the last one still open. */
export class CandleSeries {
  readonly candles: Candle[] = [];

  constructor(
    readonly interval: string,
    readonly turnover: Turnover,
  ) {}

  /** The candle that is open at `now`; quiet intervals in between become flat candles at the last close. */
  current(now: number): Candle | undefined {
    let last = this.candles[this.candles.length - 1];
    while (last && last.endTime <= now) last = this.#push(flatCandle(this.interval, last.endTime, last.close, last.lastId));
    return last;
  }

  add(trade: Trade): void {
    const candle = this.current(trade.time) ?? this.#push(flatCandle(this.interval, trade.time, trade.price, trade.id - 1));
    const turnover = this.turnover(trade.price, trade.size);
    if (candle.count === 0) Object.assign(candle, { open: trade.price, high: trade.price, low: trade.price, firstId: trade.id });
    candle.high = Math.max(candle.high, trade.price);
    candle.low = Math.min(candle.low, trade.price);
    candle.close = trade.price;
    candle.volume += trade.size;
    candle.turnover += turnover;
    if (trade.side === 'buy') {
      candle.takerBuyVolume += trade.size;
      candle.takerBuyTurnover += turnover;
    }
    candle.count++;
    candle.lastId = trade.id;
  }

  /** Adds a finished candle of a finer interval. */
  merge(part: Candle): void {
    const candle = this.current(part.openTime) ?? this.#push(flatCandle(this.interval, part.openTime, part.open, part.lastId));
    if (candle.count === 0) Object.assign(candle, { open: part.open, high: part.high, low: part.low, firstId: part.firstId });
    candle.high = Math.max(candle.high, part.high);
    candle.low = Math.min(candle.low, part.low);
    candle.close = part.close;
    candle.volume += part.volume;
    candle.turnover += part.turnover;
    candle.takerBuyVolume += part.takerBuyVolume;
    candle.takerBuyTurnover += part.takerBuyTurnover;
    candle.count += part.count;
    candle.lastId = part.lastId;
  }

  #push(candle: Candle): Candle {
    this.candles.push(candle);
    if (this.candles.length > KEPT) this.candles.splice(0, this.candles.length - KEPT);
    return candle;
  }
}

function flatCandle(interval: string, time: number, price: number, lastId: number): Candle {
  const none = { volume: 0, turnover: 0n, takerBuyVolume: 0, takerBuyTurnover: 0n, count: 0 };
  return { ...candleBounds(interval, time), open: price, high: price, low: price, close: price, ...none, firstId: -1, lastId };
}

export interface PrehistoryOptions {
  /** The instant that the past ends at, ms, and the price (ticks) it ends with. */
  readonly until: number;
  readonly price: number;
  readonly minutes: number;
  /** Usual size of a minute, in lots. */
  readonly minuteVolume: number;
  readonly turnover: Turnover;
}

/**
 * Minute candles from before the venue opened, oldest first, drawn from the seed so that they end at the opening price.
 * They are the only market data that no order made.
 */
export function drawPrehistory(random: Random, options: PrehistoryOptions): Candle[] {
  const candles: Candle[] = [];
  const end = candleBounds('1m', options.until).openTime;
  let close = options.price;
  for (let i = 1; i <= options.minutes; i++) {
    const open = Math.max(1, Math.round(close * (1 + 0.0006 * random.normal())));
    const reach = Math.round(close * 0.0003 * Math.abs(random.normal()));
    const high = Math.max(open, close) + reach;
    const low = Math.max(1, Math.min(open, close) - reach);
    candles.push(drawCandle(random, end - i * MINUTE, { open, high, low, close }, options));
    close = open;
  }
  return candles.reverse();
}

type Prices = Pick<Candle, 'open' | 'high' | 'low' | 'close'>;

function drawCandle(random: Random, openTime: number, prices: Prices, options: PrehistoryOptions): Candle {
  const volume = Math.ceil(random.exponential(options.minuteVolume));
  const takerBuyVolume = Math.floor(volume * random.next());
  const middle = Math.round((prices.open + prices.close) / 2);
  return {
    openTime,
    endTime: openTime + MINUTE,
    ...prices,
    volume,
    turnover: options.turnover(middle, volume),
    takerBuyVolume,
    takerBuyTurnover: options.turnover(middle, takerBuyVolume),
    count: Math.min(volume, random.integer(1, 60)),
    firstId: -1,
    lastId: -1,
  };
}
