/**
 * REST bodies exactly as the venue sends them, as far as they are read here. Prices and sizes are text, ids are numbers
 * up to 2^53 and text beyond.
 */

export interface WireTime {
  readonly serverTime: number;
}

interface WireRateLimit {
  readonly rateLimitType: string;
  readonly interval: string;
  readonly intervalNum: number;
  readonly limit: number;
}

/** A trading rule; which fields are there depends on `filterType`. */
export interface WireFilter {
  readonly filterType: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
  readonly tickSize?: string;
  readonly minQty?: string;
  readonly maxQty?: string;
  readonly stepSize?: string;
  /** Spot. */
  readonly minNotional?: string;
  /** Futures. */
  readonly notional?: string;
}

/** A row of `exchangeInfo.symbols` of any product. */
export interface WireSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly filters: readonly WireFilter[];
  /** Spot and USD-M. */
  readonly status?: string;
  /** COIN-M. */
  readonly contractStatus?: string;
  /** Spot: decimal places of amounts and prices. */
  readonly baseAssetPrecision?: number;
  readonly quotePrecision?: number;
  /** Futures. */
  readonly pair?: string;
  readonly contractType?: string;
  /** ms; 4133404800000 (or 0) on perpetuals. */
  readonly deliveryDate?: number;
  readonly marginAsset?: string;
  readonly pricePrecision?: number;
  readonly quantityPrecision?: number;
  /** COIN-M: quote units per contract. */
  readonly contractSize?: number;
}

export interface WireExchangeInfo {
  readonly serverTime: number;
  readonly rateLimits: readonly Partial<WireRateLimit>[];
  readonly symbols: readonly WireSymbol[];
}

/** Open time, open, high, low, close, volume, close time, and more that is not read. */
export type WireCandle = readonly [number, string, string, string, string, string, number, ...unknown[]];

export interface WireFundingInfo {
  readonly symbol: string;
  readonly fundingIntervalHours: number;
}

/**
 * An order as placing, cancelling, amending and asking answer it. Acknowledgements of futures carry no average price since
 * 2026-06-30; questions do.
 */
export interface WireOrder {
  readonly symbol: string;
  readonly orderId: number | string;
  readonly clientOrderId?: string;
  /** Spot, in answers to cancels: the order's own id; `clientOrderId` is then the cancel's. */
  readonly origClientOrderId?: string;
  readonly side: string;
  readonly type: string;
  /** Futures: what it was placed as. */
  readonly origType?: string;
  readonly status: string;
  readonly timeInForce?: string;
  readonly price?: string;
  /** `qty` in answers to spot's amendments. */
  readonly origQty?: string;
  readonly qty?: string;
  readonly executedQty: string;
  /** Spot; the venue's spelling, and the other one in answers to amendments. */
  readonly cummulativeQuoteQty?: string;
  readonly cumulativeQuoteQty?: string;
  /** Futures. */
  readonly avgPrice?: string | undefined;
  readonly reduceOnly?: boolean;
  readonly positionSide?: string;
  readonly expiryReason?: string | undefined;
  readonly updateTime?: number;
  readonly transactTime?: number;
  readonly workingTime?: number;
  readonly time?: number;
}

/** Spot's answer to an amendment. */
export interface WireAmended {
  readonly transactTime: number;
  readonly amendedOrder: WireOrder;
}

/** A row of `myTrades` and `userTrades`. */
export interface WireFill {
  readonly symbol: string;
  readonly id: number | string;
  readonly orderId: number | string;
  readonly price: string;
  readonly qty: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly time: number;
  /** Spot. */
  readonly isBuyer?: boolean;
  readonly isMaker?: boolean;
  /** Futures. */
  readonly side?: string;
  readonly maker?: boolean;
  readonly realizedPnl?: string;
  readonly positionSide?: string;
}

export interface WireSpotAccount {
  readonly balances: readonly { readonly asset: string; readonly free: string; readonly locked: string }[];
}

export interface WireFuturesBalance {
  readonly asset: string;
  readonly balance: string;
  readonly availableBalance: string;
}

