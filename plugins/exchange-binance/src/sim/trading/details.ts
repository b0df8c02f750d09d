import type { UserOrder } from '@speed-protocol/simulator';

/** What a client said of an order that the accounts do not know about: in the venue's words, as its answers repeat them. */
export type WireDetails = {
  /** As placed, e.g. `LIMIT_MAKER`; what a conditional order became is in the order's kind. */
  readonly type: string;
  /** `GTX` and `GTD` included. */
  readonly timeInForce: string;
  readonly selfTradePreventionMode: string;
  /** Spot market orders by value; `"0"` otherwise. */
  readonly quoteOrderQty: string;
  /** Futures. */
  readonly goodTillDate: number;
  readonly priceMatch: string;
  /** Of orders that a conditional one became: its type, trigger and what it looked at. */
  readonly origType?: string;
  readonly stopPrice?: string;
  readonly workingType?: string;
  readonly closePosition?: boolean;
};

const DEFAULTS: WireDetails = {
  type: 'LIMIT',
  timeInForce: 'GTC',
  selfTradePreventionMode: 'EXPIRE_MAKER',
  quoteOrderQty: '0',
  goodTillDate: 0,
  priceMatch: 'NONE',
};

/** The details of an order; those of the venue's own orders follow from what they are. */
export function detailsOf(order: UserOrder): WireDetails {
  if (order.details) return order.details as WireDetails;
  return { ...DEFAULTS, type: order.kind.toUpperCase(), timeInForce: order.timeInForce };
}
