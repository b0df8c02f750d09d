import { type Account, Hub, type LedgerEntry, type UserOrder } from '@speed-protocol/simulator';
import { balanceDetail, balanceRow, orderRow, positionRow } from '../trading/bodies.js';
import type { FillRecord, TradingDesk } from '../trading/desk.js';

/** What a private subscription asks for. */
export interface PrivateArgument {
  readonly channel: string;
  readonly instType?: string;
  readonly instFamily?: string;
  readonly instId?: string;
  readonly ccy?: string;
}

/** Hears the messages of one account. */
export interface PrivateListener {
  hear(channel: string, rows: readonly Row[]): void;
}

export interface Row {
  readonly instType?: unknown;
  readonly instId?: unknown;
}

export const PRIVATE_CHANNELS: ReadonlySet<string> = new Set(['orders', 'account', 'positions', 'balance_and_position']);

/**
 * What happens to accounts, from the ledger. It leaves once the request that caused it has been answered: an answer goes out
 * before what follows from it, as on the venue.
 */
export class PrivateFeed {
  readonly #hub = new Hub<PrivateListener>();
  #waiting: (() => void)[] = [];

  constructor(
    private readonly desk: TradingDesk,
    private readonly silenced: (order: UserOrder, filled: boolean) => boolean,
  ) {
    desk.accounts.ledger.listen((entries) => this.#hear(entries));
  }

  add(account: string, listener: PrivateListener): void {
    this.#hub.add(account, listener);
  }

  remove(account: string, listener: PrivateListener): void {
    this.#hub.remove(account, listener);
  }

  /** What a channel begins with; orders begin with nothing. */
  first(account: Account, channel: string): readonly Row[] {
    if (channel === 'account') return [balanceRow(this.desk, account)];
    if (channel !== 'positions') return [];
    return account.positions.filter(({ size }) => size !== 0).map((position) => positionRow(this.desk, account, position));
  }

  #hear(entries: readonly LedgerEntry[]): void {
    const account = this.#heard(entries[0]!.account);
    if (!account) return;
    const fills = entries.filter((entry): entry is FillRecord => entry.kind === 'fill');
    const order = entries.findLast((entry) => entry.kind === 'order')?.order;
    if (order && this.silenced(order, fills.length > 0)) return;
    if (order) this.#tellOrder(order, fills);
    this.#tellBalances(account, entries);
    this.#tellPositions(account, entries);
  }

  #heard(id: string): Account | undefined {
    return this.#hub.has(id) ? this.desk.accounts.get(id) : undefined;
  }

  /** One row for each fill, or one for a change without. */
  #tellOrder(order: UserOrder, fills: readonly FillRecord[]): void {
    const account = this.#heard(order.account);
    if (!account) return;
    const events = fills.length > 0 ? fills : [undefined];
    for (const fill of events) this.#tell(order.account, 'orders', [orderRow(this.desk, account, order, fill ?? null)]);
  }

  #tellBalances(account: Account, entries: readonly LedgerEntry[]): void {
    const assets = new Set(entries.flatMap((entry) => (entry.kind === 'balance' ? [entry.asset] : [])));
    if (assets.size === 0) return;
    this.#tell(account.id, 'account', [balanceRow(this.desk, account, [...assets])]);
    const balData = [...assets].map((ccy) => balanceDetail(this.desk, account, ccy));
    const pTime = String(this.desk.now());
    this.#tell(account.id, 'balance_and_position', [{ pTime, eventType: 'filled', balData, posData: [], trades: [] } as Row]);
  }

  #tellPositions(account: Account, entries: readonly LedgerEntry[]): void {
    const moved = new Set(entries.flatMap((entry) => (entry.kind === 'position' ? [`${entry.symbol}/${entry.leg}`] : [])));
    const rows = account.positions
      .filter(({ terms, leg }) => moved.has(`${terms.symbol}/${leg}`))
      .map((position) => positionRow(this.desk, account, position));
    if (rows.length > 0) this.#tell(account.id, 'positions', rows);
  }

  #tell(account: string, channel: string, rows: readonly Row[]): void {
    const listeners = [...this.#hub.of(account)];
    this.#defer(() => {
      for (const listener of listeners) listener.hear(channel, rows);
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

/** Whether a row belongs to what a subscription asks for. */
export function isAskedFor({ instType, instId }: PrivateArgument, row: Row): boolean {
  const type = instType === undefined || instType === 'ANY' || row.instType === undefined || row.instType === instType;
  return type && (instId === undefined || row.instId === instId);
}
