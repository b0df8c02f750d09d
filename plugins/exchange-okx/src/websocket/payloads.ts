import { type Channel, candleReaders, type FrameReader, linked, readersOf } from '@speed-protocol/wire';
import { BARS } from '../formats.js';
import { books, rows, SHAPES } from './frames.js';
import { bestLevels, candles, fullBook, HANDLERS } from './market.js';

/** What each channel sends, and what reads it. */
export const CHANNELS = {
  books: { ...books(SHAPES.book, fullBook), depth: { rule: linked, snapshot: 'stream' } },
  books5: rows(SHAPES.book, HANDLERS.book),
  'bbo-tbt': rows(SHAPES.book, bestLevels),
  'trades-all': rows(SHAPES.trade, HANDLERS.trade),
  tickers: rows(SHAPES.ticker, HANDLERS.ticker),
  'funding-rate': rows(SHAPES.fundingRate, HANDLERS.fundingRate),
  'mark-price': rows(SHAPES.markPrice, HANDLERS.markPrice),
  'open-interest': rows(SHAPES.openInterest, HANDLERS.openInterest),
  'liquidation-orders': rows(SHAPES.liquidation, HANDLERS.liquidation),
} as const satisfies Readonly<Record<string, Channel>>;

/** An index is told by its own name: it is no instrument, and captures of it tell nothing. */
export const INDEX_TICKERS = rows(SHAPES.indexTicker, HANDLERS.indexTicker);

/** Readers of each channel by its name, of those that captures hold too. */
export const READERS: Readonly<Record<string, FrameReader>> = readersOf({
  ...CHANNELS,
  'books-elp': CHANNELS.books,
  'books-l2-tbt': CHANNELS.books,
  'books50-l2-tbt': CHANNELS.books,
  trades: CHANNELS['trades-all'],
});

const CANDLE = /^candle(\d+[smHDWM](?:utc)?)$/;
const candleReader = candleReaders('candle', BARS, candles);

/** The reader of a channel; of candles there is one per interval, which stands in the name. */
export function readerOfChannel(channel: string): FrameReader | undefined {
  const bar = CANDLE.exec(channel)?.[1];
  if (bar !== undefined) return candleReader(bar);
  return Object.hasOwn(READERS, channel) ? READERS[channel] : undefined;
}
