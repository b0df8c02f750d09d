import type { FeedOptions, Instrument } from '@speed-protocol/core';
import {
  chained,
  contiguous,
  type Outlet,
  type PollRow,
  quietChecks,
  type TopicRow,
  topicRow,
  tradesSince,
} from '@speed-protocol/wire';
import type { VenueId } from '../config.js';
import type { BinanceExchange } from '../exchange.js';
import { combined, SHAPES } from './frames.js';
import { HANDLERS, partialBook } from './market.js';

/** Stream names are in lower case. */
const stream =
  (suffix: string) =>
  ({ venueSymbol }: Instrument): string =>
    `${venueSymbol.toLowerCase()}@${suffix}`;
const partialStream = (instrument: Instrument, { levels }: FeedOptions) => stream(`depth${levels}@100ms`)(instrument);
const candleStream = (instrument: Instrument, { interval = '1m' }: FeedOptions) => stream(`kline_${interval}`)(instrument);
const isFull = ({ levels }: FeedOptions) => levels === undefined;

/** A payload's handler, given the whole message. */
const inside =
  <P>(handler: (outlet: Outlet) => (payload: P) => void) =>
  (outlet: Outlet) => {
    const handle = handler(outlet);
    return (fields: { readonly data: P }) => handle(fields.data);
  };

/** Books move every 100 ms while anybody trades; trades and quotes may pause longer. */
const BOOK_SILENCE_MS = 10_000;
const QUOTE_SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;
/** Sent every second, whatever happens. */
const MARK_SILENCE_MS = 10_000;
const TRADES_PAGE = 1_000;

/** Streamed feeds of a venue. https://developers.binance.com/docs, "WebSocket market streams" of each product. */
export function topicRows(venue: VenueId, exchange: BinanceExchange): readonly TopicRow[] {
  return venue === 'binance'
    ? [...spotRows(exchange), ...COMMON_ROWS]
    : [...futuresRows(exchange), ...COMMON_ROWS, ...FUTURES_ROWS];
}

/** Feeds that only REST has. */
export function pollRows(venue: VenueId, exchange: BinanceExchange): readonly PollRow[] {
  const poll: PollRow['poll'] = ({ symbol }, options) => exchange.openInterest(symbol, options);
  return venue === 'binance' ? [] : [{ feed: 'openInterest', everyMs: 5_000, poll }];
}

function spotRows(exchange: BinanceExchange): readonly TopicRow[] {
  return [
    topicRow({
      feed: 'depth',
      when: isFull,
      socket: 'public',
      topic: stream('depth@100ms'),
      frame: combined(SHAPES.spotDepth),
      start: inside(HANDLERS.spotDepth),
      depth: { rule: contiguous, snapshot: 'rest' },
      staleAfterMs: BOOK_SILENCE_MS,
      isQuiet: quietChecks.book(exchange, 5),
    }),
    topicRow({
      feed: 'depth',
      socket: 'public',
      topic: partialStream,
      frame: combined(SHAPES.spotBook),
      start: inside(HANDLERS.spotBook),
      order: 'growing',
    }),
    topicRow({
      feed: 'trade',
      socket: 'market',
      topic: stream('trade'),
      frame: combined(SHAPES.trade),
      start: inside(HANDLERS.trade),
      order: 'consecutive',
      staleAfterMs: TRADE_SILENCE_MS,
      isQuiet: quietChecks.trade(exchange),
      since: tradesSince(exchange, TRADES_PAGE),
    }),
    quoteRow(exchange),
  ];
}

function futuresRows(exchange: BinanceExchange): readonly TopicRow[] {
  return [
    topicRow({
      feed: 'depth',
      when: isFull,
      socket: 'public',
      topic: stream('depth@100ms'),
      frame: combined(SHAPES.futuresDepth),
      start: inside(HANDLERS.futuresDepth),
      depth: { rule: chained, snapshot: 'rest' },
      staleAfterMs: BOOK_SILENCE_MS,
      isQuiet: quietChecks.book(exchange, 5),
    }),
    topicRow({
      feed: 'depth',
      socket: 'public',
      topic: partialStream,
      frame: combined(SHAPES.futuresDepth),
      start: inside(partialBook),
      order: 'growing',
    }),
    // Single trades are not documented on futures; the aggregate stream is.
    topicRow({
      feed: 'trade',
      socket: 'market',
      topic: stream('aggTrade'),
      frame: combined(SHAPES.aggTrade),
      start: inside(HANDLERS.aggTrade),
      order: 'consecutive',
      staleAfterMs: TRADE_SILENCE_MS,
      isQuiet: quietChecks.trade({ trades: (...asked) => exchange.aggTrades(...asked) }),
      since: async ({ symbol }, position, options) =>
        exchange.aggTrades(symbol, { ...options, fromId: String(position + 1), limit: TRADES_PAGE }),
    }),
    quoteRow(exchange),
  ];
}

const quoteRow = (exchange: BinanceExchange): TopicRow =>
  topicRow({
    feed: 'quote',
    socket: 'public',
    topic: stream('bookTicker'),
    frame: combined(SHAPES.quote),
    start: inside(HANDLERS.quote),
    order: 'growing',
    staleAfterMs: QUOTE_SILENCE_MS,
    isQuiet: quietChecks.quote(exchange),
  });

const COMMON_ROWS: readonly TopicRow[] = [
  topicRow({
    feed: 'ticker',
    socket: 'market',
    topic: stream('ticker'),
    frame: combined(SHAPES.ticker),
    start: inside(HANDLERS.ticker),
  }),
  topicRow({
    feed: 'candle',
    socket: 'market',
    topic: candleStream,
    frame: combined(SHAPES.candle),
    start: inside(HANDLERS.candle),
  }),
];

const FUTURES_ROWS: readonly TopicRow[] = [
  topicRow({
    feed: 'funding',
    socket: 'market',
    topic: stream('markPrice@1s'),
    frame: combined(SHAPES.markPrice),
    start: inside(HANDLERS.markPrice),
    staleAfterMs: MARK_SILENCE_MS,
  }),
  topicRow({
    feed: 'liquidation',
    socket: 'market',
    topic: stream('forceOrder'),
    frame: combined(SHAPES.liquidation),
    start: inside(HANDLERS.liquidation),
  }),
];
