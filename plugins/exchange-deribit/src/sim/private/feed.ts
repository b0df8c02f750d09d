import { type Account, Hub, type LedgerEntry, type Position, type UserOrder } from '@speed-protocol/simulator';
import type { RouteContext } from '../rest/route.js';
import { isAskedFor } from '../rows.js';
import { orderRow, positionRow, summaryRow, userTradeRow } from '../trading/bodies.js';
import type { FillRecord } from '../trading/desk.js';

/** Hears the messages of one account. */
export interface PrivateListener {
  readonly channels: ReadonlySet<string>;
  tell(channel: string, data: unknown): void;
}

/** What happened at once. */
interface Happened {
  readonly account: Account;
  readonly order: UserOrder | undefined;
  readonly fills: readonly FillRecord[];
  readonly positions: readonly Position[];
  /** Currencies whose balance has changed. */
  readonly currencies: readonly string[];
}

const OF_INSTRUMENT = /^user\.(orders|trades|changes)\.([A-Z0-9_]+(?:-[A-Za-z0-9]+)*)\.(raw|100ms|agg2)$/;
const OF_KIND = /^user\.(orders|trades|changes)\.(future|option|spot|any)\.([A-Z]+|any)\.(raw|100ms|agg2)$/;
const PORTFOLIO = /^user\.portfolio\.([A-Za-z]+)$/;

/** What a channel is, and whether an instrument belongs to it. */
interface Channel {
  readonly what: string;
  readonly isRaw: boolean;
  readonly currency: string;
  has(symbol: string): boolean;
}

/**
 * What happens to accounts, from the ledger. It leaves once the request that caused it has been answered: an answer goes out
 * before what follows from it, as on the venue.
 */
export class PrivateFeed {
  readonly #hub = new Hub<PrivateListener>();
  #waiting: (() => void)[] = [];

  constructor(
    private readonly context: RouteContext,
    private readonly silenced: (order: UserOrder, filled: boolean) => boolean,
  ) {
    context.desk.accounts.ledger.listen((entries) => this.#hear(entries));
  }

  add(account: string, listener: PrivateListener): void {
    this.#hub.add(account, listener);
  }

  remove(account: string, listener: PrivateListener): void {
    this.#hub.remove(account, listener);
  }

  serves(name: string): boolean {
    return this.#channelOf(name) !== undefined;
  }

  /** Only portfolios begin with something. */
  first(account: Account, name: string, listener: PrivateListener): void {
    const channel = this.#channelOf(name);
    if (channel?.what !== 'portfolio') return;
    for (const row of this.#portfolio(
      account,
      channel,
      account.balances.map(({ asset }) => asset),
    ))
      listener.tell(name, row);
  }

  #hear(entries: readonly LedgerEntry[]): void {
    const id = entries[0]!.account;
    const account = this.#hub.has(id) ? this.context.desk.accounts.get(id) : undefined;
    if (!account) return;
    const fills = entries.filter((entry): entry is FillRecord => entry.kind === 'fill');
    const order = entries.findLast((entry) => entry.kind === 'order')?.order;
    if (order && this.silenced(order, fills.length > 0)) return;
    const moved = new Set(entries.flatMap((entry) => (entry.kind === 'position' ? [entry.symbol] : [])));
    const positions = account.positions.filter(({ terms }) => moved.has(terms.symbol));
    const currencies = [...new Set(entries.flatMap((entry) => (entry.kind === 'balance' ? [entry.asset] : [])))];
    this.#tell({ account, order, fills, positions, currencies });
  }

  /** What it comes to is worked out now: later it may be otherwise. */
  #tell(happened: Happened): void {
    for (const listener of [...this.#hub.of(happened.account.id)]) {
      const told = [...listener.channels].flatMap((name) => {
        const channel = this.#channelOf(name);
        return channel ? this.#dataOf(channel, happened).map((data) => [name, data] as const) : [];
      });
      if (told.length > 0) {
        this.#defer(() => {
          for (const [name, data] of told) listener.tell(name, data);
        });
      }
    }
  }

  #dataOf(channel: Channel, happened: Happened): readonly unknown[] {
    const { account, order, fills, positions, currencies } = happened;
    const { context } = this;
    if (channel.what === 'portfolio') return this.#portfolio(account, channel, currencies);
    const symbol = order?.symbol ?? positions[0]?.terms.symbol;
    if (symbol === undefined || !channel.has(symbol)) return [];
    const orders = order ? [orderRow(context, order)] : [];
    const trades = fills.map((fill) => userTradeRow(context, account, fill));
    if (channel.what === 'orders') return channel.isRaw ? orders : orders.length > 0 ? [orders] : [];
    if (channel.what === 'trades') return trades.length > 0 ? [trades] : [];
    const rows = positions.map((position) => positionRow(context, account, position));
    return [{ instrument_name: symbol, trades, orders, positions: rows }];
  }

  #portfolio(account: Account, { currency }: Channel, currencies: readonly string[]): readonly unknown[] {
    const asked = currencies.filter((each) => currency === 'any' || each.toLowerCase() === currency.toLowerCase());
    return asked.map((each) => summaryRow(this.context, account, each));
  }

  #channelOf(name: string): Channel | undefined {
    const [, currency] = PORTFOLIO.exec(name) ?? [];
    if (currency !== undefined) return { what: 'portfolio', isRaw: false, currency, has: () => false };
    const [, what, instrument, interval] = OF_INSTRUMENT.exec(name) ?? [];
    if (what) return { what, isRaw: interval === 'raw', currency: 'any', has: (symbol) => symbol === instrument };
    const [, each, kind, of = 'any', every] = OF_KIND.exec(name) ?? [];
    if (!each) return undefined;
    const has = (symbol: string) => isAskedFor(this.context.desk.market(symbol).listing, of, kind);
    return { what: each, isRaw: every === 'raw', currency: of, has };
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
