import type { SelfTrade } from '../engine/types.js';
import type { Random } from '../random.js';
import { Position } from './position.js';
import type { Terms } from './terms.js';
import type { Leg, UserOrder, UserOrderRef } from './types.js';

/** What a client logs in with. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  /** Only where the venue has one. */
  readonly password?: string;
}

/** Money of one asset. `locked` is the part held for open orders. */
export interface AccountBalance {
  readonly asset: string;
  readonly total: bigint;
  readonly locked: bigint;
}

/** An open order with its hold; the account's own, changeable record. */
export type OrderRecord = { -readonly [K in keyof UserOrder]: UserOrder[K] } & {
  hold: bigint;
  /** Its part of a {@link Workload}. */
  workload: bigint;
  readonly selfTrade?: SelfTrade | undefined;
  /** Ticks; market orders take nothing beyond. */
  readonly bound?: number | undefined;
};

/** What the open orders of one symbol and leg could add to its position: values, summed up as orders come and go. */
export interface Workload {
  readonly terms: Terms;
  readonly leg: Leg;
  buys: bigint;
  sells: bigint;
}

const DEFAULT_LEVERAGE = 20;

/** What one client owns at one venue. It only keeps; whoever changes it writes the ledger. */
export class Account {
  hedgeMode = false;
  /** PEM of the key that signs in place of the secret, where a client registered one. */
  publicKey: string | undefined;
  readonly #balances = new Map<string, { total: bigint; locked: bigint }>();
  readonly #positions = new Map<string, Position>();
  readonly #orders = new Map<string, OrderRecord>();
  readonly #open = new Set<OrderRecord>();
  readonly #workloads = new Map<string, Workload>();
  readonly #latestByClientId = new Map<string, OrderRecord>();
  readonly #leverage = new Map<string, number>();
  readonly #isolated = new Set<string>();

  constructor(
    readonly id: string,
    readonly credentials: Credentials,
  ) {}

  get balances(): readonly AccountBalance[] {
    return [...this.#balances].map(([asset, { total, locked }]) => ({ asset, total, locked }));
  }

  balance(asset: string): AccountBalance {
    const { total, locked } = this.#balances.get(asset) ?? { total: 0n, locked: 0n };
    return { asset, total, locked };
  }

  free(asset: string): bigint {
    const { total, locked } = this.balance(asset);
    return total - locked;
  }

  /** Adds to total and locked. @returns the balance afterwards */
  credit(asset: string, change: bigint, locked: bigint): AccountBalance {
    const before = this.balance(asset);
    const after = { total: before.total + change, locked: before.locked + locked };
    this.#balances.set(asset, after);
    return { asset, ...after };
  }

  /** Positions that were ever open. */
  get positions(): readonly Position[] {
    return [...this.#positions.values()];
  }

  /** The position of a symbol and leg, if there ever was one. */
  findPosition(symbol: string, leg: Leg): Position | undefined {
    return this.#positions.get(`${symbol}/${leg}`);
  }

  position(terms: Terms, leg: Leg): Position {
    const key = `${terms.symbol}/${leg}`;
    let position = this.#positions.get(key);
    if (!position) {
      position = new Position(terms, leg);
      this.#positions.set(key, position);
    }
    return position;
  }

  leverage(symbol: string): number {
    return this.#leverage.get(symbol) ?? DEFAULT_LEVERAGE;
  }

  setLeverage(symbol: string, leverage: number): void {
    this.#leverage.set(symbol, leverage);
  }

  /** Whether positions of a symbol have a wallet of their own, instead of the whole balance behind them. */
  isIsolated(symbol: string): boolean {
    return this.#isolated.has(symbol);
  }

  setIsolated(symbol: string, on: boolean): void {
    if (on) this.#isolated.add(symbol);
    else this.#isolated.delete(symbol);
  }

  /** Every order ever taken, oldest first. */
  get orders(): readonly UserOrder[] {
    return [...this.#orders.values()];
  }

  /** Open orders, oldest first; of one symbol or of all. */
  openOrders(symbol?: string): readonly OrderRecord[] {
    const open = [...this.#open];
    return symbol === undefined ? open : open.filter((order) => order.symbol === symbol);
  }

  get workloads(): Iterable<Workload> {
    return this.#workloads.values();
  }

  /** Puts what an order could add to a position in place of what it could before. */
  setWorkload(order: OrderRecord, terms: Terms, value: bigint): void {
    const change = value - order.workload;
    if (change === 0n) return;
    order.workload = value;
    const key = `${terms.symbol}/${order.leg}`;
    const sum = this.#workloads.get(key) ?? { terms, leg: order.leg, buys: 0n, sells: 0n };
    sum[order.side === 'buy' ? 'buys' : 'sells'] += change;
    this.#workloads.set(key, sum);
  }

  /** The order with this id, else the latest with this client order id. */
  order(ref: UserOrderRef): OrderRecord | undefined {
    if (ref.id !== undefined) return this.#orders.get(`${ref.symbol}/${ref.id}`);
    return ref.clientId === undefined ? undefined : this.#latestByClientId.get(`${ref.symbol}/${ref.clientId}`);
  }

  /** True while an open order has this client order id. */
  uses(clientId: string): boolean {
    for (const order of this.#open) if (order.clientId === clientId) return true;
    return false;
  }

  keep(order: OrderRecord): void {
    this.#orders.set(`${order.symbol}/${order.id}`, order);
    this.#latestByClientId.set(`${order.symbol}/${order.clientId}`, order);
    this.#open.add(order);
  }

  /** Gives an order another client order id; the old one names it no longer. */
  rename(order: OrderRecord, clientId: string): void {
    this.#latestByClientId.delete(`${order.symbol}/${order.clientId}`);
    order.clientId = clientId;
    this.#latestByClientId.set(`${order.symbol}/${clientId}`, order);
  }

  finish(order: OrderRecord): void {
    this.#open.delete(order);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A text of letters and digits. */
export function drawText(random: Random, length: number): string {
  return Array.from({ length }, () => ALPHABET[random.integer(0, ALPHABET.length - 1)]).join('');
}
