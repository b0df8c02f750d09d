import { type Instrument, SpeedError } from '@speed-protocol/core';
import type { BookReader } from './order-book.js';

/** How much to trade, in one of three units. */
export type ImpactAmount =
  | { readonly base: number; readonly quote?: never; readonly contracts?: never }
  | { readonly quote: number; readonly base?: never; readonly contracts?: never }
  | { readonly contracts: number; readonly base?: never; readonly quote?: never };

export type ImpactRequest = ImpactAmount & {
  /** Side of the order that would be sent: `buy` takes asks. */
  readonly side: 'buy' | 'sell';
  /** Taker fee as a fraction (0.0005 = 5 bp); default 0. */
  readonly feeRate?: number | undefined;
  /** Answer from a book that is not live as well; default false. */
  readonly allowStale?: boolean | undefined;
};

/** What an order of that size would do to the book if it were sent now and nobody moved. Fractions of lots are not rounded. */
export interface PriceImpact {
  /** Quote paid per base received; `null` when nothing can be filled. */
  readonly averagePrice: number | null;
  /** Price of the last level touched; `null` when nothing can be filled. */
  readonly worstPrice: number | null;
  /** Middle between best bid and best ask; `null` when a side is empty. */
  readonly midPrice: number | null;
  /** Average against mid, per cent, positive when it costs the taker; `null` without either. */
  readonly impactPercent: number | null;
  readonly baseAmount: number;
  readonly quoteAmount: number;
  /** Amount in the instrument's own unit: contracts, or base on spot. */
  readonly contracts: number;
  /** Levels touched. */
  readonly levels: number;
  /** False when the book is too thin: the amounts are then what it holds. */
  readonly complete: boolean;
  readonly fee: { readonly amount: number; readonly currency: string };
}

/** A side walked so far, in all three units. */
interface Fill {
  base: number;
  quote: number;
  contracts: number;
  worst: number;
  levels: number;
}

type Unit = 'base' | 'quote' | 'contracts';

/** What a size at a price is worth in each unit; `contractSize` is base per contract, or quote per contract on inverse. */
function worth(price: number, contracts: number, contractSize: number, inverse: boolean): Record<Unit, number> {
  const value = contracts * contractSize;
  return inverse ? { base: value / price, quote: value, contracts } : { base: value, quote: value * price, contracts };
}

function walk(book: BookReader, instrument: Instrument, side: 'bid' | 'ask', unit: Unit, wanted: number): Fill {
  const contractSize = Number(instrument.contractSize);
  const fill: Fill = { base: 0, quote: 0, contracts: 0, worst: Number.NaN, levels: 0 };
  let left = wanted;
  book.forEachLevel(side, (price, size) => {
    const level = worth(price, size, contractSize, instrument.inverse === true);
    const share = Math.min(1, left / level[unit]);
    fill.base += share * level.base;
    fill.quote += share * level.quote;
    fill.contracts += share * level.contracts;
    fill.worst = price;
    fill.levels++;
    left = share < 1 ? 0 : left - level[unit];
    return left > 0;
  });
  return fill;
}

function amountOf(request: ImpactRequest): [unit: Unit, amount: number] {
  const unit = (['base', 'quote', 'contracts'] as const).find((name) => request[name] !== undefined) ?? 'base';
  const amount = request[unit];
  if (amount !== undefined && amount > 0 && Number.isFinite(amount)) return [unit, amount];
  throw new SpeedError(
    'invalid-request',
    `price impact needs a positive amount in base, quote or contracts; got ${unit} = ${amount}`,
  );
}

function midOf(book: BookReader): number | null {
  const { bestBid, bestAsk } = book;
  return bestBid === null || bestAsk === null ? null : (bestBid + bestAsk) / 2;
}

/** Fees of linear contracts and spot are paid in quote (or its settle currency), those of inverse ones in base. */
function feeOf(instrument: Instrument, fill: Fill, rate: number): PriceImpact['fee'] {
  const amount = rate * (instrument.inverse ? fill.base : fill.quote);
  return { amount, currency: instrument.settle ?? instrument.quote };
}

/**
 * Walks the book as a taker's order of that size would. Linear, inverse and spot instruments alike.
 * @throws SpeedError `unavailable` when the book is not live (unless `allowStale`), `invalid-request` on a bad amount
 */
export function priceImpact(book: BookReader, instrument: Instrument, request: ImpactRequest): PriceImpact {
  const { state } = book.status();
  if (state !== 'live' && !request.allowStale) {
    throw new SpeedError(
      'unavailable',
      `the book of ${instrument.symbol} is ${state}; wait until it is live, or pass allowStale`,
    );
  }
  const [unit, wanted] = amountOf(request);
  const buy = request.side === 'buy';
  const fill = walk(book, instrument, buy ? 'ask' : 'bid', unit, wanted);
  const midPrice = midOf(book);
  const averagePrice = fill.levels > 0 ? fill.quote / fill.base : null;
  const cost = midPrice === null || averagePrice === null ? null : ((averagePrice - midPrice) / midPrice) * 100;
  return {
    averagePrice,
    worstPrice: fill.levels > 0 ? fill.worst : null,
    midPrice,
    impactPercent: cost === null ? null : buy ? cost : -cost,
    baseAmount: fill.base,
    quoteAmount: fill.quote,
    contracts: fill.contracts,
    levels: fill.levels,
    complete: fill[unit] >= wanted * (1 - 1e-12),
    fee: feeOf(instrument, fill, request.feeRate ?? 0),
  };
}
