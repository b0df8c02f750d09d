import { envelope, fields, id, int, levels, list, num, object, optional, type Shape, skip, text } from '@speed-protocol/wire';

/**
 * What the channels send, as far as it is read: one shape per kind of row. https://www.okx.com/docs-v5/en/, "Public channel"
 * and "Market data"; numbers are text, "" means none.
 */
export const SHAPES = {
  /** `books`, `books-l2-tbt`, `books50-l2-tbt`, `books5`, `bbo-tbt`. Captures of 2022 and before carry no numbers. */
  book: {
    asks: levels(),
    bids: levels(),
    ts: int(),
    checksum: skip(),
    instId: skip(),
    prevSeqId: optional(int()),
    seqId: optional(int()),
  },
  /** `trades-all`, and `trades`, which takes those of one taker order at one price together. */
  trade: { instId: skip(), tradeId: id(), px: num(), sz: num(), side: text(), ts: int(), count: skip(), source: skip() },
  /** `tickers`. */
  ticker: {
    instType: text(),
    instId: skip(),
    last: optional(num()),
    ...fields(skip(), 'lastSz', 'askPx', 'askSz', 'bidPx', 'bidSz'),
    ...fields(optional(num()), 'open24h', 'high24h', 'low24h', 'volCcy24h', 'vol24h'),
    ...fields(skip(), 'sodUtc0', 'sodUtc8'),
    ts: int(),
  },
  /** `funding-rate`; before 2023 without the time of the payment after next, and without a time of its own. */
  fundingRate: {
    instId: skip(),
    fundingRate: optional(num()),
    fundingTime: int(),
    nextFundingRate: optional(num()),
    nextFundingTime: optional(int()),
    ts: optional(int()),
  },
  /** `mark-price`. */
  markPrice: { instId: skip(), instType: skip(), markPx: num(), ts: int() },
  /** `index-tickers`. */
  indexTicker: { instId: skip(), idxPx: num(), ts: int() },
  /** `open-interest`. */
  openInterest: { instId: skip(), instType: skip(), oi: num(), oiCcy: skip(), oiUsd: skip(), ts: int() },
  /** `liquidation-orders`: all instruments of a type. */
  liquidation: {
    instId: text(),
    details: list(object({ side: text(), posSide: skip(), bkPx: num(), sz: num(), bkLoss: skip(), ts: int() })),
  },
} as const satisfies Readonly<Record<string, Shape>>;

export type Shapes = typeof SHAPES;

interface Message {
  readonly data: unknown;
}

/** Messages of a channel: `{"arg": {...}, "data": [...]}`. */
export const { many: rows } = envelope({
  shape: (data) => ({ arg: skip(), data }),
  contentOf: ({ data }: Message) => data,
});

/** Those of a channel of books say what they are: `snapshot` or `update`. */
export const { many: books } = envelope({
  shape: (data) => ({ arg: skip(), action: optional(text()), data }),
  contentOf: ({ data }: Message & { readonly action: string | null }) => data,
});
