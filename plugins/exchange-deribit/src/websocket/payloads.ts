import {
  type AnyFrame,
  chained,
  type FieldsOf,
  type FrameReader,
  frameReader,
  type Outlet,
  readersByName,
} from '@speed-protocol/wire';
import { INTERVALS, isOption } from '../formats.js';
import { message, messages, SHAPES } from './frames.js';
import { allOfOption, allOfTicker, allOfTrade, dataOf, HANDLERS, rowsOf } from './market.js';

const reader = <F extends AnyFrame>(what: string, frame: F, start: (out: Outlet) => (fields: FieldsOf<F>) => void) =>
  frameReader({ what, frame, start, ...(what === 'book' && { rule: chained }) });

/** Readers of each channel, by the beginning of its name. */
export const READERS: Readonly<Record<string, FrameReader>> = {
  book: reader('book', message(SHAPES.change), dataOf(HANDLERS.change)),
  grouped: reader('grouped book', message(SHAPES.grouped), dataOf(HANDLERS.grouped)),
  trades: reader('trades', messages(SHAPES.trade), rowsOf(allOfTrade)),
  quote: reader('quote', message(SHAPES.quote), dataOf(HANDLERS.quote)),
  ticker: reader('ticker', message(SHAPES.ticker), dataOf(allOfTicker)),
  option: reader('ticker of an option', message({ ...SHAPES.ticker, ...SHAPES.greeks }), dataOf(allOfOption)),
  perpetual: reader('perpetual', message(SHAPES.perpetual), dataOf(HANDLERS.perpetual)),
};

/** `book.{instrument}.{interval}`, with group and depth between them: whole books. */
const SEGMENTS_OF_GROUPED = 5;

const candleReader = readersByName((resolution) => {
  const interval = INTERVALS.fromWire(resolution);
  return reader(`chart.trades.${resolution}`, message(SHAPES.candle), (out) => {
    out.subject = { ...out.subject, options: { interval } };
    return dataOf(HANDLERS.candle)(out);
  });
});

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
