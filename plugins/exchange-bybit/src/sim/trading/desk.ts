import type { Account, Accounts, LedgerEntry, Market, UserOrder } from '@speed-protocol/simulator';
import { categoryOf } from '../listing.js';
import type { RouteContext } from '../rest/route.js';
import type { MarketText } from '../text.js';

export type FillRecord = Extract<LedgerEntry, { kind: 'fill' }>;

/** What an order said that has no meaning to the market. */
export interface WireDetails {
  readonly timeInForce: string;
  readonly marketUnit: string;
  /** Whether the client named it itself. */
  readonly named: boolean;
  readonly [key: string]: string | number | boolean;
}

/** Names an order of an account. */
export interface OrderName {
  readonly orderId?: string | undefined;
  readonly orderLinkId?: string | undefined;
}

/** The trading half of the venue: its accounts, and what it remembers of them. */
export class TradingDesk {
  readonly #fills = new Map<string, FillRecord[]>();
  readonly #ghosts = new Map<string, UserOrder[]>();
  readonly #ghostListeners = new Set<(order: UserOrder) => void>();
  /** Accounts whose margin is isolated: the mode is the whole account's. */
  readonly #isolated = new Set<string>();
  #lastGhost = 0;

  constructor(
    readonly context: RouteContext,
    readonly accounts: Accounts,
  ) {
    accounts.ledger.subscribe((entry) => {
      if (entry.kind === 'fill') this.#remember(entry);
    });
  }

  now(): number {
    return this.context.now();
  }

  /** The market of an order's key. */
  market(key: string): Market {
    return this.context.venue.market(key) as Market;
  }

  text(key: string): MarketText {
    return this.context.texts.of(this.market(key));
  }

  categoryOf(key: string): string {
    return categoryOf(this.market(key).listing);
  }

  /** Fills of an account, oldest first. */
  fills(account: string): readonly FillRecord[] {
    return this.#fills.get(account) ?? [];
  }

  fillsOf({ account, symbol, id }: UserOrder): readonly FillRecord[] {
    return this.fills(account).filter((fill) => fill.symbol === symbol && fill.orderId === id);
  }

  /** Every order of an account, those included that never were on a book; oldest first. */
  orders(account: Account): readonly UserOrder[] {
    return [...account.orders, ...this.ghosts(account.id)].sort((a, b) => a.createdAt - b.createdAt);
  }

  /** The order that a request names: by the venue's id, else the latest with the client's. */
  order(account: Account, symbol: string, name: OrderName): UserOrder | undefined {
    return this.orders(account).findLast((order) => order.symbol === symbol && isNamed(order, name));
  }

  ghosts(account: string): readonly UserOrder[] {
    return this.#ghosts.get(account) ?? [];
  }

  /** A post-only order that would have taken: acknowledged, and canceled by the venue without having been on the book. */
  addGhost(order: Omit<UserOrder, 'id'>): UserOrder {
    const ghost = { ...order, id: 9_000_000_000 + ++this.#lastGhost };
    this.#ghosts.set(order.account, [...this.ghosts(order.account), ghost]);
    for (const listener of this.#ghostListeners) listener(ghost);
    return ghost;
  }

  onGhost(listener: (order: UserOrder) => void): void {
    this.#ghostListeners.add(listener);
  }

  isIsolated(account: Account): boolean {
    return this.#isolated.has(account.id);
  }

  /** Of all contracts: those with orders and positions keep what they have until these are gone. */
  setIsolated(account: Account, on: boolean): void {
    if (on) this.#isolated.add(account.id);
    else this.#isolated.delete(account.id);
    for (const { listing } of this.context.venue.markets) this.applyMarginMode(account, listing.key ?? listing.venueSymbol);
  }

  applyMarginMode(account: Account, symbol: string): void {
    if (account.isIsolated(symbol) !== this.isIsolated(account)) {
      this.accounts.setIsolated(account, symbol, this.isIsolated(account));
    }
  }

  #remember(fill: FillRecord): void {
    const fills = this.#fills.get(fill.account) ?? [];
    this.#fills.set(fill.account, fills);
    fills.push(fill);
  }
}

export function isNamed({ id, clientId }: UserOrder, { orderId, orderLinkId }: OrderName): boolean {
  return orderId === undefined ? clientId === orderLinkId : String(id) === orderId;
}
