/**
 * ccxt's unified structures, as far as they are read here. Written down instead of imported: ccxt's own declarations of a
 * hundred exchanges would cost every compilation seconds. `test/helpers/ccxt-types.ts` holds them against ccxt's.
 */

/** Numbers where `exchange.number` is `Number`, text where it is `String`. */
export type Num = number | string | undefined;

export interface CcxtMarket {
  readonly id: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settle?: string | undefined;
  readonly type: string;
  readonly spot?: boolean | undefined;
  readonly swap?: boolean | undefined;
  readonly future?: boolean | undefined;
  readonly option?: boolean | undefined;
  readonly contract?: boolean | undefined;
  readonly active?: boolean | undefined;
  readonly inverse?: boolean | undefined;
  readonly contractSize?: Num;
  readonly expiry?: number | undefined;
  readonly strike?: Num;
  readonly optionType?: string | undefined;
  readonly precision: { readonly amount?: Num; readonly price?: Num };
  readonly limits: {
    readonly amount?: { readonly min?: Num; readonly max?: Num } | undefined;
    readonly price?: { readonly min?: Num; readonly max?: Num } | undefined;
    readonly cost?: { readonly min?: Num; readonly max?: Num } | undefined;
  };
}

export type CcxtLevels = readonly (readonly (number | string | undefined)[])[];

export interface CcxtOrderBook {
  readonly bids: CcxtLevels;
  readonly asks: CcxtLevels;
  readonly timestamp?: number | undefined;
  readonly nonce?: number | undefined;
}

export interface CcxtTrade {
  readonly id?: string | undefined;
  readonly order?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: string | undefined;
  readonly price?: Num;
  readonly amount?: Num;
  readonly timestamp?: number | undefined;
  readonly takerOrMaker?: string | undefined;
  readonly fee?: { readonly cost?: Num; readonly currency?: string | undefined } | undefined;
}

export interface CcxtTicker {
  readonly symbol?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly last?: Num;
  readonly open?: Num;
  readonly high?: Num;
  readonly low?: Num;
  readonly bid?: Num;
  readonly bidVolume?: Num;
  readonly ask?: Num;
  readonly askVolume?: Num;
  readonly baseVolume?: Num;
  readonly quoteVolume?: Num;
}

/** Opening time, open, high, low, close, volume. */
export type CcxtCandle = readonly Num[];

export interface CcxtFundingRate {
  readonly symbol?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly fundingRate?: Num;
  readonly fundingTimestamp?: number | undefined;
  readonly nextFundingRate?: Num;
  readonly nextFundingTimestamp?: number | undefined;
  readonly interval?: string | undefined;
  readonly markPrice?: Num;
  readonly indexPrice?: Num;
}

interface CcxtSettledRate {
  readonly fundingRate: Num;
  readonly timestamp?: number | undefined;
}

export interface CcxtLiquidation {
  readonly timestamp?: number | undefined;
  readonly side?: string | undefined;
  readonly price: Num;
  readonly contracts?: Num;
}

export interface CcxtOpenInterest {
  readonly timestamp?: number | undefined;
  readonly openInterestAmount?: Num;
}

export interface CcxtOrder {
  readonly id?: string | undefined;
  readonly clientOrderId?: string | undefined;
  readonly symbol?: string | undefined;
  readonly type?: string | undefined;
  readonly timeInForce?: string | undefined;
  readonly postOnly?: boolean | undefined;
  readonly reduceOnly?: boolean | undefined;
  readonly side?: string | undefined;
  readonly status?: string | undefined;
  readonly price?: Num;
  readonly amount?: Num;
  readonly filled?: Num;
  readonly average?: Num;
  readonly timestamp?: number | undefined;
  readonly lastTradeTimestamp?: number | undefined;
  readonly lastUpdateTimestamp?: number | undefined;
}

export interface CcxtPosition {
  readonly symbol?: string | undefined;
  readonly side?: string | undefined;
  readonly hedged?: boolean | undefined;
  readonly contracts?: Num;
  readonly entryPrice?: Num;
  readonly markPrice?: Num;
  readonly liquidationPrice?: Num;
  readonly unrealizedPnl?: Num;
  readonly leverage?: Num;
  readonly marginMode?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly lastUpdateTimestamp?: number | undefined;
}

