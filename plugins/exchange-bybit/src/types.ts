/**
 * REST bodies exactly as the venue sends them, as far as they are read here. Numbers are text; "" means none. Rows of orders,
 * fills, balances and positions are read by the tables of `order-formats.ts`.
 */

/** Every body. `retCode` is 0 on success; failures become errors before anybody sees them. */
export interface Reply<T> {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: T;
  /** Of batches: what became of each order. */
  readonly retExtInfo?: { readonly list?: readonly WireCode[] };
  /** ms. */
  readonly time: number;
}

interface WireCode {
  readonly code: number;
  readonly msg: string;
}

export interface WireList<T> {
  readonly category?: string;
  readonly list: readonly T[];
  /** Percent-encoded already; "" or absent on the last page. */
  readonly nextPageCursor?: string | null;
}

/** An accepted command. */
export interface WireResult {
  readonly orderId: string;
  readonly orderLinkId: string;
}

export interface WireBatch {
  readonly list: readonly WireResult[];
  /** One for each order; the code 0 is success. */
  readonly codes: readonly WireCode[];
}
