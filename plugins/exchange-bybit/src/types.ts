/** REST bodies exactly as the venue sends them, as far as they are read here. Numbers are text; "" means none. */

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

export interface WireTime {
  readonly timeSecond: string;
  readonly timeNano: string;
}

/** A row of `market/instruments-info`. */
export interface WireInstrument {
  readonly symbol: string;
  readonly status: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  /** Absent on spot. */
  readonly settleCoin?: string;
  /** Futures and perpetuals. */
  readonly contractType?: string;
  /** Options: `Call` or `Put`. */
  readonly optionsType?: string;
  /** ms; "0" on perpetuals. */
  readonly deliveryTime?: string;
  /** Minutes. */
  readonly fundingInterval?: number | string;
  readonly priceFilter: { readonly tickSize: string; readonly minPrice?: string; readonly maxPrice?: string };
  readonly lotSizeFilter: {
    /** The step: of contracts, of spot. */
    readonly qtyStep?: string;
    readonly basePrecision?: string;
    readonly minOrderQty?: string;
    readonly maxOrderQty?: string;
    readonly maxLimitOrderQty?: string;
    readonly minNotionalValue?: string;
    readonly minOrderAmt?: string;
  };
}

/** An order, as queries and the topic `order` tell it. */
export interface WireOrder {
  readonly category?: string;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: string;
  /** 0 in one-way mode, 1 the long leg, 2 the short one. */
  readonly positionIdx?: number;
  readonly orderType: string;
  readonly timeInForce: string;
  /** "0" or "" on market orders. */
  readonly price: string;
  readonly qty: string;
  readonly orderStatus: string;
  /** "" or 0 before the first fill. */
  readonly avgPrice?: string;
  readonly cumExecQty?: string;
  readonly reduceOnly: boolean;
  readonly cancelType?: string;
  readonly rejectReason?: string;
  readonly stopOrderType?: string;
  readonly updatedTime: string;
}

/** A row of `execution/list` and of the topic `execution`. */
export interface WireExecution {
  readonly category?: string;
  readonly symbol: string;
  readonly execId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: string;
  readonly execPrice: string;
  readonly execQty: string;
  /** Paid is positive. */
  readonly execFee: string;
  readonly feeCurrency?: string;
  readonly execPnl?: string;
  /** `Trade`, `AdlTrade`, `BustTrade`, `Funding` ... */
  readonly execType: string;
  readonly isMaker: boolean;
  readonly execTime: string;
}

export interface WireCoin {
  readonly coin: string;
  readonly walletBalance: string;
  /** Of spot orders. */
  readonly locked?: string;
  readonly totalOrderIM?: string;
  readonly totalPositionIM?: string;
}

export interface WireWallet {
  readonly coin: readonly WireCoin[];
}

export interface WirePosition {
  readonly category?: string;
  readonly symbol: string;
  readonly positionIdx: number;
  /** "" when flat. */
  readonly side: string;
  readonly size: string;
  /** Over REST, and on the stream. */
  readonly avgPrice?: string;
  readonly entryPrice?: string;
  readonly markPrice?: string;
  readonly liqPrice?: string;
  readonly unrealisedPnl?: string;
  readonly leverage?: string;
  readonly updatedTime?: string;
}

/** Fractions. */
export interface WireFeeRates {
  readonly makerFeeRate: string;
  readonly takerFeeRate: string;
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
