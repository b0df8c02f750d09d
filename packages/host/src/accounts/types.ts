import type { Balance, Clock, Connector, Fill, Logger, Position } from '@speed-protocol/core';
import type { TradingLimits } from '../desk/checks.js';
import type { openJournal } from '../desk/journal.js';
import type { DeskOrder } from '../desk/order-state.js';
import type { OrphanPolicy } from '../desk/reconcile.js';
import type { SettleOptions } from '../desk/settle.js';

/** What the owner of an account allows beyond what the venue does. */
export type RiskLimits = TradingLimits;

export interface TradingAccountOptions {
  /** The owner's name for it. */
  readonly id: string;
  readonly venue: string;
  /** Made with the account's credentials; disposed by whoever made it, after the account. */
  readonly connector: Connector;
  /** Where journals are: each account has a folder of its own in it, and each environment its own accounts. */
  readonly journalDir: string;
  /** How its journal is opened; default: on the disk, see {@link openJournal}. */
  readonly openJournal?: typeof openJournal | undefined;
  /** What the credentials are for: `live`, `testnet`, `sim` ... */
  readonly environment: string;
  readonly limits?: RiskLimits | undefined;
  /** Working orders with our prefix that are on no record; default `adopt`. */
  readonly orphans?: OrphanPolicy | undefined;
  /** Orders wait until their record is on the disk: it survives the loss of power. Default false. */
  readonly strict?: boolean | undefined;
  /** Orders do not outlive us, or a private stream that is down, by more than this, ms. Absent: they do. */
  readonly deadMansSwitchMs?: number | undefined;
  readonly settle?: SettleOptions | undefined;
  /** Working orders are compared with the venue's lists this often, ms. Default 3,000. */
  readonly auditMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** What happens to an account, told synchronously and in order. */
export type AccountEvent = { readonly accountId: string; readonly venue: string } & (
  | { readonly type: 'order'; readonly order: DeskOrder }
  | { readonly type: 'fill'; readonly fill: Fill; readonly order: DeskOrder }
  | { readonly type: 'position'; readonly position: Position }
  | { readonly type: 'balance'; readonly balance: Balance }
  | { readonly type: 'stream'; readonly state: 'up' | 'down'; readonly reason: string }
  | { readonly type: 'killed'; readonly reason: string }
  | { readonly type: 'resumed' }
);

export type AccountListener = (event: AccountEvent) => void;

/** What an {@link AccountEvent} says beside whose it is. */
export type AccountNews = AccountEvent extends infer E
  ? E extends AccountEvent
    ? Omit<E, 'accountId' | 'venue'>
    : never
  : never;

export interface OrderFilter {
  readonly symbol?: string | undefined;
  /** True: only those that are not final; false: only those that are. */
  readonly open?: boolean | undefined;
}

/** What became of the orders that were to be cancelled. */
export interface CancelReport {
  /** Where orders were working. */
  readonly symbols: readonly string[];
  /** Orders of this account's desk, as they ended. */
  readonly orders: readonly DeskOrder[];
  /** Client order ids (the venue's where there is none) of what the venue still lists, or whose end is not proven. */
  readonly left: readonly string[];
  /** True when the venue was asked afterwards and lists nothing. */
  readonly confirmed: boolean;
}

export interface ShutdownOptions {
  /** Closes positions by reduce-only market orders. Default true. */
  readonly flatten?: boolean | undefined;
  /** How long it may take, ms. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `shutdown` did, as read back from the venue. */
export interface ShutdownReport {
  readonly cancelled: CancelReport;
  /** Orders that closed positions, as they ended. */
  readonly flattened: readonly DeskOrder[];
  /** Positions that are still open. */
  readonly positions: readonly Position[];
  /** True when the venue lists no working order and, where positions were to be closed, no position. */
  readonly confirmed: boolean;
  /** What went wrong, in words; empty when nothing did. */
  readonly problems: readonly string[];
}
