import type { Candle, WindowStatistics } from '@speed-protocol/simulator';
import { contractTypeOf, eight, pairOf } from '../text.js';
import type { Printer } from './frames.js';

function now({ market }: Printer): number {
  return Math.floor(market.now());
}

function st({ product }: Printer): { st?: number } {
  return product.st === undefined ? {} : { st: product.st };
}

/** Volume-weighted mean price of a window. */
export function weightedAverage({ market, text, product }: Printer, stats: WindowStatistics): string {
  if (stats.volume === 0) return text.price(stats.last);
  const volume = market.grid.size(stats.volume);
  const turnover = Number(market.formatTurnover(stats.turnover));
  const inverse = product.family === 'inverse';
  return text.free(inverse ? (volume * Number(market.listing.contractSize)) / turnover : turnover / volume);
}

/** Change over a window, in percent with three decimals. */
export function percentChange({ open, last }: WindowStatistics): string {
  return (((last - open) / open) * 100).toFixed(3);
}

export function ticker(printer: Printer, stats: WindowStatistics, event = '24hrTicker'): unknown {
  const { market, text, product } = printer;
  const rolling = event !== '24hrTicker';
  const spot = product.family === 'spot';
  return {
    e: event,
    E: now(printer),
    s: market.listing.venueSymbol,
    ...(!spot && { ps: pairOf(market.listing.venueSymbol) }),
    p: text.price(stats.last - stats.open),
    P: percentChange(stats),
    w: weightedAverage(printer, stats),
    ...(spot && !rolling && { x: text.price(stats.open) }),
    c: text.price(stats.last),
    ...(!rolling && { Q: text.size(market.tape.last?.size ?? 0) }),
    ...(spot && !rolling && touch(printer)),
    o: text.price(stats.open),
    h: text.price(stats.high),
    l: text.price(stats.low),
    v: text.size(stats.volume),
    q: text.turnover(stats.turnover),
    O: stats.openTime,
    C: stats.closeTime,
    F: stats.firstId,
    L: stats.lastId,
    n: stats.count,
    ...st(printer),
  };
}

function touch({ market, text }: Printer) {
  const { bids, asks } = market.engine;
  return {
    b: text.price(bids.best?.price ?? 0),
    B: text.size(bids.best?.total ?? 0),
    a: text.price(asks.best?.price ?? 0),
    A: text.size(asks.best?.total ?? 0),
  };
}

export function miniTicker(printer: Printer, stats: WindowStatistics): unknown {
  const { market, text, product } = printer;
  return {
    e: '24hrMiniTicker',
    E: now(printer),
    s: market.listing.venueSymbol,
    ...(product.family !== 'spot' && { ps: pairOf(market.listing.venueSymbol) }),
    c: text.price(stats.last),
    o: text.price(stats.open),
    h: text.price(stats.high),
    l: text.price(stats.low),
    v: text.size(stats.volume),
    q: text.turnover(stats.turnover),
    ...st(printer),
  };
}

function candleFields({ text }: Printer, candle: Candle, closed: boolean) {
  return {
    f: candle.firstId,
    L: candle.lastId,
    o: text.price(candle.open),
    c: text.price(candle.close),
    h: text.price(candle.high),
    l: text.price(candle.low),
    v: text.size(candle.volume),
    n: candle.count,
    x: closed,
    q: text.turnover(candle.turnover),
    V: text.size(candle.takerBuyVolume),
    Q: text.turnover(candle.takerBuyTurnover),
    B: '0',
  };
}

export function kline(printer: Printer, interval: string, candle: Candle, closed: boolean): unknown {
  const s = printer.market.listing.venueSymbol;
  const k = { t: candle.openTime, T: candle.endTime - 1, s, i: interval, ...candleFields(printer, candle, closed) };
  return { e: 'kline', E: now(printer), s, k, ...st(printer) };
}

export function continuousKline(printer: Printer, interval: string, candle: Candle, closed: boolean): unknown {
  const k = { t: candle.openTime, T: candle.endTime - 1, i: interval, ...candleFields(printer, candle, closed) };
  const { listing } = printer.market;
  const ct = contractTypeOf(listing, printer.market.now());
  return { e: 'continuous_kline', E: now(printer), ps: pairOf(listing.venueSymbol), ct, k, ...st(printer) };
}

/** Mark, index and funding. Dated futures have no funding: `r` is empty and `T` zero. */
export function markPriceUpdate(printer: Printer): unknown {
  const { market, product } = printer;
  const time = market.now();
  const { pricing, funding, listing } = market;
  return {
    e: 'markPriceUpdate',
    E: now(printer),
    s: listing.venueSymbol,
    p: eight(pricing.mark(time)),
    ...(product.family === 'linear' && { ap: eight(pricing.mark(time)) }),
    P: eight(pricing.indexPrice(time)),
    i: eight(pricing.indexPrice(time)),
    r: funding ? eight(funding.rate) : '',
    T: funding ? funding.nextTime(time) : 0,
    ...st(printer),
  };
}

export function indexPriceUpdate(printer: Printer): unknown {
  const { market } = printer;
  const pair = pairOf(market.listing.venueSymbol);
  return { e: 'indexPriceUpdate', E: now(printer), s: pair, p: eight(market.pricing.indexPrice(market.now())) };
}
