/** REST bodies exactly as the venue sends them, as far as they are read here. Numbers are text; "" means none. */

/** Every body. `code` is `"0"` on success; failures become errors before anybody sees them. */
export interface Reply<T> {
  readonly code: string;
  readonly msg: string;
  readonly data: readonly T[];
}

export interface WireTime {
  readonly ts: string;
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

export interface WireIndexTicker {
  /** The underlying, e.g. `BTC-USDT`. */
  readonly instId: string;
  readonly idxPx: string;
  readonly ts: string;
}

/** An order, as queries and the channel `orders` tell it. */
export interface WireOrder {
  readonly instId: string;
  readonly ordId: string;
  readonly clOrdId: string;
  readonly side: string;
  readonly ordType: string;
  readonly state: string;
  /** "" on market orders. */
  readonly px: string;
  readonly sz: string;
  readonly accFillSz: string;
  /** "" or 0 before the first fill. */
  readonly avgPx: string;
  readonly reduceOnly: string | boolean;
  /** `net`, `long` or `short`; "" on spot. */
  readonly posSide: string;
  readonly cancelSource?: string;
  readonly uTime: string;
  /** The channel: the fill that the message tells of, "" when it tells of none. */
  readonly tradeId?: string;
  readonly fillPx?: string;
  readonly fillSz?: string;
  readonly fillTime?: string;
  readonly fillFee?: string;
  readonly fillFeeCcy?: string;
  readonly fillPnl?: string;
  readonly execType?: string;
}

export interface WireFill {
  readonly instId: string;
  readonly tradeId: string;
  readonly ordId: string;
  readonly clOrdId: string;
  readonly billId: string;
  readonly side: string;
  readonly posSide: string;
  readonly fillPx: string;
  readonly fillSz: string;
  /** Paid is negative. */
  readonly fee: string;
  readonly feeCcy: string;
  readonly fillPnl?: string;
  /** `T` or `M`. */
  readonly execType: string;
  readonly fillTime?: string;
  readonly ts: string;
}

export interface WireBalance {
  readonly uTime: string;
  readonly details: readonly { readonly ccy: string; readonly cashBal: string; readonly availBal: string }[];
}

export interface WirePosition {
  readonly instId: string;
  readonly posSide: string;
  /** Signed in net mode, positive on legs. */
  readonly pos: string;
  readonly avgPx: string;
  readonly markPx: string;
  readonly liqPx: string;
  readonly upl: string;
  readonly lever: string;
  readonly mgnMode: string;
  readonly uTime: string;
}

/** Fractions; what is paid is negative. */
export interface WireFeeRates {
  readonly maker: string;
  readonly taker: string;
  readonly feeGroup?: readonly { readonly maker: string; readonly taker: string }[];
}

/** What became of one order of a request. */
export interface WireResult {
  readonly ordId: string;
  readonly clOrdId: string;
  readonly sCode: string;
  readonly sMsg: string;
}

export interface WireConfig {
  /** `long_short_mode` or `net_mode`. */
  readonly posMode: string;
}
