import {
  frame,
  frameReader,
  int,
  list,
  num,
  type Outlet,
  object,
  optional,
  type Shape,
  type ShapeFields,
  skip,
  type TextReader,
  text,
} from '@speed-protocol/wire';
import { SHAPES } from './websocket/frames.js';
import { bestLevels, eachRow, HANDLERS, NO_FUNDING } from './websocket/market.js';

/** A REST body: how to know it when a capture has no URL, and how to read it. */
interface Body {
  /** Keys of a row that no other body has together. */
  readonly keys: readonly string[];
  readonly reader: TextReader;
}

/** Rows of the shape that the channel of the same has; most name their instrument themselves. */
function body<const S extends Shape>(
  what: string,
  keys: readonly string[],
  shape: S,
  handle: (out: Outlet) => (row: ShapeFields<S>) => void,
): Body {
  const row = object({ ...shape, instId: optional(text()) });
  const start = eachRow((out: Outlet) => {
    const one = handle(out);
    return (each: ShapeFields<S> & { readonly instId: string | null }) => {
      if (each.instId !== null) out.about(each.instId);
      one(each);
    };
  });
  const whole = frame({ code: skip(), msg: skip(), data: list(row) });
  return { keys, reader: frameReader({ what, frame: whole, start: start as never }) };
}

/** Rates that were paid; settlements tell no price. */
const SETTLED = { realizedRate: optional(num()), fundingRate: optional(num()), fundingTime: int() } as const;
const settled = (out: Outlet) => (row: ShapeFields<typeof SETTLED>) => {
  const rate = Number.isNaN(row.realizedRate) ? row.fundingRate : row.realizedRate;
  out.funding(row.fundingTime, { ...NO_FUNDING, rate });
};

/** By the path below `/api/v5`. https://www.okx.com/docs-v5/en/, "Market data" and "Public data". */
export const BODIES = {
  'market/books': body('market/books', ['asks', 'bids', 'ts'], SHAPES.book, HANDLERS.book),
  'market/trades': body('market/trades', ['tradeId', 'px', 'sz', 'side'], SHAPES.trade, HANDLERS.trade),
  'market/ticker': body('market/ticker', ['last', 'open24h', 'vol24h'], SHAPES.ticker, HANDLERS.ticker),
  'public/funding-rate': body(
    'public/funding-rate',
    ['fundingRate', 'fundingTime', 'instId', 'nextFundingRate'],
    SHAPES.fundingRate,
    HANDLERS.fundingRate,
  ),
  'public/funding-rate-history': body('public/funding-rate-history', ['realizedRate', 'fundingTime'], SETTLED, settled),
  'public/mark-price': body('public/mark-price', ['markPx', 'instId', 'ts'], SHAPES.markPrice, HANDLERS.markPrice),
  'public/open-interest': body('public/open-interest', ['oi', 'instId', 'ts'], SHAPES.openInterest, HANDLERS.openInterest),
} as const satisfies Readonly<Record<string, Body>>;

/** The best levels of a book. */
export const QUOTE = body('market/books', [], SHAPES.book, bestLevels).reader;
