import { candleColumns, candleRows, type Handler, type ShapeFields, sideFromWire } from '@speed-protocol/wire';
import { intervalHours } from '../formats.js';
import type { Shapes } from './frames.js';

type RowOf<K extends keyof Shapes> = ShapeFields<Shapes[K]>;

/** One row -> events, for each shape. `venueTime` is the venue's `ts`. */
export const HANDLERS = {
  /** Every message is the whole of what the channel shows. */
  book: (out) => (row) => out.snapshot(row.ts, row.seqId, row.bids, row.asks),
  trade: (out) => (row) => out.trade(row.ts, row.tradeId, row.px, row.sz, sideFromWire(row.side)),
  ticker: (out) => (row) => {
    // In currency units: quote on spot, base on derivatives.
    const quoteVolume = row.instType === 'SPOT' ? row.volCcy24h : Number.NaN;
    const { last, open24h: open, high24h: high, low24h: low, vol24h: volume } = row;
    out.ticker(row.ts, { last, open, high, low, volume, quoteVolume });
  },
  fundingRate: (out) => (row) => {
    out.funding(row.ts, {
      rate: row.fundingRate,
      predictedRate: row.nextFundingRate,
      nextFundingTime: row.fundingTime,
      intervalHours: intervalHours(row.fundingTime, row.nextFundingTime),
    });
  },
  markPrice: (out) => (row) => out.funding(row.ts, { markPrice: row.markPx }),
  indexTicker: (out) => (row) => out.funding(row.ts, { indexPrice: row.idxPx }),
  openInterest: (out) => (row) => out.openInterest(row.ts, row.oi),
  /** The channel tells of all instruments of a type. */
  liquidation: (out) => (row) => {
    if (!out.about(row.instId)) return;
    for (let i = 0; i < row.details.length; i++) {
      const { ts, side, bkPx, sz } = row.details.at(i);
      out.liquidation(ts, { side: sideFromWire(side), price: bkPx, size: sz });
    }
  },
} as const satisfies { readonly [K in keyof Shapes]: Handler<RowOf<K>> };

/** Best bid and ask, from a book of one level. */
export const bestLevels: Handler<RowOf<'book'>> = (out) => (row) => out.best(row.ts, row.seqId, row.bids, row.asks);

/** The number that every snapshot follows. */
const BEFORE_ALL = -1;

/** A book with its changes. Without numbers (captures of old) the message says which of the two it is. */
export const fullBook: Handler<RowOf<'book'>, { readonly action: string | null }> = (out) => (row, message) => {
  const { ts, seqId, prevSeqId, bids, asks } = row;
  // A text costs more than the numbers of a level: it is read only where numbers do not tell.
  const isFirst = prevSeqId === BEFORE_ALL || (Number.isNaN(prevSeqId) && message.action === 'snapshot');
  if (isFirst) out.snapshot(ts, seqId, bids, asks);
  else out.delta(ts, Number.NaN, seqId, prevSeqId, bids, asks);
};

const CONFIRM_COLUMN = 8;

/** Candles come as arrays; those of old (before 2022-07) do not say whether they are closed. */
export const candles = candleRows(({ data }: { readonly data: readonly (readonly string[])[] }) =>
  data.map((row) => ({ ...candleColumns(row), closed: row[CONFIRM_COLUMN] === '1' })),
);
