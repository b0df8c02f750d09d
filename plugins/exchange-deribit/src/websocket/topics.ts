import type { FeedOptions, Instrument } from '@speed-protocol/core';
import { chained, quietChecks, type TopicRow, topicRow, tradesSince } from '@speed-protocol/wire';
import type { DeribitExchange } from '../exchange.js';
import { INTERVALS } from '../formats.js';
import { message, messages, SHAPES } from './frames.js';
import { dataOf, HANDLERS, ownLiquidation, rowsOf } from './market.js';

/** A channel of one instrument. Those of every change are for accounts: 100 ms is what everybody gets. */
const channel = (name: string, tail = '.100ms') => ({
  socket: 'public' as const,
  topic: ({ venueSymbol }: Instrument) => `${name}.${venueSymbol}${tail}`,
});

/** Several feeds come out of one subscription. */
const TICKER = { ...channel('ticker'), shared: true, frame: message(SHAPES.ticker) } as const;

const isDerivative = (_: FeedOptions, { kind }: Instrument): boolean => kind !== 'spot';
const isFuture = (_: FeedOptions, { kind }: Instrument): boolean => kind === 'perpetual' || kind === 'future';

/** All trades of a kind that settle in a currency: liquidations are rare and come from any. */
const allTrades = ({ kind, settle }: Instrument): string => `trades.${kind === 'option' ? 'option' : 'future'}.${settle}.100ms`;

const SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;
const TRADES_PAGE = 1_000;

/** Streamed feeds. https://docs.deribit.com/#subscriptions */
export function topicRows(exchange: DeribitExchange): readonly TopicRow[] {
  return [
    topicRow({
      feed: 'depth',
      when: ({ levels }) => levels === undefined,
      ...channel('book'),
      frame: message(SHAPES.change),
      start: dataOf(HANDLERS.change),
      depth: { rule: chained, snapshot: 'stream' },
      staleAfterMs: SILENCE_MS,
      isQuiet: quietChecks.book(exchange, 1),
    }),
    topicRow({
      feed: 'depth',
      socket: 'public',
      topic: ({ venueSymbol }, { levels }) => `book.${venueSymbol}.none.${levels}.100ms`,
      frame: message(SHAPES.grouped),
      start: dataOf(HANDLERS.grouped),
      order: 'growing',
    }),
    topicRow({
      feed: 'trade',
      ...channel('trades'),
      frame: messages(SHAPES.trade),
      start: rowsOf(HANDLERS.trade),
      order: 'growing',
      staleAfterMs: TRADE_SILENCE_MS,
      isQuiet: quietChecks.trade(exchange),
      since: tradesSince(exchange, TRADES_PAGE),
    }),
    topicRow({
      feed: 'quote',
      ...channel('quote', ''),
      frame: message(SHAPES.quote),
      start: dataOf(HANDLERS.quote),
      staleAfterMs: SILENCE_MS,
      isQuiet: quietChecks.quote(exchange),
    }),
    topicRow({ feed: 'ticker', ...TICKER, start: dataOf(HANDLERS.ticker) }),
    topicRow({ feed: 'funding', when: isFuture, ...TICKER, start: dataOf(HANDLERS.funding) }),
    topicRow({ feed: 'openInterest', when: isDerivative, ...TICKER, start: dataOf(HANDLERS.openInterest) }),
    topicRow({
      feed: 'greeks',
      when: (_, { kind }) => kind === 'option',
      ...channel('ticker'),
      shared: true,
      frame: message(SHAPES.greeks),
      start: dataOf(HANDLERS.greeks),
    }),
    topicRow({
      feed: 'candle',
      socket: 'public',
      topic: ({ venueSymbol, venue }, { interval = '1m' }) => `chart.trades.${venueSymbol}.${INTERVALS.toWire(interval, venue)}`,
      frame: message(SHAPES.candle),
      start: dataOf(HANDLERS.candle),
    }),
    topicRow({
      feed: 'liquidation',
      when: isDerivative,
      shared: true,
      socket: 'public',
      topic: allTrades,
      frame: messages(SHAPES.trade),
      start: rowsOf(ownLiquidation),
    }),
  ];
}
