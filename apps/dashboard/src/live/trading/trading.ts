import type { RelistEvent } from '@speed-protocol/client';
import type { AccountEvent, OrderView } from '@speed-protocol/protocol';
import type { Cell } from '../cell.js';
import type { Gateway } from '../gateway.js';
import { LiveAccount } from './live-account.js';
import type { Wish } from './ticket.js';

const KEY = 'speed.account';
const LISTED = 200;
/** Accounts that are being opened are asked for again after this, ms. */
const OPENING_MS = 1000;

/** The user's accounts: listed, then kept by their events. Commands go through here. */
export class Trading {
  /** By name; `null` until the server has told them. */
  accounts: ReadonlyMap<string, LiveAccount> | null = null;
  /** Why there are none. */
  problem: string | null = null;
  /** The order whose profit is drawn. */
  drawn: string | null = null;

  constructor(
    private readonly gateway: Gateway,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'>,
    readonly cell: Cell,
    private readonly later: (ms: number, run: () => void) => void,
  ) {}

  start(): void {
    this.gateway.followAccounts((event) => this.#hear(event));
  }

  /** The accounts of a venue, the one that was used last first. */
  of(venue: string): readonly LiveAccount[] {
    const all = [...(this.accounts?.values() ?? [])].filter((account) => account.view.venue === venue);
    const last = this.storage.getItem(`${KEY}.${venue}`);
    return all.sort((a, b) => Number(b.view.account === last) - Number(a.view.account === last));
  }

  choose(venue: string, account: string): void {
    this.storage.setItem(`${KEY}.${venue}`, account);
    this.cell.touch();
  }

  /** Sends an order. @param ref the page's own name of it: sent twice, it is placed once */
  async place(account: LiveAccount, wish: Wish, ref: string): Promise<OrderView> {
    const { order } = await this.gateway.call('place', { account: account.view.account, ...wish, ref });
    // Its events may have said more by now.
    if (!account.orders.has(order.clientOrderId)) account.apply({ type: 'order', seq: 0, account: order.account, order });
    this.watch(account, order.clientOrderId);
    this.cell.touch();
    return order;
  }

  async cancel({ account, clientOrderId }: OrderView): Promise<string | null> {
    const { outcome } = await this.gateway.call('cancel', { account, clientOrderId });
    return outcome.status === 'accepted' ? null : (outcome.reason ?? outcome.status);
  }

  /** @returns how many orders are left that should be gone */
  async cancelAll({ view }: LiveAccount, symbol?: string): Promise<number> {
    const { left } = await this.gateway.call('cancel_all', { account: view.account, ...(symbol !== undefined && { symbol }) });
    return left.length;
  }

  async kill({ view }: LiveAccount, on: boolean): Promise<void> {
    const { account } = await this.gateway.call('kill_switch', { account: view.account, on, reason: 'from the dashboard' });
    const live = this.accounts?.get(account.account);
    if (live) live.view = account;
    this.cell.touch();
  }

  /** Follows the profit of an order as soon as something of it is filled, and draws it. */
  watch(account: LiveAccount, clientOrderId: string): void {
    account.watch(clientOrderId);
    this.drawn = clientOrderId;
    this.#askPnl(account, clientOrderId);
    this.cell.touch();
  }

  draw(clientOrderId: string): void {
    this.drawn = clientOrderId;
    this.cell.touch();
  }

  /** Asks the venue what is held: marks and liquidation prices are in no event. */
  async refreshHoldings(live: LiveAccount): Promise<void> {
    const { account, venue } = live.view;
    try {
      const [{ positions }, { balances }] = await Promise.all([
        this.gateway.call('positions', { account }),
        this.gateway.call('balances', { account }),
      ]);
      live.listHoldings(positions, balances);
      live.problem = null;
    } catch (error) {
      live.problem = `${venue}: ${(error as Error).message}`;
    }
    this.cell.touch();
  }

  #hear(event: AccountEvent | RelistEvent): void {
    if (event.type === 'relist') return void this.#list();
    const live = this.accounts?.get(event.account);
    if (!live) return;
    live.apply(event);
    if (event.type === 'fill') this.#onFill(live, event.fill.clientOrderId);
    this.cell.touch();
  }

  /** What was asked to be watched before anything of it was filled can be watched now. */
  #onFill(live: LiveAccount, clientOrderId: string | null): void {
    const series = clientOrderId === null ? undefined : live.pnl.get(clientOrderId);
    if (series && !series.latest) this.#askPnl(live, series.clientOrderId);
  }

  /** Everything again: what was known may have holes. */
  async #list(): Promise<void> {
    try {
      const { accounts } = await this.gateway.call('accounts', {});
      const known = this.accounts;
      this.accounts = new Map(
        accounts.map((view) => [view.account, Object.assign(known?.get(view.account) ?? new LiveAccount(view), { view })]),
      );
      this.problem = null;
      for (const live of this.accounts.values()) void this.#open(live);
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.cell.touch();
  }

  async #open(live: LiveAccount): Promise<void> {
    const { account } = live.view;
    try {
      const [{ orders }, { fills }] = await Promise.all([
        this.gateway.call('orders', { account, limit: LISTED }),
        this.gateway.call('fills', { account, limit: LISTED }),
      ]);
      live.list(orders, fills);
      live.view = { ...live.view, state: 'ready', reason: null };
      for (const clientOrderId of live.pnl.keys()) this.#askPnl(live, clientOrderId);
      await this.refreshHoldings(live);
    } catch (error) {
      live.problem = (error as Error).message;
      // A cut is followed by a new list; the rest may pass.
      if (this.gateway.connected) this.later(OPENING_MS, () => void this.#open(live));
    }
    this.cell.touch();
  }

  #askPnl(live: LiveAccount, clientOrderId: string): void {
    const series = live.watch(clientOrderId);
    if (series.latest && !series.latest.open) return;
    this.gateway.call('watch_pnl', { account: live.view.account, clientOrderId }).catch((error: unknown) => {
      series.problem = (error as Error).message;
      this.cell.touch();
    });
  }
}
