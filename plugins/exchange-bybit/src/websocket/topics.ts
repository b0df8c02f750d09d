import type { FeedOptions, Instrument } from '@speed-protocol/core';
import {
  contiguous,
  type FrameNode,
  quietChecks,
  served,
  type TopicDefinition,
  type TopicRow,
  topicRow,
} from '@speed-protocol/wire';
import type { BybitExchange } from '../exchange.js';
import { INTERVALS } from '../formats.js';
import { type Category, categoryOf } from '../symbols.js';
import { message, SHAPES, type Shapes } from './frames.js';
import { book, funding, openInterest, ticker } from './market.js';
import { CHANNELS } from './payloads.js';
import { type Line, socketName } from './sockets.js';

type Name = (instrument: Instrument, options: FeedOptions) => string;

const CONTRACTS: readonly Category[] = ['linear', 'inverse'];
const EVERYWHERE: readonly Category[] = ['spot', ...CONTRACTS];

const SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;

/** The deepest book that is streamed. */
const FULL_LEVELS = 1_000;

type ProductRow = Omit<TopicDefinition<FrameNode>, 'socket' | 'topic'> & { readonly name: Name; readonly line?: Line };

/** A row for each product: topics of all products are called alike, and stand on different sockets. */
function rows(categories: readonly Category[], { name, line, ...row }: ProductRow): readonly TopicRow[] {
  return categories.map((category) => {
    const socket = socketName(category, line);
    return topicRow({
      ...row,
      socket,
      when: (options, instrument) => categoryOf(instrument) === category && (row.when?.(options, instrument) ?? true),
      topic: (instrument, options) => `${socket}:${name(instrument, options)}`,
      parts: (instrument, options) => [name(instrument, options)],
    });
  });
}

const perSymbol =
  (topic: string): Name =>
  ({ venueSymbol }) =>
    `${topic}.${venueSymbol}`;

/** A topic that is told per instrument. */
const told = (channel: keyof typeof CHANNELS) => ({ name: perSymbol(channel), ...CHANNELS[channel] });

/** Told by one topic: ticker, funding, open interest. */
const tickers = (handler: Parameters<typeof message<Shapes['ticker']>>[1]) => ({
  name: perSymbol('tickers'),
  ...message(SHAPES.ticker, handler),
});

/** Books of `levels` a side. */
const books = (levels: number, row: Partial<ProductRow> = {}): readonly TopicRow[] => {
  const when = ({ levels: asked }: FeedOptions) => asked === levels;
  const name = perSymbol(`orderbook.${levels}`);
  return rows(EVERYWHERE, { feed: 'depth', when, name, ...message(SHAPES.book, book), ...row });
};

/** Streamed feeds. https://bybit-exchange.github.io/docs/v5/websocket/public */
export function topicRows(exchange: BybitExchange): readonly TopicRow[] {
  return [
    ...books(FULL_LEVELS, {
      when: served.wholeBooks,
      depth: { rule: contiguous, snapshot: 'stream', levels: FULL_LEVELS },
      staleAfterMs: SILENCE_MS,
      // REST numbers its books as the deepest topic does.
      isQuiet: quietChecks.book(exchange, 1),
    }),
    // Those that are not the deepest go to listeners whole.
    ...[50, 200].flatMap((levels) => books(levels, { depth: { rule: contiguous, snapshot: 'stream', levels, whole: true } })),
    ...books(1),
    ...rows(EVERYWHERE, {
      feed: 'trade',
      ...told('publicTrade'),
      staleAfterMs: TRADE_SILENCE_MS,
      // Ids have no order on contracts.
      isQuiet: quietChecks.tradeById(exchange),
    }),
    ...rows(EVERYWHERE, {
      feed: 'quote',
      ...told('orderbook.1'),
      // A depth of one level is the same topic.
      line: 'quotes',
      staleAfterMs: SILENCE_MS,
      isQuiet: quietChecks.quote(exchange),
    }),
    ...rows(EVERYWHERE, { feed: 'ticker', ...tickers(ticker(({ subject }) => subject.instrument?.inverse === true)) }),
    ...rows(EVERYWHERE, {
      feed: 'candle',
      ...CHANNELS.kline,
      name: ({ venueSymbol, venue }, { interval = '1m' }) => `kline.${INTERVALS.toWire(interval, venue)}.${venueSymbol}`,
    }),
    ...rows(CONTRACTS, { feed: 'funding', line: 'funding', ...tickers(funding) }),
    ...rows(CONTRACTS, { feed: 'openInterest', line: 'interest', ...tickers(openInterest) }),
    ...rows(CONTRACTS, { feed: 'liquidation', ...told('allLiquidation') }),
  ];
}
