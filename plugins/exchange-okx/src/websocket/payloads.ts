import {
  type FrameReader,
  frameReader,
  linked,
  type Outlet,
  readersByName,
  type Shape,
  type ShapeFields,
} from '@speed-protocol/wire';
import { BARS } from '../formats.js';
import { bookMessage, message, SHAPES } from './frames.js';
import { bestLevels, candleMessage, candles, eachRow, fullBook, HANDLERS } from './market.js';

/** A channel whose rows are of one shape. */
function rows<const S extends Shape>(shape: S, handle: (out: Outlet) => (row: ShapeFields<S>) => void) {
  return { frame: message(shape), start: eachRow(handle) };
}

/** What each channel sends, and what reads it. */
export const CHANNELS = {
  books: { frame: bookMessage, start: fullBook, depth: { rule: linked, snapshot: 'stream' } },
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
  const channel = CHANNELS[name];
  // Each row's frame and handler fit, as it was made of both; the union of all rows has forgotten it.
  const { frame, start } = channel as (typeof CHANNELS)['books5'];
  return frameReader({ what, frame, start, rule: 'depth' in channel ? channel.depth.rule : undefined });
}

/** Readers of each channel, by its name. An index is told by its own name: it is no instrument. */
export const READERS: Readonly<Record<string, FrameReader>> = Object.fromEntries(
  [...Object.keys(CHANNELS).map((name) => [name, name]), ...Object.entries(SAME_SHAPE)]
    .filter(([what]) => what !== 'index-tickers')
    .map(([what, name]) => [what, readerOf(what!, name as ChannelName)]),
);

const CANDLE = /^candle(\d+[smHDWM](?:utc)?)$/;
const candleReader = readersByName((bar) => {
  const interval = BARS.fromWire(bar);
  return frameReader({ what: `candle${bar}`, frame: candleMessage, start: candles(() => interval) });
});

/** The reader of a channel; of candles there is one per interval, which stands in the name. */
export function readerOfChannel(channel: string): FrameReader | undefined {
  const bar = CANDLE.exec(channel)?.[1];
  if (bar !== undefined) return candleReader(bar);
  return Object.hasOwn(READERS, channel) ? READERS[channel] : undefined;
}
