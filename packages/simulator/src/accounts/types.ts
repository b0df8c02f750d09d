import type { SelfTrade, Side, TimeInForce } from '../engine/types.js';
import type { OrderCause } from './ledger.js';

/** Why a request was refused; a dialect says it in the venue's own code. */
export type RefusalReason =
  | 'unknown-symbol'
  | 'unknown-order'
  | 'bad-price'
  | 'bad-size'
  | 'min-notional'
  | 'duplicate-client-id'
  | 'insufficient-balance'
  | 'insufficient-margin'
  | 'would-take'
  | 'would-trigger'
  | 'no-liquidity'
  | 'reduce-only'
  | 'reduce-only-in-hedge-mode'
  | 'position-side'
  | 'size-already-filled'
  | 'bad-leverage'
  | 'not-a-derivative'
  | 'no-change'
  | 'has-open-orders'
  | 'has-open-positions'
  | 'not-isolated'
  | 'lower-leverage';

/** What became of a request. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: RefusalReason };

export type Leg = 'net' | 'long' | 'short';
export type OrderKind = 'limit' | 'market';
export type UserOrderStatus = 'open' | 'partially-filled' | 'filled' | 'canceled' | 'expired';

/** A price that something waits for: the last trade's or mark. */
export interface Condition {
  readonly by: 'last' | 'mark';
  /** From which side it is reached: `rise` at the price or above, `fall` at it or below. */
  readonly direction: 'rise' | 'fall';
  /** Decimal text. */
  readonly price: string;
}

/** What a dialect keeps with an order: carried along and written down as it is, without meaning here. */
export type OrderDetails = Readonly<Record<string, string | number | boolean>>;

/** An order as a client asks for it. */
export interface OrderRequest {
  /** Key of the listing: the venue's own symbol, as a rule. */
  readonly symbol: string;
  readonly side: Side;
  readonly kind: OrderKind;
  /** Decimal text: base units on spot, contracts on derivatives. */
  readonly size: string;
  /** Decimal text; limit orders only. */
  readonly price?: string | undefined;
  /** Default `GTC`; a market order that is not `FOK` is `IOC`. */
  readonly timeInForce?: TimeInForce | undefined;
  readonly postOnly?: boolean | undefined;
  /** What becomes of a post-only order that would take: refused (default), or acknowledged, and expired at once. */
  readonly wouldTake?: 'refuse' | 'expire' | undefined;
  /** One-way mode only: may not open or turn a position. */
  readonly reduceOnly?: boolean | undefined;
  /** Required in hedge mode, absent otherwise. */
  readonly positionSide?: 'long' | 'short' | undefined;
  /** Unique among the account's open orders; drawn when absent. */
  readonly clientId?: string | undefined;
  readonly details?: OrderDetails | undefined;
  /** Spot: sleeps until the price gets there, holding what it needs. */
  readonly trigger?: Condition | undefined;
  /** Market orders take nothing beyond this price, decimal text; what is left expires. */
  readonly bound?: string | undefined;
  /** What is left then expires, ms. */
  readonly expiresAt?: number | undefined;
  /** Absent: the account's orders trade with each other. */
  readonly selfTrade?: SelfTrade | undefined;
}

/** An order as the venue knows it. Prices in ticks, sizes in lots. */
export interface UserOrder {
  /** Unique per symbol. */
  readonly id: number;
  readonly account: string;
  readonly symbol: string;
  readonly clientId: string;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly leg: Leg;
  /** `liquidation`: the venue's own, against the account's will. */
  readonly origin: 'user' | 'liquidation';
  readonly createdAt: number;
  /** `undefined` on market orders. */
  readonly price: number | undefined;
  readonly size: number;
  readonly filled: number;
  /** Value of what is filled, {@link VALUE_SCALE} decimals. */
  readonly filledValue: bigint;
  readonly status: UserOrderStatus;
  readonly updatedAt: number;
  readonly details: OrderDetails | undefined;
  /** Of orders that sleep until a price is reached. */
  readonly trigger?: Condition | undefined;
  /** When a sleeping order woke up; `undefined` while it sleeps, and on orders that never did. */
  readonly triggeredAt?: number | undefined;
  /** What ended an order that is not filled. */
  readonly endedBy?: OrderCause | undefined;
}

/** Names an order of an account; the id wins. */
export interface UserOrderRef {
  readonly symbol: string;
  readonly id?: number | undefined;
  readonly clientId?: string | undefined;
}

/** Rates, {@link RATE_SCALE} decimals. A negative fee is a rebate. */
export interface AccountRates {
  readonly maker: bigint;
  readonly taker: bigint;
  /** Of the position's value at mark. */
  readonly maintenance: bigint;
}
