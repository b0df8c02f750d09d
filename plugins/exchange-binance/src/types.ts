/**
 * REST bodies exactly as the venue sends them, as far as they are read here. Prices and sizes are text, ids are numbers up to
 * 2^53 and text beyond. Rows of orders, fills, balances and positions are read by the tables of `order-formats.ts`.
 */

/** A limit of an interval, and in answers of the WebSocket API what has been counted in it. */
export interface WireRateLimit {
  readonly rateLimitType: string;
  readonly interval: string;
  readonly intervalNum: number;
  readonly limit?: number;
  readonly count?: number;
}

type Limits = 'minPrice' | 'maxPrice' | 'tickSize' | 'minQty' | 'maxQty' | 'stepSize';

/** A trading rule; which fields are there depends on `filterType`. */
interface WireFilter extends Readonly<Partial<Record<Limits, string>>> {
  readonly filterType: string;
  /** Spot, and futures. */
  readonly minNotional?: string;
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
  readonly rateLimits: readonly Partial<WireRateLimit>[];
  readonly symbols: readonly WireSymbol[];
}

/** Open time, open, high, low, close, volume, close time, and more that is not read. */
export type WireCandle = readonly [number, string, string, string, string, string, number, ...unknown[]];

export interface WireFundingInfo {
  readonly symbol: string;
  readonly fundingIntervalHours: number;
}
