type Level = readonly [price: number, size: number];

/** One line of a ladder. */
export interface LadderRow {
  readonly price: number;
  readonly size: number;
  /** Sum of the sizes from the best price to this one. */
  readonly total: number;
  /** `total` as a part of the larger side's sum, 0..1: the depth bar. */
  readonly share: number;
  /** The size at this price is not what it was in the book before. */
  readonly changed: boolean;
}

export interface LadderView {
  /** Best first. */
  readonly bids: readonly LadderRow[];
  readonly asks: readonly LadderRow[];
  readonly mid: number | null;
  readonly spread: number | null;
  /** Spread in basis points of the middle. */
  readonly spreadBps: number | null;
}

type Side = { readonly bids: readonly Level[]; readonly asks: readonly Level[] };

/** What a ladder of `depth` levels shows of a book; `before` is the book shown last, to mark what changed. */
export function ladderView(book: Side, depth: number, before: Side | null): LadderView {
  const bids = book.bids.slice(0, depth);
  const asks = book.asks.slice(0, depth);
  const largest = Math.max(sum(bids), sum(asks));
  const bid = bids[0]?.[0];
  const ask = asks[0]?.[0];
  const mid = bid === undefined || ask === undefined ? null : (bid + ask) / 2;
  const spread = bid === undefined || ask === undefined ? null : ask - bid;
  return {
    bids: rows(bids, largest, before?.bids),
    asks: rows(asks, largest, before?.asks),
    mid,
    spread,
    spreadBps: mid === null || spread === null || mid === 0 ? null : (spread / mid) * 10_000,
  };
}

function rows(levels: readonly Level[], largest: number, before: readonly Level[] | undefined): LadderRow[] {
  const old = before && new Map(before);
  let total = 0;
  return levels.map(([price, size]) => {
    total += size;
    return {
      price,
      size,
      total,
      share: largest > 0 ? total / largest : 0,
      changed: old !== undefined && old.get(price) !== size,
    };
  });
}

function sum(levels: readonly Level[]): number {
  return levels.reduce((total, [, size]) => total + size, 0);
}

/** A depth chart's columns: prices ascending, summed bids left of the spread, summed asks right of it. */
export function depthCurve(book: Side): [prices: number[], bids: (number | null)[], asks: (number | null)[]] {
  const bids = rows(book.bids, 0, undefined).reverse();
  const asks = rows(book.asks, 0, undefined);
  return [
    [...bids, ...asks].map(({ price }) => price),
    [...bids.map(({ total }) => total), ...asks.map(() => null)],
    [...bids.map(() => null), ...asks.map(({ total }) => total)],
  ];
}
