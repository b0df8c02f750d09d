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
  readonly list: readonly T[];
  /** Percent-encoded already; "" or absent on the last page. */
  readonly nextPageCursor?: string | null;
}

/** Of a batch: what was accepted, and a code for each order; 0 is success. */
export interface WireBatch extends WireList<unknown> {
  readonly codes: readonly WireCode[];
}
