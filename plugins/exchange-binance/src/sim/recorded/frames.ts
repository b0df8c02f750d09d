import type {
  CandleEvent,
  DepthEvent,
  FundingEvent,
  LiquidationEvent,
  QuoteEvent,
  SpeedEvent,
  TradeEvent,
} from '@speed-protocol/core';
import { CANDLE_INTERVALS, decimalText, levelsText, type RecordedBook } from '@speed-protocol/simulator';
import type { Family, Product } from '../products.js';
import { pairOf } from '../text.js';
import { idOf } from './text.js';

/** What printing a recorded event needs to know. */
interface RecordedPlace {
  readonly product: Product;
  readonly book: RecordedBook;
  /** Groups of the stream's pattern. */
  readonly match: RegExpExecArray;
}

/** One kind of stream that a recording can fill; `say` gives nothing for events that are not its own. */
interface RecordedRow {
  /** Of the part after `<symbol>@`. */
  readonly pattern: RegExp;
  readonly say: (event: SpeedEvent, place: RecordedPlace) => unknown;
}

const INTERVAL = `(${Object.keys(CANDLE_INTERVALS).join('|')})`;

export const RECORDED_STREAMS: readonly RecordedRow[] = [
  { pattern: /^depth(?:@\d+ms)?$/, say: (event, place) => isDelta(event) && depthUpdate(event, place) },
  { pattern: /^depth(5|10|20)(?:@\d+ms)?$/, say: (event, place) => event.type === 'depth' && partialDepth(event, place) },
  { pattern: /^bookTicker$/, say: (event, place) => event.type === 'quote' && bookTicker(event, place) },
  { pattern: /^trade$/, say: (event, place) => event.type === 'trade' && trade(event, place) },
  { pattern: /^aggTrade$/, say: (event, place) => event.type === 'trade' && aggregateTrade(event, place) },
  {
    pattern: new RegExp(`^kline_${INTERVAL}$`),
    say: (event, place) => event.type === 'candle' && event.interval === place.match[1] && kline(event, place),
  },
  { pattern: /^markPrice(?:@1s)?$/, say: (event, place) => event.type === 'funding' && markPrice(event, place) },
  { pattern: /^forceOrder$/, say: (event, place) => event.type === 'liquidation' && forceOrder(event, place) },
];

const isDelta = (event: SpeedEvent): event is DepthEvent => event.type === 'depth' && event.kind === 'delta';

/** Members of the merged futures feeds. */
function merged({ product }: RecordedPlace, venueSymbol: string): { ps?: string; st?: number } {
  return product.st === undefined ? {} : { ps: pairOf(venueSymbol), st: product.st };
}

const isSpot = ({ product }: RecordedPlace) => product.family === ('spot' satisfies Family);

function depthUpdate(event: DepthEvent, place: RecordedPlace): unknown {
  const { venueTime: E, venueSymbol: s, sequence: u, prevSequence } = event;
  const U = (prevSequence ?? (u ?? 1) - 1) + 1;
  const changes = { b: levelsText(event.bids), a: levelsText(event.asks) };
  if (isSpot(place)) return { e: 'depthUpdate', E, s, U, u, ...changes };
  const { ps, st } = merged(place, s);
  return { e: 'depthUpdate', E, T: E, s, ps, U, u, pu: prevSequence, ...changes, st };
}

function partialDepth({ venueTime: E, venueSymbol: s, prevSequence }: DepthEvent, place: RecordedPlace): unknown {
  const { bids, asks } = place.book.top(Number(place.match[1]));
  const u = place.book.sequence;
  if (isSpot(place)) return { lastUpdateId: u, bids, asks };
  const { ps, st } = merged(place, s);
  return { e: 'depthUpdate', E, T: E, s, ps, U: (prevSequence ?? u - 1) + 1, u, pu: prevSequence ?? u - 1, b: bids, a: asks, st };
}

function bookTicker({ venueTime: E, venueSymbol: s, sequence: u, ...quote }: QuoteEvent, place: RecordedPlace): unknown {
  const { bid, bidSize, ask, askSize } = quote;
  const touch = { b: decimalText(bid), B: decimalText(bidSize), a: decimalText(ask), A: decimalText(askSize) };
  if (isSpot(place)) return { u, s, ...touch };
  const { ps, st } = merged(place, s);
  return { e: 'bookTicker', u, s, ps, ...touch, T: E, E, st };
}

function trade({ venueTime: T, venueSymbol: s, id, price, size, side }: TradeEvent, place: RecordedPlace): unknown {
  const terms = { t: idOf(id), p: decimalText(price), q: decimalText(size) };
  const m = side === 'sell';
  if (isSpot(place)) return { e: 'trade', E: T, s, ...terms, T, m, M: true };
  return { e: 'trade', E: T, T, s, ...terms, X: 'MARKET', m, st: place.product.st };
}

function aggregateTrade({ venueTime: T, venueSymbol: s, id, price, size, side }: TradeEvent, place: RecordedPlace): unknown {
  const [a, q] = [idOf(id), decimalText(size)];
  const m = side === 'sell';
  const terms = { e: 'aggTrade', E: T, a, s, p: decimalText(price), q, f: a, l: a, T, m };
  return isSpot(place) ? { ...terms, M: true } : { ...terms, st: place.product.st };
}

function kline({ venueTime: E, venueSymbol: s, ...candle }: CandleEvent, { product }: RecordedPlace): unknown {
  const { interval: i, openTime: t, open, high, low, close, volume, closed: x } = candle;
  const prices = { o: decimalText(open), c: decimalText(close), h: decimalText(high), l: decimalText(low) };
  const unknown = { f: 0, L: 0, n: 0, q: '0', V: '0', Q: '0', B: '0' };
  const T = t + (CANDLE_INTERVALS[i as keyof typeof CANDLE_INTERVALS] ?? 0) - 1;
  return { e: 'kline', E, s, k: { t, T, s, i, ...prices, v: decimalText(volume), x, ...unknown }, st: product.st };
}

function markPrice({ venueTime: E, venueSymbol: s, ...funding }: FundingEvent, { product }: RecordedPlace): unknown {
  const { rate, nextFundingTime: T, markPrice: mark, indexPrice } = funding;
  const p = decimalText(mark);
  return { e: 'markPriceUpdate', E, s, p, P: p, i: decimalText(indexPrice), r: decimalText(rate), T: T ?? 0, st: product.st };
}

function forceOrder({ venueTime: T, venueSymbol: s, side, price, size }: LiquidationEvent, { product }: RecordedPlace): unknown {
  const [p, q] = [decimalText(price), decimalText(size)];
  const ps = product.family === 'inverse' ? pairOf(s) : undefined;
  const o = { s, ps, S: side.toUpperCase(), o: 'LIMIT', f: 'IOC', q, p, ap: p, X: 'FILLED', l: q, z: q, T };
  return { e: 'forceOrder', E: T, o, st: product.st };
}
