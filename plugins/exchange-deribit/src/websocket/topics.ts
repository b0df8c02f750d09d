import type { Instrument } from '@speed-protocol/core';
import { quietChecks, served, type TopicRow, topicRow, tradesSince } from '@speed-protocol/wire';
import type { DeribitExchange } from '../exchange.js';
import { INTERVALS } from '../formats.js';
import { message, rows, SHAPES } from './frames.js';
import { HANDLERS, ownLiquidation } from './market.js';
import { CHANNELS } from './payloads.js';

/** A channel of one instrument. Those of every change are for accounts: 100 ms is what everybody gets. */
const channel = (name: string, tail = '.100ms') => ({
  socket: 'public' as const,
  topic: ({ venueSymbol }: Instrument) => `${name}.${venueSymbol}${tail}`,
});

/** Several feeds come out of one subscription. */
const TICKER = { ...channel('ticker'), shared: true } as const;

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
      when: served.wholeBooks,
      ...channel('book'),
      ...CHANNELS.book,
      staleAfterMs: SILENCE_MS,
      isQuiet: quietChecks.book(exchange, 1),
    }),
    topicRow({
      feed: 'depth',
      socket: 'public',
      topic: ({ venueSymbol }, { levels }) => `book.${venueSymbol}.none.${levels}.100ms`,
      ...CHANNELS.grouped,
      order: 'growing',
    }),
    topicRow({
      feed: 'trade',
      ...channel('trades'),
      ...CHANNELS.trades,
      order: 'growing',
      staleAfterMs: TRADE_SILENCE_MS,
      isQuiet: quietChecks.trade(exchange),
      since: tradesSince(exchange, TRADES_PAGE),
    }),
    topicRow({
      feed: 'quote',
      ...channel('quote', ''),
      ...CHANNELS.quote,
      staleAfterMs: SILENCE_MS,
      isQuiet: quietChecks.quote(exchange),
    }),
    topicRow({ feed: 'ticker', ...TICKER, ...message(SHAPES.ticker, HANDLERS.ticker) }),
    topicRow({ feed: 'funding', when: served.futures, ...TICKER, ...message(SHAPES.ticker, HANDLERS.funding) }),
    topicRow({ feed: 'openInterest', when: served.contracts, ...TICKER, ...message(SHAPES.ticker, HANDLERS.openInterest) }),
    topicRow({ feed: 'greeks', when: served.options, ...TICKER, ...message(SHAPES.greeks, HANDLERS.greeks) }),
    topicRow({
      feed: 'candle',
      socket: 'public',
      topic: ({ venueSymbol, venue }, { interval = '1m' }) => `chart.trades.${venueSymbol}.${INTERVALS.toWire(interval, venue)}`,
      ...CHANNELS.candle,
    }),
    topicRow({
      ...{ feed: 'liquidation', when: served.contracts, shared: true, socket: 'public' },
      topic: allTrades,
      ...rows(SHAPES.trade, ownLiquidation),
    }),
  ];
}
