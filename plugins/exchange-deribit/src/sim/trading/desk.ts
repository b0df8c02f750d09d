import type { Account, Accounts, LedgerEntry, Market, Trade, UserOrder } from '@speed-protocol/simulator';
import { idOf } from '../text.js';

export type FillRecord = Extract<LedgerEntry, { kind: 'fill' }>;

/** What an order said that has no meaning to the market. */
export interface WireDetails {
  readonly label: string;
  readonly order_type: string;
  readonly time_in_force: string;
  readonly reject_post_only: boolean;
  /** The connection that it came over; 0 over HTTP. */
  readonly connection: number;
  readonly [key: string]: string | number | boolean;
}

/** The trading half of the venue: its accounts, and what it remembers of them. */
export class TradingDesk {
  readonly #fills = new Map<string, FillRecord[]>();
  /** Orders by account and the venue's id. */
  readonly #orders = new Map<string, { readonly symbol: string; readonly id: number }>();

  /** Orders that died with their connection. */
  readonly #disconnected = new Set<string>();
  /** Orders that have been changed. */
  readonly #replaced = new Set<string>();

  constructor(
    readonly accounts: Accounts,
    /** @returns the market of an instrument that is listed */
    readonly market: (symbol: string) => Market,
  ) {
    accounts.ledger.subscribe((entry) => {
      if (entry.kind === 'fill') this.#remember(entry);
      if (entry.kind === 'order') this.#note(entry.order);
    });
  }

  /** Fills of an account, oldest first. */
  fills(account: string): readonly FillRecord[] {
    return this.#fills.get(account) ?? [];
  }

  /** The order with one of the venue's ids. */
  order(account: Account, orderId: string): UserOrder | undefined {
    const found = this.#orders.get(`${account.id}/${orderId}`);
    return found && account.order(found);
  }

  /** Orders with a label, which need not be unique; oldest first. */
  labelled(account: Account, label: string): readonly UserOrder[] {
    return account.orders.filter((order) => detailsOf(order).label === label);
  }

  /** Cancels what came over a connection that is gone. */
  cancelOrdersOf(account: Account, connection: number): void {
    for (const order of account.openOrders()) {
      if (detailsOf(order).connection !== connection) continue;
      this.#disconnected.add(keyOf(order));
      this.accounts.cancel(account, order);
    }
  }

  noteReplaced(order: UserOrder): void {
    this.#replaced.add(keyOf(order));
  }

  isReplaced(order: UserOrder): boolean {
    return this.#replaced.has(keyOf(order));
  }

  /** True when an order was cancelled because its connection was lost. */
  isDisconnected(order: UserOrder): boolean {
    return this.#disconnected.has(keyOf(order));
  }

  /** Whose side of a trade was forced: `T`aker, `M`aker; `undefined` when nobody's. */
  liquidated({ listing }: Market, { taker, takerOrderId }: Trade): string | undefined {
    if (taker === 'liquidation') return 'T';
    const order = this.accounts.get(taker)?.order({ symbol: listing.venueSymbol, id: takerOrderId });
    return order?.origin === 'liquidation' ? 'T' : undefined;
  }

  #note({ account, symbol, id }: UserOrder): void {
    this.#orders.set(`${account}/${idOf(this.market(symbol).listing, id)}`, { symbol, id });
  }

  #remember(fill: FillRecord): void {
    const fills = this.#fills.get(fill.account) ?? [];
    this.#fills.set(fill.account, fills);
    fills.push(fill);
  }
}

export function detailsOf({ details }: Pick<UserOrder, 'details'>): WireDetails {
  const usual = { label: '', order_type: 'limit', time_in_force: 'good_til_cancelled', reject_post_only: false, connection: 0 };
  return (details ?? usual) as WireDetails;
}

function keyOf({ account, symbol, id }: UserOrder): string {
  return `${account} ${symbol} ${id}`;
}
