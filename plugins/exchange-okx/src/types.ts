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

/** A row of `public/instruments`. */
export interface WireInstrument {
  readonly instType: 'SPOT' | 'MARGIN' | 'SWAP' | 'FUTURES' | 'OPTION' | (string & {});
  readonly instId: string;
  /** Number by which order sockets name it. */
  readonly instIdCode?: number | string;
  /** Spot. */
  readonly baseCcy: string;
  readonly quoteCcy: string;
  /** Derivatives: the underlying, e.g. `BTC-USDT`. */
  readonly uly: string;
  readonly settleCcy: string;
  readonly ctVal: string;
  readonly ctMult: string;
  readonly ctValCcy: string;
  /** `linear` or `inverse`; "" on options. */
  readonly ctType: string;
  readonly expTime: string;
  /** Options: strike, and `C` or `P`. */
  readonly stk: string;
  readonly optType: string;
  readonly tickSz: string;
  readonly lotSz: string;
  readonly minSz: string;
  readonly maxLmtSz?: string;
  readonly state: string;
}

/** What became of one order of a request. */
export interface WireResult {
  readonly ordId: string;
  readonly clOrdId: string;
  readonly sCode: string;
  readonly sMsg: string;
}
