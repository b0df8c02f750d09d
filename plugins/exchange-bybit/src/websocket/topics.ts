import type { FeedOptions, Instrument } from '@speed-protocol/core';
import { contiguous, type DepthPolicy, quietChecks, type TopicDefinition, type TopicRow, topicRow } from '@speed-protocol/wire';
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

const BOOK_SILENCE_MS = 30_000;
const QUOTE_SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;

/** The deepest book that is streamed. */
const FULL_LEVELS = 1_000;

/** A row for each product: topics of all products are called alike, and stand on different sockets. */
function rows<F extends Parameters<typeof topicRow>[0]['frame']>(
  categories: readonly Category[],
  { name, line, ...row }: Omit<TopicDefinition<F>, 'socket' | 'topic'> & { readonly name: Name; readonly line?: Line },
): readonly TopicRow[] {
  return categories.map((category) => {
    const socket = socketName(category, line);
    return topicRow<F>({
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

/** Books of `levels` a side; those that are not the deepest go to listeners whole. */
const bookRows = (levels: number, row: Pick<TopicRow, 'when' | 'depth' | 'staleAfterMs' | 'isQuiet'>): readonly TopicRow[] =>
  rows(EVERYWHERE, { feed: 'depth', ...row, name: perSymbol(`orderbook.${levels}`), ...message(SHAPES.book, book) });

const asked =
  (depth: number | undefined) =>
  ({ levels }: FeedOptions): boolean =>
    levels === depth;
const policy = (levels: number, whole: boolean): DepthPolicy => ({ rule: contiguous, snapshot: 'stream', levels, whole });

/** Streamed feeds. https://bybit-exchange.github.io/docs/v5/websocket/public */
export function topicRows(exchange: BybitExchange): readonly TopicRow[] {
  return [
    ...bookRows(FULL_LEVELS, {
      when: asked(undefined),
      depth: policy(FULL_LEVELS, false),
      staleAfterMs: BOOK_SILENCE_MS,
      // REST numbers its books as the deepest topic does.
      isQuiet: quietChecks.book(exchange, 1),
    }),
    ...bookRows(1, { when: asked(1) }),
    ...[50, 200].flatMap((levels) => bookRows(levels, { when: asked(levels), depth: policy(levels, true) })),
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
      staleAfterMs: QUOTE_SILENCE_MS,
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
