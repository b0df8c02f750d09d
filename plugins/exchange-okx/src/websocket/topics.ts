import type { FeedOptions, Instrument } from '@speed-protocol/core';
import { quietChecks, served, type TopicRow, topicRow, tradesSince } from '@speed-protocol/wire';
import type { OkxExchange } from '../exchange.js';
import { BARS, INST_TYPES, indexOf } from '../formats.js';
import { topicKey } from './commands.js';
import { candles } from './market.js';
import { CHANNELS, INDEX_TICKERS } from './payloads.js';
import type { SocketName } from './sockets.js';

type Named = (instrument: Instrument, options: FeedOptions) => readonly [channel: string, subject: string];

/** Name and routing texts of a channel. */
function named(name: Named) {
  const topic = (instrument: Instrument, options: FeedOptions) => topicKey(...name(instrument, options));
  return { topic, parts: name };
}

/** A channel that is told per instrument. */
function told<K extends keyof typeof CHANNELS>(channel: K, socket: SocketName = 'public') {
  return { socket, ...named(({ venueSymbol }) => [channel, venueSymbol]), ...CHANNELS[channel] };
}

/** A book without news says so every 60 s. */
const BOOK_SILENCE_MS = 75_000;
const QUOTE_SILENCE_MS = 30_000;
const TRADE_SILENCE_MS = 60_000;
const TRADES_PAGE = 500;
/** Told every 10 s at the latest. */
const MARK_SILENCE_MS = 30_000;

/** Streamed feeds. https://www.okx.com/docs-v5/en/, the WebSocket channels of "Order book trading" and "Public data". */
export function topicRows(exchange: OkxExchange): readonly TopicRow[] {
  return [
    topicRow({ feed: 'depth', when: served.wholeBooks, ...told('books'), staleAfterMs: BOOK_SILENCE_MS }),
    topicRow({ feed: 'depth', ...told('books5'), order: 'growing' }),
    // `trades` takes those of one order together, REST does not: only single ones can be recovered after a cut.
    topicRow({
      feed: 'trade',
      ...told('trades-all', 'business'),
      order: 'growing',
      staleAfterMs: TRADE_SILENCE_MS,
      isQuiet: quietChecks.trade(exchange),
      since: tradesSince(exchange, TRADES_PAGE),
    }),
    topicRow({
      feed: 'quote',
      ...told('bbo-tbt'),
      order: 'growing',
      staleAfterMs: QUOTE_SILENCE_MS,
      isQuiet: quietChecks.quote(exchange),
    }),
    topicRow({ feed: 'ticker', ...told('tickers') }),
    topicRow({
      feed: 'candle',
      socket: 'business',
      ...named(({ venueSymbol, venue }, { interval = '1m' }) => [`candle${BARS.toWire(interval, venue)}`, venueSymbol]),
      ...candles,
    }),
    // Rate, mark and index price are told apart.
    topicRow({ feed: 'funding', part: true, when: served.perpetuals, ...told('funding-rate') }),
    topicRow({ feed: 'funding', part: true, when: served.contracts, ...told('mark-price'), staleAfterMs: MARK_SILENCE_MS }),
    topicRow({
      ...{ feed: 'funding', part: true, when: served.contracts, shared: true, socket: 'public' },
      ...INDEX_TICKERS,
      ...named((instrument) => ['index-tickers', indexOf(instrument)]),
    }),
    topicRow({
      ...{ feed: 'liquidation', when: served.contracts, shared: true, socket: 'products' },
      ...CHANNELS['liquidation-orders'],
      ...named(({ kind }) => ['liquidation-orders', INST_TYPES[kind]]),
    }),
    topicRow({ feed: 'openInterest', when: served.contracts, ...told('open-interest') }),
  ];
}
