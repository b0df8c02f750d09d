import type { Side, Trade } from '../engine/types.js';

/** Trades of one taker side at one price, taken together. */
export interface AggregateTrade {
  readonly id: number;
  readonly price: number;
  readonly side: Side;
  size: number;
  readonly firstId: number;
  lastId: number;
  readonly time: number;
}

/** Rows kept per market. */
const KEPT = 2000;

export interface TapeOptions {
  readonly firstAggregateId: number;
  /** Trades within this many ms are one aggregate; 0 = those of one taker order only. */
  readonly aggregateMs: number;
  readonly onAggregate: (aggregate: AggregateTrade) => void;
}

/** The latest trades of a market, one by one and aggregated. */
export class Tape {
  readonly trades: Trade[] = [];
  /** Finished aggregates. */
  readonly aggregates: AggregateTrade[] = [];
  readonly #options: TapeOptions;
  #nextId: number;
  #open: AggregateTrade | undefined;
  #openTaker = 0;

  constructor(options: TapeOptions) {
    this.#options = options;
    this.#nextId = options.firstAggregateId;
  }

  get aggregateMs(): number {
    return this.#options.aggregateMs;
  }

  get last(): Trade | undefined {
    return this.trades[this.trades.length - 1];
  }

  add(trade: Trade): void {
    keep(this.trades, trade);
    if (this.#open && !this.#continues(this.#open, trade)) this.close();
    if (this.#open) this.#extend(this.#open, trade);
    else this.#begin(trade);
  }

  /** Ends the open aggregate if its time is over at `now`. */
  closeDue(now: number): void {
    if (this.#open && now - this.#open.time >= this.#options.aggregateMs) this.close();
  }

  /** Ends the open aggregate. */
  close(): void {
    const done = this.#open;
    if (!done) return;
    this.#open = undefined;
    keep(this.aggregates, done);
    this.#options.onAggregate(done);
  }

  /** Trades from an id on, oldest first, at most `limit`; the latest ones without an id. */
  page(limit: number, fromId?: number): readonly Trade[] {
    return pageOf(this.trades, limit, fromId);
  }

  aggregatePage(limit: number, fromId?: number): readonly AggregateTrade[] {
    return pageOf(this.aggregates, limit, fromId);
  }

  #continues(open: AggregateTrade, trade: Trade): boolean {
    if (open.price !== trade.price || open.side !== trade.side) return false;
    if (this.#options.aggregateMs === 0) return this.#openTaker === trade.takerOrderId;
    return trade.time - open.time < this.#options.aggregateMs;
  }

  #begin(trade: Trade): void {
    this.#openTaker = trade.takerOrderId;
    const { price, side, size, id, time } = trade;
    this.#open = { id: this.#nextId++, price, side, size, firstId: id, lastId: id, time };
  }

  #extend(open: AggregateTrade, trade: Trade): void {
    open.size += trade.size;
    open.lastId = trade.id;
  }
}

function keep<T>(rows: T[], row: T): void {
  rows.push(row);
  if (rows.length > 2 * KEPT) rows.splice(0, KEPT);
}

function pageOf<T extends { readonly id: number }>(rows: readonly T[], limit: number, fromId?: number): readonly T[] {
  if (fromId === undefined) return rows.slice(-limit);
  const start = rows.findIndex((row) => row.id >= fromId);
  return start < 0 ? [] : rows.slice(start, start + limit);
}
