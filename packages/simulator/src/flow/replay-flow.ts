import type { Side } from '../engine/types.js';
import type { Market } from '../market/market.js';
import type { ReplayEvent } from './replay.js';

const OWNER = 'replay';
const SIDES = [
  ['buy', 'bids'],
  ['sell', 'asks'],
] as const;

/** What a replay did to one market. */
export interface ReplayCounts {
  snapshots: number;
  deltas: number;
  trades: number;
  /** Levels and trades that lie off the listing's grid and were left out. */
  offGrid: number;
}

/**
 * Captured levels as resting liquidity: one order per level, owned by nobody, so that other orders can trade with it.
 * Captured trades are told of on the tape; what they did to the book is in the captured levels.
 */
export class ReplayFlow {
  readonly counts: ReplayCounts = { snapshots: 0, deltas: 0, trades: 0, offGrid: 0 };
  readonly #market: Market;
  /** Order ids by level. */
  readonly #orders = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  #sequence = -1;
  #tradeId: number;

  constructor(market: Market) {
    this.#market = market;
    this.#tradeId = market.random.integer(1e8, 2e8);
  }

  apply(event: ReplayEvent): void {
    if (event.kind === 'trade') this.#trade(event);
    else if (event.kind === 'snapshot') this.#snapshot(event);
    else if (event.sequence === null || event.sequence > this.#sequence) this.#delta(event);
  }

  #snapshot(event: Extract<ReplayEvent, { kind: 'snapshot' | 'levels' }>): void {
    this.counts.snapshots++;
    this.#sequence = event.sequence ?? this.#sequence;
    this.#market.batch(() => {
      for (const [side, key] of SIDES) {
        const named = new Set(event[key].map(([price]) => this.#market.grid.exactTicks(price)));
        for (const price of [...this.#orders[side].keys()]) if (!named.has(price)) this.#set(side, price, 0);
      }
      this.#setAll(event);
    });
  }

  #delta(event: Extract<ReplayEvent, { kind: 'snapshot' | 'levels' }>): void {
    this.counts.deltas++;
    this.#sequence = event.sequence ?? this.#sequence;
    this.#market.batch(() => this.#setAll(event));
  }

  /** Removals first: within one captured message the book may cross only if they came last. */
  #setAll(event: Extract<ReplayEvent, { kind: 'snapshot' | 'levels' }>): void {
    for (const removing of [true, false]) {
      for (const [side, key] of SIDES) {
        for (const [price, size] of event[key]) {
          if ((Number(size) === 0) === removing) this.#setText(side, price, size);
        }
      }
    }
  }

  #setText(side: Side, price: string, size: string): void {
    const ticks = this.#market.grid.exactTicks(price);
    const lots = this.#market.grid.exactLots(size);
    if (ticks === undefined || lots === undefined) this.counts.offGrid++;
    else this.#set(side, ticks, lots);
  }

  #set(side: Side, price: number, size: number): void {
    const orders = this.#orders[side];
    const id = orders.get(price);
    const resting = id === undefined ? undefined : this.#market.engine.order(id);
    if (size === 0 || !resting) {
      if (id !== undefined) this.#market.cancel(id);
      orders.delete(price);
    }
    if (size === 0) return;
    if (resting) {
      // What others have taken of the level is part of the order's size.
      this.#market.amend(resting.id, { size: resting.size - resting.remaining + size });
      return;
    }
    this.#clear(side, price);
    const submission = this.#market.submit({ owner: OWNER, side, price, size });
    if (submission.resting > 0) orders.set(price, submission.orderId);
  }

  /** Takes captured levels away that this one would trade with: the venue's own message proves them gone. */
  #clear(side: Side, limit: number): void {
    const other = side === 'buy' ? 'sell' : 'buy';
    const opposite = this.#market.engine.sideOf(other);
    for (let best = opposite.best; best && opposite.crossedBy(limit); best = opposite.best) {
      const id = this.#orders[other].get(best.price);
      if (id === undefined || this.#market.cancel(id) === undefined) return;
      this.#orders[other].delete(best.price);
    }
  }

  #trade({ price, size, side }: Extract<ReplayEvent, { kind: 'trade' }>): void {
    const ticks = this.#market.grid.exactTicks(price);
    const lots = this.#market.grid.exactLots(size);
    if (ticks === undefined || !lots) {
      this.counts.offGrid++;
      return;
    }
    this.counts.trades++;
    const id = this.#tradeId++;
    const time = Math.floor(this.#market.now());
    const parties = { takerOrderId: 0, makerOrderId: 0, taker: OWNER, maker: OWNER };
    this.#market.report({ id, price: ticks, size: lots, side, time, ...parties });
  }
}
