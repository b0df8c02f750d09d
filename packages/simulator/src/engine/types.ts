export type Side = 'buy' | 'sell';

export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** Who gives way when an order would meet one of its own owner: the rest of it expires, or the one that rests does. */
export type SelfTrade = 'expire-taker' | 'expire-maker' | 'expire-both';

/** An order as it comes in: prices in ticks, sizes in lots. Without a price it is a market order. */
export interface NewOrder {
  readonly owner: string;
  readonly side: Side;
  readonly size: number;
  readonly price?: number | undefined;
  /** Default `GTC`; market orders are always `IOC`. */
  readonly timeInForce?: TimeInForce | undefined;
  /** Refused instead of taking liquidity. */
  readonly postOnly?: boolean | undefined;
  readonly clientId?: string | undefined;
  /** Absent: orders of one owner trade with each other. */
  readonly selfTrade?: SelfTrade | undefined;
}

/** How an order stands. `expired`: the rest of an IOC or FOK. */
export type OrderStatus = 'open' | 'partially-filled' | 'filled' | 'canceled' | 'expired' | 'rejected';

/** Why an order was refused. */
export type Rejection = 'bad-price' | 'bad-size' | 'would-take';

/** One match: the maker's price, in ticks; the size in lots. */
export interface Trade {
  readonly id: number;
  readonly price: number;
  readonly size: number;
  /** Side of the taker. */
  readonly side: Side;
  readonly time: number;
  readonly takerOrderId: number;
  readonly makerOrderId: number;
  readonly taker: string;
  readonly maker: string;
}

/** What became of an order at once. */
export interface Submission {
  readonly orderId: number;
  readonly status: OrderStatus;
  /** Lots filled at once, and lots left on the book. */
  readonly filled: number;
  readonly resting: number;
  readonly fills: readonly Trade[];
  readonly rejection?: Rejection;
  /** It stopped before an order of its own owner. */
  readonly prevented?: boolean;
}

/** One level of one side changed: `after` is its new total in lots, 0 when it is gone. */
export interface LevelChange {
  readonly side: Side;
  readonly price: number;
  readonly before: number;
  readonly after: number;
}

/** Receives what the engine does, synchronously and in order: trades of a level first, then the level's change. */
export interface EngineSink {
  onLevel(side: Side, price: number, before: number, after: number): void;
  onTrade(trade: Trade): void;
  /** A resting order has been taken off the book because its own owner came to take it. */
  onPrevented?(maker: { readonly id: number; readonly owner: string }): void;
  /** Lots that a resting order may still fill when its turn comes; the rest is taken off the book. Absent: all. */
  allowance?(maker: { readonly id: number; readonly owner: string; readonly remaining: number }): number;
}
