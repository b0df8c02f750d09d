import type { Decimal } from './decimal.js';
import type { SpeedError } from './errors.js';

/**
 * `PENDING`: intent recorded, no answer yet. `OPEN`, `PARTIALLY_FILLED`: working at the venue. `UNKNOWN`: the request
 * may or may not have arrived and is being reconciled. The other four are final.
 */
export type OrderStatus = 'PENDING' | 'OPEN' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'REJECTED' | 'EXPIRED' | 'UNKNOWN';

/** After one of these nothing about an order changes any more; its fills may still arrive late. */
export const FINAL_STATUSES: ReadonlySet<OrderStatus> = new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED']);

export type OrderType = 'limit' | 'market';
export type OrderSide = 'buy' | 'sell';
/** `POST_ONLY` rests or is refused; it never takes. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'POST_ONLY';
/** Which leg, in hedge mode. */
export type PositionSide = 'long' | 'short';

/** An order as a connector sends it: legal values, client order id minted, nothing left to decide. */
export interface NewOrder {
  readonly symbol: string;
  /** Minted by `newClientOrderId` before the first byte leaves: the handle by which an unknown outcome is settled. */
  readonly clientOrderId: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** Base units on spot, contracts on derivatives. */
  readonly amount: Decimal;
  /** Limit orders only. */
  readonly price?: Decimal | undefined;
  /** Limit orders only; default `GTC`. */
  readonly timeInForce?: TimeInForce | undefined;
  readonly reduceOnly?: boolean | undefined;
  /** Hedge mode only. */
  readonly positionSide?: PositionSide | undefined;
}

/** Names an order by at least one id; the client order id wins where both are given. */
export interface OrderRef {
  readonly symbol: string;
  readonly clientOrderId?: string | undefined;
  readonly venueOrderId?: string | undefined;
}

/** New values of a working limit order; what is absent stays. `amount` is the whole amount, filled part included. */
export interface Amendment {
  readonly price?: Decimal | undefined;
  readonly amount?: Decimal | undefined;
}

/**
 * What became of a command. `rejected` is stated only on proof; a timeout, a cut, a 5xx or an unreadable answer are
 * `unknown`: ask by client order id until it is known, never send again.
 */
export type CommandOutcome =
  | { readonly status: 'accepted'; readonly venueOrderId: string | null; readonly order: Order | null }
  | { readonly status: 'rejected'; readonly reason: SpeedError }
  | { readonly status: 'unknown'; readonly cause: SpeedError };

/** An order as the venue sees it. */
export interface Order {
  readonly venue: string;
  readonly symbol: string;
  readonly clientOrderId: string | null;
  readonly venueOrderId: string;
  readonly side: OrderSide;
  /** `limit`, `market`, or the venue's own word for a kind that we do not place. */
  readonly type: string;
  readonly status: OrderStatus;
  readonly timeInForce: TimeInForce | null;
  /** `null` on market orders. */
  readonly price: Decimal | null;
  readonly amount: Decimal;
  /** How much of `amount` is filled. */
  readonly filled: Decimal;
  /** `null` while nothing is filled, and where the venue does not say. */
  readonly averagePrice: Decimal | null;
  readonly reduceOnly: boolean | null;
  /** `null` in one-way mode and on spot. */
  readonly positionSide: PositionSide | null;
  /** Why it ended, in the venue's word; `null` when it does not say. */
  readonly reason: string | null;
  /** The venue's last change, ms. */
  readonly updatedAt: number;
}

/** One execution of ours. Identity: (venue, symbol, tradeId, venueOrderId). */
export interface Fill {
  readonly venue: string;
  readonly symbol: string;
  readonly tradeId: string;
  readonly venueOrderId: string;
  readonly clientOrderId: string | null;
  readonly side: OrderSide;
  readonly price: Decimal;
  /** Base units on spot, contracts on derivatives. */
  readonly amount: Decimal;
  /** Paid; negative is a rebate. `null` when this message does not say: ask for the fill. */
  readonly fee: Decimal | null;
  readonly feeCurrency: string | null;
  readonly liquidity: 'maker' | 'taker' | null;
  /** Realised by this fill, in the settle currency, as the venue says; `null` on spot. */
  readonly realizedPnl: Decimal | null;
  readonly positionSide: PositionSide | null;
  readonly time: number;
}
