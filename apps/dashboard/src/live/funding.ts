import { fundingApr } from '@speed-protocol/book';
import type { FundingMessage } from '@speed-protocol/protocol';
import type { MarketRef } from './choice.js';

/** One line of the funding table: what is unknown is `null`. */
export interface FundingRow extends MarketRef {
  readonly rate: number | null;
  readonly predictedRate: number | null;
  readonly nextFundingTime: number | null;
  readonly intervalHours: number | null;
  /** Yearly rate as a fraction; only from the venue's real interval. */
  readonly apr: number | null;
  readonly markPrice: number | null;
  readonly indexPrice: number | null;
}

export type FundingColumn = keyof FundingRow;

const UNKNOWN = {
  rate: null,
  predictedRate: null,
  nextFundingTime: null,
  intervalHours: null,
  apr: null,
  markPrice: null,
  indexPrice: null,
} as const;

export function fundingRow({ venue, symbol }: MarketRef, message: FundingMessage | null): FundingRow {
  if (!message) return { venue, symbol, ...UNKNOWN };
  const { rate, predictedRate, nextFundingTime, intervalHours, markPrice, indexPrice } = message;
  const apr = fundingApr(rate, intervalHours);
  return { venue, symbol, rate, predictedRate, nextFundingTime, intervalHours, apr, markPrice, indexPrice };
}

/** Rows in order of a column; what is unknown comes last either way. */
export function sortFunding(rows: readonly FundingRow[], column: FundingColumn, descending: boolean): readonly FundingRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (x === y) return a.symbol < b.symbol ? -1 : 1;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y ? -sign : sign;
  });
}
