import type { RunningSimulator } from '@speed-protocol/simulator';
import { expect } from 'vitest';

/** The engine's number in one of the venue's ids. */
export const numberIn = (id: unknown): number => Number(String(id).slice(String(id).lastIndexOf('-') + 1));

/** A fill as it stands in the ledger, in numbers. */
export interface Fill {
  readonly id: number;
  readonly order: number;
  readonly side: 'buy' | 'sell';
  readonly takerOrMaker: 'taker' | 'maker';
  readonly price: number;
  /** Dollars where a contract settles in its coin. */
  readonly amount: number;
  readonly fee: { readonly currency: string; readonly cost: number };
}

/** Fills of an account, oldest first. */
export function ledgerFills(sim: RunningSimulator, symbol: string, account = 'default'): Fill[] {
  const { grid, listing } = sim.oracle.market('deribit', symbol);
  return sim.accounts('deribit').ledger.entries.flatMap((entry) => {
    if (entry.kind !== 'fill' || entry.account !== account || entry.symbol !== listing.venueSymbol) return [];
    const fee = { currency: entry.feeAsset, cost: Number(entry.fee) / 1e8 };
    const numbers = { price: grid.price(entry.price), amount: grid.size(entry.size), fee };
    return [{ id: entry.tradeId, order: entry.orderId, side: entry.side, takerOrMaker: entry.liquidity, ...numbers }];
  });
}

/** A message of a book channel. */
export interface BookChange {
  readonly type: 'snapshot' | 'change';
  readonly instrument_name: string;
  readonly change_id: number;
  readonly prev_change_id?: number;
  readonly bids: readonly (readonly [action: string, price: number, amount: number])[];
  readonly asks: readonly (readonly [action: string, price: number, amount: number])[];
}

/** The venue's recipe for a local book and nothing more, for a client that hands out messages but keeps no book. */
export class RecipeBook {
  readonly #sides = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  changeId = Number.NaN;
  changes = 0;

  take(change: BookChange): void {
    if (change.type === 'snapshot') for (const side of Object.values(this.#sides)) side.clear();
    else expect(change.prev_change_id).toBe(this.changeId);
    this.changeId = change.change_id;
    this.changes++;
    for (const name of ['bids', 'asks'] as const) {
      const side = this.#sides[name];
      for (const [action, price, amount] of change[name]) {
        // What is new was not there; what changes or goes was.
        expect([action, side.has(price)]).toEqual([action, action !== 'new']);
        if (action === 'delete') side.delete(price);
        else side.set(price, amount);
      }
    }
  }

  levels() {
    const sorted = (side: Map<number, number>, sign: number) => [...side].sort((x, y) => sign * (x[0] - y[0]));
    return { bids: sorted(this.#sides.bids, -1), asks: sorted(this.#sides.asks, 1) };
  }
}

/** A trade as a public channel tells it. */
export interface TradeRow {
  readonly trade_id: string;
  readonly instrument_name: string;
  readonly price: number;
  readonly amount: number;
  readonly direction: 'buy' | 'sell';
}

/** Holds a trade that somebody was told of against the tape. */
export function expectOnTape(sim: RunningSimulator, { trade_id, instrument_name, price, amount, direction }: TradeRow): void {
  const { tape, grid } = sim.oracle.market('deribit', instrument_name);
  const truth = tape.trades.find(({ id }) => id === numberIn(trade_id))!;
  expect([price, amount, direction]).toEqual([grid.price(truth.price), grid.size(truth.size), truth.side]);
}
