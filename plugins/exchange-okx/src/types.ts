/**
 * REST bodies exactly as the venue sends them, as far as they are read here. Numbers are text; "" means none. Rows of orders,
 * fills, balances and positions are read by the tables of `order-formats.ts`.
 */

/** Every body. `code` is `"0"` on success; failures become errors before anybody sees them. */
export interface Reply<T> {
  readonly code: string;
  readonly msg: string;
  readonly data: readonly T[];
}
