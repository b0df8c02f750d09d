import type { Account, ConditionalOrder, LedgerEntry, LedgerKind, UserOrder } from '@speed-protocol/simulator';
import type { algoOrder } from '../trading/algo-bodies.js';
import type { OrderText } from './order-text.js';

export type Entry<K extends LedgerKind> = Extract<LedgerEntry, { readonly kind: K }>;

/** What happened to an account at once, and what is needed to tell of it. */
export interface Happening {
  readonly account: Account;
  readonly entries: readonly LedgerEntry[];
  /** Whole ms, as the ledger counts them. */
  readonly now: number;
  text(symbol: string): OrderText;
  /** Profit of an open position at mark, money. */
  unrealized(symbol: string, leg: Entry<'position'>['leg']): bigint;
  /** A conditional order as queries show it. */
  algo(conditional: ConditionalOrder): ReturnType<typeof algoOrder>;
  /** The client order id that an order had before this; `undefined` when it is the same. */
  formerId(order: UserOrder): string | undefined;
  /** The id of the request that canceled an order; `undefined` when the venue ended it by itself. */
  cancelId(order: UserOrder): string | undefined;
}

/** One event of a user-data stream, in the venue's shape. */
export interface UserEvent {
  readonly e: string;
  readonly [key: string]: unknown;
}

/** The only entry of a kind; `undefined` without one. */
export function entryOf<K extends LedgerKind>({ entries }: Happening, kind: K): Entry<K> | undefined {
  return entries.find((entry): entry is Entry<K> => entry.kind === kind);
}

/** How the balances of the assets that moved stand after all of it. */
export function balancesOf({ entries }: Happening): readonly Entry<'balance'>[] {
  const latest = new Map<string, Entry<'balance'>>();
  for (const entry of entries) if (entry.kind === 'balance') latest.set(entry.asset, entry);
  return [...latest.values()];
}
