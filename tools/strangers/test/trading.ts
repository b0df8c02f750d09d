import type { LedgerEntry, RunningSimulator } from '@speed-protocol/simulator';
import { expect } from 'vitest';

/** What is traded where: a size that fills at once, and decimals of a price. */
export const TRADED = {
  binance: { symbol: 'BTCUSDT', unified: 'BTC/USDT', size: 0.02, tick: 2 },
  binanceusdm: { symbol: 'BTCUSDT', unified: 'BTC/USDT:USDT', size: 0.02, tick: 1 },
  binancecoinm: { symbol: 'BTCUSD_PERP', unified: 'BTC/USD:BTC', size: 20, tick: 1 },
} as const;
export type TradedVenue = keyof typeof TRADED;
export const TRADED_VENUES = Object.keys(TRADED) as TradedVenue[];

export interface Keys {
  readonly apiKey: string;
  readonly secret: string;
}

/** An account of its own for a test, opened on the control port as anybody would. */
export async function openAccount(sim: RunningSimulator, venue: string, name: string, publicKey?: string): Promise<Keys> {
  const body = JSON.stringify({ venue, name, publicKey });
  const response = await fetch(`${sim.controlUrl}/__sim/accounts`, { method: 'POST', body });
  expect(response.status).toBe(200);
  return ((await response.json()) as { credentials: Keys }).credentials;
}

/** A price some percent below the best bid: a buy that rests. */
export function restingPrice(sim: RunningSimulator, venue: TradedVenue): number {
  const { bids } = sim.oracle.book(venue, TRADED[venue].unified);
  return Number((bids[0]![0] * 0.97).toFixed(TRADED[venue].tick));
}

/** A fill as a client tells of it, in numbers. */
export interface SeenFill {
  readonly id: string;
  readonly orderId: string;
  readonly price: number;
  readonly size: number;
  readonly fee: number;
}

type FillEntry = Extract<LedgerEntry, { kind: 'fill' }>;

export function ledgerFills(sim: RunningSimulator, venue: TradedVenue, account: string): SeenFill[] {
  const fills = sim.accounts(venue).ledger.entries.filter((e): e is FillEntry => e.kind === 'fill' && e.account === account);
  return fills.map(({ tradeId, orderId, symbol, price, size, fee }) => {
    const { grid } = sim.oracle.market(venue, symbol);
    const [id, order] = [String(tradeId), String(orderId)];
    return { id, orderId: order, price: grid.price(price), size: grid.size(size), fee: Number(fee) / 1e8 };
  });
}

/** Holds what a client has seen against the ledger: the same fills, in the same order, to the last digit. */
export function expectFills(sim: RunningSimulator, venue: TradedVenue, account: string, seen: readonly SeenFill[]): void {
  const truth = ledgerFills(sim, venue, account);
  expect(truth.length).toBeGreaterThan(0);
  expect(seen).toEqual(truth);
}

/** How an account's orders ended, oldest first: client order id and status. */
export function ledgerOrders(sim: RunningSimulator, venue: TradedVenue, account: string): (readonly [string, string])[] {
  const { orders } = sim.accounts(venue).get(account)!;
  return orders.map(({ clientId, status }) => [clientId, status] as const);
}

/** Total of an asset, as a number. */
export function ledgerBalance(sim: RunningSimulator, venue: TradedVenue, account: string, asset: string): number {
  return Number(sim.accounts(venue).get(account)!.balance(asset).total) / 1e8;
}

/** Things that come one by one, to be waited for. */
export class Inbox<T> {
  readonly items: T[] = [];
  #wake = () => {};

  readonly push = (item: T): void => {
    this.items.push(item);
    this.#wake();
  };

  /** Resolves with everything so far once the condition holds for it. */
  async until(condition: (items: readonly T[]) => boolean): Promise<readonly T[]> {
    while (!condition(this.items)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.items;
  }
}
