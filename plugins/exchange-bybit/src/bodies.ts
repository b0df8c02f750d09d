import {
  type BodyRow,
  type BodyTable,
  bodiesIn,
  candleColumns,
  frameReader,
  id,
  int,
  levels,
  num,
  type Outlet,
  object,
  optional,
  parsed,
  type Shape,
  type ShapeFields,
  skip,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import { INTERVALS, sideFromWire } from './formats.js';
import { instrumentsFromWire, isInverseId } from './symbols.js';
import type { WireInstrument, WireList } from './types.js';
import { SHAPES } from './websocket/frames.js';
import { funding, wholeTicker } from './websocket/market.js';

interface Result {
  readonly result: unknown;
  readonly time: number;
}

const envelope = (result: Shape[string]) => ({
  ...{ retCode: skip(), retMsg: skip(), result, retExtInfo: skip(), time: optional(int()) },
});

/** `{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[...]}}` */
const { many } = bodiesIn({
  shape: (list) => envelope(object({ category: skip(), symbol: skip(), nextPageCursor: skip(), list })),
  contentOf: ({ result }: Result) => (result as { readonly list: unknown }).list,
});
const { one } = bodiesIn({ shape: envelope, contentOf: ({ result }: Result) => result });

const BOOK = { s: text(), b: levels(), a: levels(), ts: int(), u: int(), seq: skip(), cts: skip() } as const;

/** `market/orderbook`: it names its instrument. */
const orderbook = (tell: (out: Outlet, book: ShapeFields<typeof BOOK>) => void) =>
  one('market/orderbook', BOOK, (out) => (row) => {
    out.about(row.s);
    tell(out, row);
  });

const TICKER = { ...SHAPES.ticker, symbol: text() } as const;
const BEST = { bid1Price: optional(num()), bid1Size: optional(num()), ask1Price: optional(num()), ask1Size: optional(num()) };

/** Readers of what REST is asked for. https://bybit-exchange.github.io/docs/v5/market */
export const READERS = {
  orderbook: orderbook((out, { ts, u, b, a }) => out.snapshot(ts, u, b, a)),
  /** The best levels of a book. The number is not that of the stream of best levels. */
  quote: orderbook((out, { ts, b, a }) => out.best(ts, Number.NaN, b, a)),
  trades: many(
    'market/recent-trade',
    { execId: id(), symbol: text(), price: num(), size: num(), side: text(), time: int() },
    (out) => (row) => {
      out.about(row.symbol);
      out.trade(row.time, row.execId, row.price, row.size, sideFromWire(row.side));
    },
  ),
  tickers: many('market/tickers', { ...TICKER, ...BEST }, (out) => (row, { time }) => {
    out.about(row.symbol);
    const isInverse = out.subject.instrument?.inverse ?? isInverseId(row.symbol);
    wholeTicker(() => isInverse)(out)({ type: 'snapshot', ts: time, data: row });
    if (!Number.isNaN(row.bid1Price)) out.quote(time, Number.NaN, row.bid1Price, row.bid1Size, row.ask1Price, row.ask1Size);
  }),
  /** What `market/tickers` says of funding. */
  funding: many('market/tickers', TICKER, (out) => (row, { time }) => {
    if (out.about(row.symbol)) funding(out)({ type: 'snapshot', ts: time, data: row });
  }),
  settled: many('market/funding/history', { symbol: text(), fundingRate: num(), fundingRateTimestamp: int() }, (out) => (row) => {
    out.about(row.symbol);
    out.funding(row.fundingRateTimestamp, { rate: row.fundingRate });
  }),
  openInterest: many(
    'market/open-interest',
    { openInterest: num(), singleOpenInterest: optional(num()), timestamp: int() },
    (out) =>
      ({ timestamp, singleOpenInterest, openInterest }) => {
        out.openInterest(timestamp, Number.isNaN(singleOpenInterest) ? openInterest : singleOpenInterest);
      },
  ),
} as const;

const candleList = parsed((message) =>
  (message as { readonly result: WireList<readonly string[]> }).result.list.map((row) => candleColumns(row)),
);

/** `market/kline`: the newest may still be open. */
function candleReader(interval: string): TextReader {
  const start = (out: Outlet) => (rows: readonly ReturnType<typeof candleColumns>[]) => {
    for (const row of rows) out.candle(Number.NaN, { interval, ...row, closed: false });
  };
  return frameReader({ what: 'market/kline', frame: candleList, start });
}

/** Of candles of trades; those of mark, index and premium have fewer. */
const CANDLE_COLUMNS = 7;
const isCandle = (row: unknown): boolean => Array.isArray(row) && row.length === CANDLE_COLUMNS;

/** Books with retail price improvement have a third column. */
function isBook(result: unknown): boolean {
  const { s, b, a } = (result ?? {}) as Partial<Readonly<Record<'s' | 'b' | 'a', unknown>>>;
  const levels: unknown = b;
  return s !== undefined && a !== undefined && Array.isArray(levels) && levels.every((level) => (level as object[]).length === 2);
}

/** By the path below `/v5`. */
const ROWS: Readonly<Record<string, BodyRow>> = {
  'market/time': { like: ['timeNano'], control: true },
  'market/instruments-info': {
    like: ['priceFilter', 'lotSizeFilter'],
    instruments: ({ list }: WireList<WireInstrument>, venue) => instrumentsFromWire(venue, list),
  },
  'market/orderbook': { like: isBook, reader: READERS.orderbook },
  // Candles do not say their interval: the URL does.
  'market/kline': { like: isCandle, readerOf: (asked) => candleReader(INTERVALS.fromWire(asked.get('interval') ?? '')) },
  'market/recent-trade': { like: ['execId', 'price', 'size', 'side', 'time', 'isBlockTrade'], reader: READERS.trades },
  'market/tickers': { like: ['lastPrice', 'prevPrice24h', 'highPrice24h'], reader: READERS.tickers },
  'market/funding/history': { like: ['fundingRate', 'fundingRateTimestamp'], reader: READERS.settled },
  'market/open-interest': { like: ['openInterest', 'timestamp'], reader: READERS.openInterest },
};

interface Envelope {
  readonly retCode?: unknown;
  readonly result?: Partial<WireList<unknown>> & { readonly symbol?: string };
}

/** What REST answers with. */
export const BODIES: BodyTable = {
  prefix: /^\/v5\//,
  open: (message) => {
    const { retCode, result } = (message ?? {}) as Envelope;
    if (retCode !== undefined && String(retCode) !== '0') return 'control';
    const isEmpty = typeof result !== 'object' || result === null || Object.keys(result).length === 0;
    if (isEmpty) return retCode === undefined ? 'unknown' : 'control';
    return { content: result, sample: Array.isArray(result.list) && result.list.length > 0 ? result.list[0] : result };
  },
  about: ({ content }, asked) => {
    const { category, symbol } = content as NonNullable<Envelope['result']>;
    const product = category ?? asked.get('category') ?? undefined;
    return { venueSymbol: symbol ?? asked.get('symbol') ?? '', product };
  },
  aliases: { 'account/instruments-info': 'market/instruments-info' },
  rows: ROWS,
};