export interface WirePosition {
  readonly symbol: string;
  readonly positionSide: string;
  readonly positionAmt: string;
  readonly entryPrice: string;
  readonly markPrice: string;
  readonly unRealizedProfit: string;
  readonly liquidationPrice: string;
  readonly updateTime: number;
  /** COIN-M; on USD-M `symbolConfig` tells them. */
  readonly leverage?: string;
  readonly marginType?: string;
}

export interface WireSymbolConfig {
  readonly symbol: string;
  readonly leverage: number | string;
  readonly marginType: string;
}

interface WireCommission {
  readonly maker: string;
  readonly taker: string;
}

/** Spot: parts that add up. */
export interface WireSpotCommission {
  readonly standardCommission: WireCommission;
  readonly specialCommission?: WireCommission;
  readonly taxCommission?: WireCommission;
}

export interface WireFuturesCommission {
  readonly makerCommissionRate: string;
  readonly takerCommissionRate: string;
}

/** Spot's event of an order. https://developers.binance.com/docs: "User data streams", "executionReport". */
export interface WireExecutionReport {
  readonly e: 'executionReport';
  readonly E: number;
  readonly s: string;
  readonly c: string;
  /** The order's id when `c` is the cancel's. */
  readonly C: string;
  readonly S: string;
  readonly o: string;
  readonly f: string;
  readonly q: string;
  readonly p: string;
  /** What happened. */
  readonly x: string;
  readonly X: string;
  /** Why it was refused; `NONE`. */
  readonly r: string;
  /** Why it expired. */
  readonly eR?: string;
  readonly i: number | string;
  readonly l: string;
  readonly z: string;
  readonly L: string;
  readonly n: string | null;
  readonly N: string | null;
  readonly T: number;
  /** -1 when nothing was traded. */
  readonly t: number | string;
  readonly m: boolean;
  /** Cumulative quote. */
  readonly Z: string;
}

/** Spot: what is left of each currency that moved. */
export interface WireAccountPosition {
  readonly e: 'outboundAccountPosition';
  readonly E: number;
  readonly u: number;
  readonly B: readonly { readonly a: string; readonly f: string; readonly l: string }[];
}

/** Futures' event of an order. "User data streams", "ORDER_TRADE_UPDATE" of each product. */
export interface WireOrderTradeUpdate {
  readonly e: 'ORDER_TRADE_UPDATE';
  readonly E: number;
  readonly T: number;
  readonly o: {
    readonly s: string;
    readonly c: string;
    readonly S: string;
    readonly o: string;
    /** What it was placed as. */
    readonly ot?: string;
    readonly f: string;
    readonly q: string;
    readonly p: string;
    readonly ap: string;
    readonly x: string;
    readonly X: string;
    readonly i: number | string;
    readonly l: string;
    readonly z: string;
    readonly L: string;
    readonly n?: string | null;
    readonly N?: string | null;
    readonly T: number;
    /** 0 when nothing was traded. */
    readonly t: number | string;
    readonly m: boolean;
    readonly R: boolean;
    readonly ps: string;
    readonly rp?: string;
    /** Why it expired; "0" when it did not. */
    readonly er?: string | number;
  };
}

/** USD-M: a fill ahead of its order's event, without fee. */
export interface WireTradeLite {
  readonly e: 'TRADE_LITE';
  readonly E: number;
  readonly T: number;
  readonly s: string;
  readonly c: string;
  readonly S: string;
  readonly L: string;
  readonly l: string;
  readonly t: number | string;
  readonly i: number | string;
  readonly m: boolean;
}

export interface WireAccountUpdate {
  readonly e: 'ACCOUNT_UPDATE';
  readonly E: number;
  readonly T: number;
  readonly a: {
    readonly m: string;
    readonly B?: readonly { readonly a: string; readonly wb: string }[];
    readonly P?: readonly {
      readonly s: string;
      readonly pa: string;
      readonly ep: string;
      readonly up: string;
      readonly mt?: string;
      readonly ps: string;
    }[];
  };
}

export interface WirePositionMode {
  readonly dualSidePosition: boolean | string;
}
