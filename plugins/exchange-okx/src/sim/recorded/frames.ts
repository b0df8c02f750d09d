import type {
  CandleEvent,
  DepthEvent,
  FundingEvent,
  LiquidationEvent,
  OpenInterestEvent,
  QuoteEvent,
  SpeedEvent,
  TickerEvent,
  TradeEvent,
} from '@speed-protocol/core';
import { decimalText, levelsText, type RecordedBook } from '@speed-protocol/simulator';
import type { Said } from '../streams/channels.js';
import { intervalOf, typeOf } from './names.js';

/** What printing a recorded event needs to know. */
interface RecordedPlace {
  readonly book: RecordedBook;
  /** Groups of the channel's pattern. */
  readonly match: RegExpExecArray;
}

/** One kind of channel that a recording can fill. */
interface RecordedRow {
  readonly pattern: RegExp;
  /** Nothing for events that are not its own. */
  readonly say: (event: SpeedEvent, place: RecordedPlace) => Said | undefined;
  /** Told to a newcomer at once. */
  readonly first?: (venueSymbol: string, book: RecordedBook) => Said | undefined;
}

/** A row for events of one type. */
function row<T extends SpeedEvent['type']>(
  type: T,
  pattern: RegExp,
  print: (event: Extract<SpeedEvent, { type: T }>, place: RecordedPlace) => object | undefined,
): RecordedRow {
  const say = (event: SpeedEvent, place: RecordedPlace): Said | undefined => {
    const data = event.type === type ? print(event as Extract<SpeedEvent, { type: T }>, place) : undefined;
    return data && { data: [data] };
  };
  return { pattern, say };
}

export const RECORDED_CHANNELS: readonly RecordedRow[] = [
  { pattern: /^books$/, say: (event, { book }) => (event.type === 'depth' ? bookOf(event, book) : undefined), first: wholeBook },
  row('depth', /^books5$/, ({ venueSymbol, venueTime }, { book }) => topOf(venueSymbol, venueTime, book, 5)),
  row('quote', /^bbo-tbt$/, touch),
  row('trade', /^trades(?:-all)?$/, trade),
  row('ticker', /^tickers$/, ticker),
  row('candle', /^candle(\w+)$/, (event, { match }) => (event.interval === intervalOf(match[1]!) ? candle(event) : undefined)),
  row('funding', /^funding-rate$/, (event) => (event.rate === null ? undefined : fundingRate(event))),
  row('funding', /^mark-price$/, (event) => (event.markPrice === null ? undefined : markPrice(event))),
  row('funding', /^index-tickers$/, (event) => (event.indexPrice === null ? undefined : indexTicker(event))),
  row('liquidation', /^liquidation-orders$/, liquidation),
  row('openInterest', /^open-interest$/, openInterest),
];

const time = (value: number | null): string => (value === null ? '' : String(value));

type Pairs = readonly (readonly [string, string])[];

/** Price, size, a zero of old, orders. */
const levels = (pairs: Pairs) => pairs.map(([price, size]) => [price, size, '0', size === '0' ? '0' : '1']);

/** Checksums are 0 since 2026-06-23. */
const book = (bids: Pairs, asks: Pairs, ts: number | null, seqId: number | null, prevSeqId: number | null) => {
  return { asks: levels(asks), bids: levels(bids), ts: time(ts), checksum: 0, seqId: seqId ?? 0, prevSeqId: prevSeqId ?? -1 };
};

function bookOf({ kind, bids, asks, venueTime, sequence, prevSequence }: DepthEvent, { sequence: at }: RecordedBook): Said {
  const action = kind === 'snapshot' ? 'snapshot' : 'update';
  const previous = kind === 'snapshot' ? -1 : (prevSequence ?? at);
  return { action, data: [book(levelsText(bids), levelsText(asks), venueTime, sequence ?? at, previous)] };
}

function wholeBook(_: string, recorded: RecordedBook): Said | undefined {
  if (recorded.sequence < 0) return undefined;
  const { bids, asks } = recorded.top(400);
  return { action: 'snapshot', data: [book(bids, asks, recorded.time, recorded.sequence, -1)] };
}

