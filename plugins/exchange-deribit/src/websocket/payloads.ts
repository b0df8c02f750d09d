import { type Channel, candleReaders, chained, type FrameReader, namedBy, readersOf } from '@speed-protocol/wire';
import { INTERVALS, isOption } from '../formats.js';
import { message, rows, SHAPES } from './frames.js';
import { allOfOption, allOfTicker, allOfTrade, HANDLERS } from './market.js';

/** What each channel sends, by the beginning of its name, and what reads it. */
export const CHANNELS = {
  book: { ...message(SHAPES.change, HANDLERS.change), depth: { rule: chained, snapshot: 'stream' } },
  grouped: message(SHAPES.grouped, HANDLERS.grouped),
  trades: rows(SHAPES.trade, HANDLERS.trade),
  quote: message(SHAPES.quote, HANDLERS.quote),
  candle: message(SHAPES.candle, HANDLERS.candle),
} as const satisfies Readonly<Record<string, Channel>>;

/** Readers of each channel, of all that it tells. */
export const READERS: Readonly<Record<string, FrameReader>> = readersOf({
  book: CHANNELS.book,
  grouped: CHANNELS.grouped,
  quote: CHANNELS.quote,
  // Those of a kind say themselves what they are about.
  trades: rows(
    SHAPES.trade,
    namedBy(({ instrument_name }) => instrument_name, allOfTrade),
  ),
  ticker: message(SHAPES.ticker, allOfTicker),
  option: message({ ...SHAPES.ticker, ...SHAPES.greeks }, allOfOption),
  perpetual: message(SHAPES.perpetual, HANDLERS.perpetual),
});

/** `book.{instrument}.{interval}`, with group and depth between them: whole books. */
const SEGMENTS_OF_GROUPED = 5;

const candleReader = candleReaders('chart.trades.', INTERVALS, CHANNELS.candle);

/** Tickers of options, and whole books, are read by themselves. */
function readerOf(kind: string, venueSymbol: string, segments: number): string {
  if (kind === 'ticker' && isOption(venueSymbol)) return 'option';
  return kind === 'book' && segments === SEGMENTS_OF_GROUPED ? 'grouped' : kind;
}

/** What reads a channel, and the instrument in its name; `undefined` for channels that are not read. */
export function payloadOf(channel: string): { readonly reader: FrameReader; readonly venueSymbol: string } | undefined {
  const segments = channel.split('.');
  const [kind = '', second = '', third = '', fourth = ''] = segments;
  if (kind === 'chart' && second === 'trades') return { reader: candleReader(fourth), venueSymbol: third };
  const name = readerOf(kind, second, segments.length);
  if (!Object.hasOwn(READERS, name)) return undefined;
  return { reader: READERS[name]!, venueSymbol: second };
}