/** Beside `info`, `timestamp` and the like: one entry per currency. */
export type CcxtBalances = Readonly<Record<string, unknown>>;

/** A connection of ccxt pro. */
export interface CcxtClient {
  readonly url: string;
  readonly isConnected: boolean;
  readonly subscriptions: Readonly<Record<string, unknown>>;
  throttle(cost?: number): Promise<unknown>;
  send(message: unknown): Promise<unknown>;
  onError(error: unknown): void;
}

export type Params = Readonly<Record<string, unknown>>;

/** The parts of ccxt's `Exchange` that the bridge uses. */
export interface CcxtExchange {
  readonly id: string;
  readonly name: string;
  readonly has: Readonly<Record<string, boolean | string | undefined>>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  readonly precisionMode: number;
  readonly rateLimit: number;
  readonly hostname: string | undefined;
  readonly requiredCredentials: Readonly<Record<string, boolean>>;
  /** Sets what an exchange keeps; the constructor takes the same names. */
  urls: Record<string, unknown>;
  options: Record<string, unknown>;
  number: unknown;
  timeout: number;
  clients: Readonly<Record<string, CcxtClient>>;
  fetchImplementation: unknown;
  log(...parts: readonly unknown[]): void;
  milliseconds(): number;
  seconds(): number;
  microseconds(): number;
  throttle(cost?: number): Promise<unknown>;
  client(url: string): CcxtClient;
  handleMessage(client: CcxtClient, message: unknown): unknown;
  implodeHostname?(url: string): string;
  setSandboxMode(on: boolean): void;
  setMarketsFromExchange(source: CcxtExchange): unknown;
  loadHttpProxyAgent?(): Promise<unknown>;
  loadTimeDifference?(): Promise<unknown>;
  close(): Promise<unknown>;

  loadMarkets(reload?: boolean): Promise<Readonly<Record<string, CcxtMarket>>>;
  market(symbol: string): CcxtMarket;
  amountToPrecision(symbol: string, amount: unknown): string | undefined;
  priceToPrecision(symbol: string, price: unknown): string | undefined;

  fetchTime(): Promise<number | undefined>;
  fetchOrderBook(symbol: string, limit?: number): Promise<CcxtOrderBook>;
  fetchFundingRate(symbol: string): Promise<CcxtFundingRate>;
  fetchFundingInterval(symbol: string): Promise<CcxtFundingRate>;
  fetchFundingRateHistory(symbol: string, since?: number, limit?: number, params?: Params): Promise<readonly CcxtSettledRate[]>;

  createOrder(symbol: string, type: string, side: string, amount: number, price?: number, params?: Params): Promise<CcxtOrder>;
  cancelOrder(id: string, symbol: string, params?: Params): Promise<unknown>;
  cancelAllOrders(symbol: string): Promise<unknown>;
  fetchOrder(id: string, symbol: string, params?: Params): Promise<CcxtOrder>;
  fetchOpenOrders(symbol?: string): Promise<readonly CcxtOrder[]>;
  fetchMyTrades(symbol: string, since?: number, limit?: number): Promise<readonly CcxtTrade[]>;
  fetchOrderTrades(id: string, symbol: string): Promise<readonly CcxtTrade[]>;
  fetchBalance(): Promise<CcxtBalances>;
  fetchTradingFee(symbol: string): Promise<{ readonly maker?: Num; readonly taker?: Num }>;
  fetchPositions(symbols?: readonly string[]): Promise<readonly CcxtPosition[]>;
  setLeverage(leverage: number, symbol: string): Promise<unknown>;
  setMarginMode(mode: string, symbol: string): Promise<unknown>;
  fetchPositionMode(symbol?: string): Promise<{ readonly hedged?: boolean }>;
  setPositionMode(hedged: boolean, symbol?: string): Promise<unknown>;
}

/** A method by its name, for the tables. */
export type Method = (...args: readonly unknown[]) => Promise<unknown>;

export type CcxtConstructor = new (settings: object) => CcxtExchange;

export interface CcxtModule {
  readonly exchanges: readonly string[];
  readonly pro: Readonly<Record<string, CcxtConstructor | undefined>>;
  readonly [id: string]: unknown;
}
