import { type Account, Hub, type LedgerEntry, type UserOrder } from '@speed-protocol/simulator';
import { executionRow, orderRow, positionRow, walletRow } from '../trading/bodies.js';
import type { FillRecord, TradingDesk } from '../trading/desk.js';

/** Hears the messages of one account. */
export interface PrivateListener {
  hear(topic: string, rows: readonly Row[]): void;
}

export interface Row {
  readonly category?: unknown;
}

/** Topics of an account: of all products together, or of one. */
export const PRIVATE_TOPIC = /^(order|execution|position|wallet|greeks|dcp)(\.(spot|linear|inverse|option|future|fast))?$/;

/**
 * What happens to accounts, from the ledger: order, execution, position and wallet in frames of their own. It leaves once the
 * request that caused it has been answered: an answer goes out before what follows from it, as on the venue.
 */
export class PrivateFeed {
  readonly #hub = new Hub<PrivateListener>();
  #waiting: (() => void)[] = [];

  constructor(
    private readonly desk: TradingDesk,
    private readonly silenced: (order: UserOrder, filled: boolean) => boolean,
  ) {
    desk.accounts.ledger.listen((entries) => this.#hear(entries));
    desk.onGhost((order) => this.#tell(order.account, 'order', [orderRow(desk, order)]));
  }

  add(account: string, listener: PrivateListener): void {
    this.#hub.add(account, listener);
  }

  remove(account: string, listener: PrivateListener): void {
    this.#hub.remove(account, listener);
  }

  #hear(entries: readonly LedgerEntry[]): void {
    const id = entries[0]!.account;
    const account = this.#hub.has(id) ? this.desk.accounts.get(id) : undefined;
    if (!account) return;
    const fills = entries.filter((entry): entry is FillRecord => entry.kind === 'fill');
    const order = entries.findLast((entry) => entry.kind === 'order')?.order;
    if (order && this.silenced(order, fills.length > 0)) return;
    if (order) this.#tell(id, 'order', [orderRow(this.desk, order)]);
    if (fills.length > 0) {
      this.#tell(
        id,
        'execution',
        fills.map((fill) => executionRow(this.desk, fill)),
      );
    }
    this.#tellPositions(account, entries, order);
    const assets = new Set(entries.flatMap((entry) => (entry.kind === 'balance' ? [entry.asset] : [])));
    if (assets.size > 0) this.#tell(id, 'wallet', [walletRow(this.desk, account, [...assets])]);
  }

  /** Positions that moved, and those that an order has been placed, changed or ended for, moved or not. */
  #tellPositions(account: Account, entries: readonly LedgerEntry[], order: UserOrder | undefined): void {
    const moved = new Set(entries.flatMap((entry) => (entry.kind === 'position' ? [`${entry.symbol}/${entry.leg}`] : [])));
    if (order) moved.add(`${order.symbol}/${order.leg}`);
    const rows = account.positions
      .filter(({ terms, leg }) => moved.has(`${terms.symbol}/${leg}`))
      .map((position) => positionRow(this.desk, account, position, 'entryPrice'));
    if (rows.length > 0) this.#tell(account.id, 'position', rows);
  }

  #tell(account: string, topic: string, rows: readonly Row[]): void {
    const listeners = [...this.#hub.of(account)];
    if (listeners.length === 0) return;
    this.#defer(() => {
      for (const listener of listeners) listener.hear(topic, rows);
    });
  }

  /** Runs something after what waits already, when the running request has been answered. */
  #defer(act: () => void): void {
    if (this.#waiting.push(act) > 1) return;
    queueMicrotask(() => {
      const due = this.#waiting;
      this.#waiting = [];
      for (const each of due) each();
    });
  }
}