function topOf(instId: string, ts: number | null, recorded: RecordedBook, depth: number): object {
  const { bids, asks } = recorded.top(depth);
  return { asks: levels(asks), bids: levels(bids), instId, ts: time(ts), seqId: recorded.sequence };
}

function touch({ bid, bidSize, ask, askSize, venueTime, sequence, venueSymbol }: QuoteEvent): object {
  const side = (price: number | null, size: number | null) =>
    price === null ? [] : levels([[decimalText(price), decimalText(size)]]);
  const at = { instId: venueSymbol, ts: time(venueTime), seqId: sequence ?? 0 };
  return { asks: side(ask, askSize), bids: side(bid, bidSize), ...at };
}

function trade({ venueSymbol: instId, id: tradeId, price, size, side, venueTime }: TradeEvent): object {
  const terms = { px: decimalText(price), sz: decimalText(size), side, ts: time(venueTime) };
  return { instId, tradeId, ...terms, count: '1', source: '0' };
}

function ticker({ venueSymbol: instId, venueTime, ...told }: TickerEvent): object {
  const { last, open, high, low, volume, quoteVolume } = told;
  const prices = { last: decimalText(last), open24h: decimalText(open), high24h: decimalText(high), low24h: decimalText(low) };
  const volumes = { vol24h: decimalText(volume), volCcy24h: decimalText(quoteVolume) };
  const unknown = { lastSz: '', askPx: '', askSz: '', bidPx: '', bidSz: '', sodUtc0: '', sodUtc8: '' };
  return { instType: typeOf(instId), instId, ...prices, ...volumes, ...unknown, ts: time(venueTime) };
}

function candle({ openTime, open, high, low, close, volume, closed }: CandleEvent): object {
  const prices = [open, high, low, close].map(decimalText);
  return [String(openTime), ...prices, decimalText(volume), '', '', closed ? '1' : '0'];
}

const HOUR = 3_600_000;

function fundingRate(event: FundingEvent): object {
  const { venueSymbol: instId, venueTime, rate, predictedRate, nextFundingTime, intervalHours } = event;
  const next = nextFundingTime !== null && intervalHours !== null ? nextFundingTime + intervalHours * HOUR : null;
  return {
    instId,
    instType: typeOf(instId),
    method: 'current_period',
    fundingRate: decimalText(rate),
    nextFundingRate: decimalText(predictedRate),
    fundingTime: time(nextFundingTime),
    nextFundingTime: time(next),
    ts: time(venueTime),
  };
}

function markPrice({ venueSymbol: instId, venueTime, markPrice: price }: FundingEvent): object {
  return { instType: typeOf(instId), instId, markPx: decimalText(price), ts: time(venueTime) };
}

function indexTicker({ venueSymbol, venueTime, indexPrice }: FundingEvent): object {
  const idxPx = decimalText(indexPrice);
  const day = { high24h: idxPx, sodUtc0: idxPx, open24h: idxPx, low24h: idxPx, sodUtc8: idxPx };
  return { instId: venueSymbol.split('-').slice(0, 2).join('-'), idxPx, ...day, ts: time(venueTime) };
}

function liquidation({ venueSymbol: instId, venueTime, side, price, size }: LiquidationEvent): object {
  const posSide = side === 'sell' ? 'long' : 'short';
  const terms = { bkPx: decimalText(price), sz: decimalText(size), ts: time(venueTime) };
  const detail = { bkLoss: '0', ccy: '', posSide, side, ...terms };
  const family = instId.split('-').slice(0, 2).join('-');
  return { instId, instFamily: family, instType: typeOf(instId), uly: family, details: [detail] };
}

function openInterest({ venueSymbol: instId, venueTime, amount }: OpenInterestEvent): object {
  return { instType: typeOf(instId), instId, oi: decimalText(amount), oiCcy: '', oiUsd: '', ts: time(venueTime) };
}
