import type { FeedOptions, Instrument } from '@speed-protocol/core';
import { type PollRow, quietChecks, type TopicRow, topicRow, tradesSince } from '@speed-protocol/wire';
import type { BinanceExchange } from '../exchange.js';
import { CHANNELS } from './payloads.js';
import type { SocketName } from './sockets.js';

/** A stream of one instrument; its name is in lower case. */
function told<K extends keyof typeof CHANNELS>(
  channel: K,
  socket: SocketName,
  suffix: string | ((asked: FeedOptions) => string),
) {
  const topic = ({ venueSymbol }: Instrument, options: FeedOptions) =>
    `${venueSymbol.toLowerCase()}@${typeof suffix === 'string' ? suffix : suffix(options)}`;
  return { socket, topic, ...CHANNELS[channel] };
}

const isSpot = (_: FeedOptions, { kind }: Instrument): boolean => kind === 'spot';
const isContract = (_: FeedOptions, { kind }: Instrument): boolean => kind !== 'spot';
const isFull = ({ levels }: FeedOptions): boolean => levels === undefined;
const isFullOfSpot = (options: FeedOptions, { kind }: Instrument): boolean => isFull(options) && kind === 'spot';

const partial = ({ levels }: FeedOptions): string => `depth${levels}@100ms`;

/** Books move every 100 ms while anybody trades; trades and quotes may pause longer. */
const BOOK_SILENCE_MS = 10_000;
const QUOTE_SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;
/** Sent every second, whatever happens. */
const MARK_SILENCE_MS = 10_000;
const TRADES_PAGE = 1_000;

/** Streamed feeds. https://developers.binance.com/docs, "WebSocket market streams" of each product. */
export function topicRows(exchange: BinanceExchange): readonly TopicRow[] {
  const full = { feed: 'depth', staleAfterMs: BOOK_SILENCE_MS, isQuiet: quietChecks.book(exchange, 5) } as const;
  const trade = { feed: 'trade', order: 'consecutive', staleAfterMs: TRADE_SILENCE_MS } as const;
  return [
    topicRow({ ...full, when: isFullOfSpot, ...told('spotDepth', 'public', 'depth@100ms') }),
    topicRow({ ...full, when: isFull, ...told('futuresDepth', 'public', 'depth@100ms') }),
    topicRow({ feed: 'depth', when: isSpot, ...told('spotBook', 'public', partial), order: 'growing' }),
    topicRow({ feed: 'depth', ...told('futuresBook', 'public', partial), order: 'growing' }),
    topicRow({
      ...{ ...trade, when: isSpot, ...told('trade', 'market', 'trade') },
      isQuiet: quietChecks.trade(exchange),
      since: tradesSince(exchange, TRADES_PAGE),
    }),
    // Single trades are not documented on futures; the aggregate stream is.
    topicRow({
      ...{ ...trade, ...told('aggTrade', 'market', 'aggTrade') },
      isQuiet: quietChecks.trade({ trades: (...asked) => exchange.aggTrades(...asked) }),
      since: async ({ symbol }, position, options) =>
        exchange.aggTrades(symbol, { ...options, fromId: String(position + 1), limit: TRADES_PAGE }),
    }),
    topicRow({
      feed: 'quote',
      ...told('quote', 'public', 'bookTicker'),
      order: 'growing',
      staleAfterMs: QUOTE_SILENCE_MS,
      isQuiet: quietChecks.quote(exchange),
    }),
    topicRow({ feed: 'ticker', ...told('ticker', 'market', 'ticker') }),
    topicRow({ feed: 'candle', ...told('candle', 'market', ({ interval = '1m' }) => `kline_${interval}`) }),
    topicRow({
      ...{ feed: 'funding', when: isContract, ...told('markPrice', 'market', 'markPrice@1s') },
      staleAfterMs: MARK_SILENCE_MS,
    }),
    topicRow({ feed: 'liquidation', when: isContract, ...told('liquidation', 'market', 'forceOrder') }),
  ];
}

/** Feeds that only REST has. */
export function pollRows(exchange: BinanceExchange): readonly PollRow[] {
  return [{ feed: 'openInterest', everyMs: 5_000, poll: ({ symbol }, options) => exchange.openInterest(symbol, options) }];
}
