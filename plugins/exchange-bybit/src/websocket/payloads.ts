import { type Channel, candleReaders, contiguous, type FrameReader, readersOf, text } from '@speed-protocol/wire';
import { INTERVALS } from '../formats.js';
import { isInverseId } from '../symbols.js';
import { message, rows, SHAPES } from './frames.js';
import { bestLevels, book, candle, liquidation, trade, wholeTicker } from './market.js';

/** What each topic sends, by its beginning, and what reads it. */
export const CHANNELS = {
  orderbook: { ...message(SHAPES.book, book), depth: { rule: contiguous, snapshot: 'stream' } },
  'orderbook.1': message(SHAPES.book, bestLevels),
  publicTrade: rows(SHAPES.trade, trade),
  tickers: message(
    SHAPES.ticker,
    wholeTicker(() => false),
  ),
  kline: rows(SHAPES.candle, candle),
  allLiquidation: rows(SHAPES.liquidation, liquidation),
} as const satisfies Readonly<Record<string, Channel>>;

/** Readers of the messages as they come live, by the beginning of their topic: what they are about is known by the topic. */
export const READERS: Readonly<Record<string, FrameReader>> = readersOf(CHANNELS);

/** What captures hold besides: rows that say themselves what they are about (options are told by their base coin). */
const CAPTURED = readersOf({
  publicTrade: rows({ ...SHAPES.trade, s: text() }, trade),
  inverse: message(
    SHAPES.ticker,
    wholeTicker(() => true),
  ),
});
const candleReader = candleReaders('kline.', INTERVALS, CHANNELS.kline);

const DEPTH = /^\d+$/;

/** The reader of a topic; `undefined` for topics that are not read. @param product `undefined` where the capture does not say */
export function payloadOf(
  topic: string,
  { type, product }: { readonly type: unknown; readonly product: string | undefined },
): FrameReader | undefined {
  const [name = '', ...rest] = topic.split('.');
  const venueSymbol = rest.at(-1) ?? '';
  switch (name) {
    case 'tickers':
      return (product === undefined ? isInverseId(venueSymbol) : product === 'inverse') ? CAPTURED['inverse'] : READERS[name];
    case 'orderbook':
      // Best levels come whole; a change of them, which is not documented, is one of a book.
      if (rest[0] === '1' && type !== 'delta') return READERS['orderbook.1'];
      return DEPTH.test(rest[0] ?? '') ? READERS[name] : undefined;
    case 'kline':
      return candleReader(rest[0] ?? '');
    case 'publicTrade':
      return CAPTURED[name];
    default:
      return name === 'allLiquidation' ? READERS[name] : undefined;
  }
}
