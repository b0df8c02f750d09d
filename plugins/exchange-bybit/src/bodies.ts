import {
  allOf,
  asRow,
  type BodyTable,
  bodiesIn,
  candleColumns,
  candleReaders,
  candleRows,
  type FieldNode,
  fields,
  type Handler,
  id,
  int,
  levels,
  num,
  type Outlet,
  object,
  openedBy,
  optional,
  type Row,
  type ShapeFields,
  skip,
  text,
} from '@speed-protocol/wire';
import { INTERVALS, sideFromWire } from './formats.js';
import { instrumentsFromWire, isInverseId } from './symbols.js';
import type { WireList } from './types.js';
import { SHAPES } from './websocket/frames.js';
import { funding, wholeTicker } from './websocket/market.js';

interface Result {
  readonly result: unknown;
  readonly time: number;
}

const envelope = (result: FieldNode) => ({
  ...{ retCode: skip(), retMsg: skip(), result, retExtInfo: skip(), time: optional(int()) },
});

/** `{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[...]}}` */
const { many } = bodiesIn({
  shape: (list) => envelope(object({ category: skip(), symbol: skip(), nextPageCursor: skip(), list })),
  contentOf: ({ result }: Result) => (result as { readonly list: unknown }).list,
  named: 'symbol',
});
const { one } = bodiesIn({ shape: envelope, contentOf: ({ result }: Result) => result, named: 's' });

const BOOK = { s: text(), b: levels(), a: levels(), ts: int(), u: int(), seq: skip(), cts: skip() } as const;
const TRADE = { execId: id(), symbol: text(), price: num(), size: num(), side: text(), time: int() } as const;
const TICKER = { ...SHAPES.ticker, symbol: text() } as const;
const PAID = { symbol: text(), fundingRate: num(), fundingRateTimestamp: int() } as const;
const INTEREST = { openInterest: num(), singleOpenInterest: optional(num()), timestamp: int() } as const;

/** As the stream's messages, of which this is a whole one. */
const asMessage =
  <T>(handler: Handler<T, { readonly type: string; readonly ts: number }>): Handler<T, Result> =>
  (out) => {
    const tell = handler(out);
    return (row, { time }) => tell(row, { type: 'snapshot', ts: time });
  };

const isInverse = ({ subject }: Outlet): boolean => subject.instrument?.inverse ?? isInverseId(subject.venueSymbol);

const WHOLE_TICKER = { ...TICKER, ...fields(optional(num()), 'bid1Price', 'bid1Size', 'ask1Price', 'ask1Size') } as const;
type WholeTicker = ShapeFields<typeof WHOLE_TICKER>;
const bestOfTicker: Handler<WholeTicker, Result> =
  (out) =>
  (row, { time }) => {
    if (!Number.isNaN(row.bid1Price)) out.quote(time, Number.NaN, row.bid1Price, row.bid1Size, row.ask1Price, row.ask1Size);
  };

/** Readers of what REST is asked for. https://bybit-exchange.github.io/docs/v5/market */
export const READERS = {
  orderbook: one('market/orderbook', BOOK, (out) => ({ ts, u, b, a }) => {
    out.snapshot(ts, u, b, a);
  }),
  /** The best levels of a book. The number is not that of the stream of best levels. */
  quote: one('market/orderbook', BOOK, (out) => ({ ts, b, a }) => {
    out.best(ts, Number.NaN, b, a);
  }),
  trades: many('market/recent-trade', TRADE, (out) => ({ time, execId, price, size, side }) => {
    out.trade(time, execId, price, size, sideFromWire(side));
  }),
  tickers: many('market/tickers', WHOLE_TICKER, allOf<WholeTicker, Result>(asMessage(wholeTicker(isInverse)), bestOfTicker)),
  /** What `market/tickers` says of funding. */
  funding: many('market/tickers', TICKER, asMessage(funding)),
  settled: many('market/funding/history', PAID, (out) => ({ fundingRateTimestamp, fundingRate: rate }) => {
    out.funding(fundingRateTimestamp, { rate });
  }),
  openInterest: many('market/open-interest', INTEREST, (out) => ({ timestamp, singleOpenInterest, openInterest }) => {
    out.openInterest(timestamp, Number.isNaN(singleOpenInterest) ? openInterest : singleOpenInterest);
  }),
} as const;

/** `market/kline`: the newest may still be open. */
const candleReader = candleReaders(
  'market/kline ',
  INTERVALS,
  candleRows(({ result }: { readonly result: WireList<readonly string[]> }) =>
    result.list.map((row) => ({ ...candleColumns(row), closed: false })),
  ),
);

/** Of candles of trades; those of mark, index and premium have fewer. */
const CANDLE_COLUMNS = 7;
const isCandle = (row: unknown): boolean => Array.isArray(row) && row.length === CANDLE_COLUMNS;

/** Books with retail price improvement have a third column. */
function isBook(result: unknown): boolean {
  const { s, b, a } = (result ?? {}) as Partial<Readonly<Record<'s' | 'b' | 'a', unknown>>>;
  const levels: unknown = b;
  return s !== undefined && a !== undefined && Array.isArray(levels) && levels.every((level) => (level as object[]).length === 2);
}

/** A list's own rows tell it apart, where it has any. */
function sampleOf(result: Row): unknown {
  return Array.isArray(result.list) && result.list.length > 0 ? result.list[0] : result;
}

/** What REST answers with. */
export const BODIES: BodyTable = {
  prefix: /^\/v5\//,
  open: openedBy({
    isRefusal: ({ retCode }) => retCode !== undefined && String(retCode) !== '0',
    contentOf: ({ retCode, result }) => {
      if (Object.keys(asRow(result)).length > 0) return result;
      return retCode === undefined ? undefined : [];
    },
    sampleOf,
  }),
  about: ({ content }, asked) => {
    const { category, symbol } = content as Readonly<Record<string, string | undefined>>;
    const product = category ?? asked.get('category') ?? undefined;
    return { venueSymbol: symbol ?? asked.get('symbol') ?? '', product };
  },
  aliases: { 'account/instruments-info': 'market/instruments-info' },
  /** By the path below `/v5`. */
  rows: {
    'market/time': { like: ['timeNano'], control: true },
    'market/instruments-info': {
      like: ['priceFilter', 'lotSizeFilter'],
      instruments: ({ list }: WireList<Row>, venue) => instrumentsFromWire(venue, list),
    },
    'market/orderbook': { like: isBook, reader: READERS.orderbook },
    // Candles do not say their interval: the URL does.
    'market/kline': { like: isCandle, readerOf: (asked) => candleReader(asked.get('interval') ?? '') },
    'market/recent-trade': { like: ['execId', 'price', 'size', 'side', 'time', 'isBlockTrade'], reader: READERS.trades },
    'market/tickers': { like: ['lastPrice', 'prevPrice24h', 'highPrice24h'], reader: READERS.tickers },
    'market/funding/history': { like: ['fundingRate', 'fundingRateTimestamp'], reader: READERS.settled },
    'market/open-interest': { like: ['openInterest', 'timestamp'], reader: READERS.openInterest },
  },
};
