import type { AnyAccount, AnyTrading, Clock, Logger, NewOrder, PrivateEvent } from '@speed-protocol/core';
import type { TradingContext } from './checks.js';
import type { Journal } from './journal.js';
import type { OrphanPolicy } from './reconcile.js';
import type { SettleOptions } from './settle.js';

export interface OrderDeskOptions {
  readonly trading: AnyTrading;
  /** The private stream. Without it the desk only knows what it asks for. */
  readonly account?: AnyAccount | undefined;
  /** Hears every private event once the desk has taken it in. */
  readonly onPrivate?: ((event: PrivateEvent) => void) | undefined;
  /** Disposed by whoever made it, after the desk. */
  readonly journal: Journal;
  /** What a symbol's orders are checked against before anything is sent; `undefined` checks nothing. */
  readonly contextOf?: ((symbol: string) => TradingContext | undefined) | undefined;
  /** Default `adopt`. */
  readonly orphans?: OrphanPolicy | undefined;
  /** Orders per batch command of the venue; absent: orders of a batch go one by one. */
  readonly batchSize?: number | undefined;
  /**
   * Orders and amendments whose answers are awaited at a time. Default 1,000: how many may leave in a time is the business
   * of the venue's rate gate, and slow answers must not hold up what could leave. Cancels never wait.
   */
  readonly slots?: number | undefined;
  /** Questions at a time. Default 16. */
  readonly questions?: number | undefined;
  readonly settle?: SettleOptions | undefined;
  /** Working orders are compared with the venue's lists this often, ms. Default 3,000. */
  readonly auditMs?: number | undefined;
  /** Default 60,000. */
  readonly fillOverlapMs?: number | undefined;
  /** Final orders are kept for late fills and questions this long, ms. Default one day. */
  readonly keepMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** An order as its owner asks for it. */
export type OrderRequest = Omit<NewOrder, 'clientOrderId'> & {
  /** Minted by the desk unless the owner has taken one from `newClientOrderId`, to know it before anything is told of the order. */
  readonly clientOrderId?: string | undefined;
  /** Kept with the order, for whoever placed it, across restarts too; never sent to the venue. */
  readonly tag?: string | undefined;
};
