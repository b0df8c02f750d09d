import { candleReaders, type DepthPolicy, type FrameReader, frameReader, linked, type Reading } from '@speed-protocol/wire';
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
  'index-tickers': rows(SHAPES.indexTicker, HANDLERS.indexTicker),
  'open-interest': rows(SHAPES.openInterest, HANDLERS.openInterest),
  'liquidation-orders': rows(SHAPES.liquidation, HANDLERS.liquidation),
} as const;

type ChannelName = keyof typeof CHANNELS;

/** Further channels that captures hold, by the one whose shape they have. */
const SAME_SHAPE: Readonly<Record<string, ChannelName>> = {
  'books-elp': 'books',
  'books-l2-tbt': 'books',
  'books50-l2-tbt': 'books',
  trades: 'trades-all',
};

function readerOf(what: string, name: ChannelName): FrameReader {
  const { depth, ...reading }: Reading & { readonly depth?: DepthPolicy } = CHANNELS[name];
  return frameReader({ what, ...reading, rule: depth?.rule });
}

/** Readers of each channel, by its name. An index is told by its own name: it is no instrument. */
export const READERS: Readonly<Record<string, FrameReader>> = Object.fromEntries(
  [...Object.keys(CHANNELS).map((name) => [name, name]), ...Object.entries(SAME_SHAPE)]
    .filter(([what]) => what !== 'index-tickers')
    .map(([what, name]) => [what, readerOf(what!, name as ChannelName)]),
);

const CANDLE = /^candle(\d+[smHDWM](?:utc)?)$/;
const candleReader = candleReaders('candle', BARS, candles);

/** The reader of a channel; of candles there is one per interval, which stands in the name. */
export function readerOfChannel(channel: string): FrameReader | undefined {
  const bar = CANDLE.exec(channel)?.[1];
  if (bar !== undefined) return candleReader(bar);
  return Object.hasOwn(READERS, channel) ? READERS[channel] : undefined;
}
