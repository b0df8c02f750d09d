import { contiguous, type FrameReader, frameReader, type Outlet, readersByName, text } from '@speed-protocol/wire';
import { INTERVALS } from '../formats.js';
import { isInverseId } from '../symbols.js';
import { message, rowsMessage, SHAPES } from './frames.js';
import { bestLevels, book, candles, liquidations, trades, wholeTicker } from './market.js';

/** Rows that say themselves what they are about: options are told by their base coin. */
const tradeRows = frameReader({
  what: 'publicTrade',
  frame: rowsMessage({ ...SHAPES.trade, s: text() }),
  start:
    (out: Outlet) =>
    ({ data }) => {
      for (let i = 0; i < data.length; i++) {
        const row = data.at(i);
        out.about(row.s);
        trades(out)({ data: { length: 1, at: () => row } });
      }
    },
});

const tickers = (isInverse: boolean) =>
  frameReader({ what: 'tickers', frame: message(SHAPES.ticker), start: wholeTicker(() => isInverse) });

const liquidationRows = frameReader({ what: 'allLiquidation', frame: rowsMessage(SHAPES.liquidation), start: liquidations });
const books = frameReader({ what: 'orderbook', rule: contiguous, frame: message(SHAPES.book), start: book });
const quotes = frameReader({ what: 'orderbook.1', frame: message(SHAPES.book), start: bestLevels });
const [linearTickers, inverseTickers] = [tickers(false), tickers(true)];
const candleReader = readersByName((interval) =>
  frameReader({ what: 'kline', frame: rowsMessage(SHAPES.candle), start: candles(() => interval) }),
);

/** Readers of the messages as they come live, by the beginning of their topic: what they are about is known by the topic. */
export const READERS: Readonly<Record<string, FrameReader>> = {
  orderbook: books,
  'orderbook.1': quotes,
  publicTrade: frameReader({ what: 'publicTrade', frame: rowsMessage(SHAPES.trade), start: trades }),
  tickers: linearTickers,
  kline: candleReader('1m'),
  allLiquidation: liquidationRows,
};

const DEPTH = /^\d+$/;

/** The reader of a topic; `undefined` for topics that are not read. @param product `undefined` where the capture does not say */
export function payloadOf(
  topic: string,
  { type, product }: { readonly type: unknown; readonly product: string | undefined },
): FrameReader | undefined {
  const [name = '', ...rest] = topic.split('.');
  const venueSymbol = rest.at(-1) ?? '';
  if (name === 'tickers')
    return (product === undefined ? isInverseId(venueSymbol) : product === 'inverse') ? inverseTickers : linearTickers;
  // Best levels come whole; a change of them, which is not documented, is one of a book.
  if (name === 'orderbook' && rest[0] === '1' && type !== 'delta') return quotes;
  if (name === 'orderbook') return DEPTH.test(rest[0] ?? '') ? books : undefined;
  if (name === 'kline') return candleReader(INTERVALS.fromWire(rest[0] ?? ''));
  if (name === 'allLiquidation') return liquidationRows;
  return name === 'publicTrade' ? tradeRows : undefined;
}
