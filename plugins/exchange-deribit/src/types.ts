/** Bodies exactly as the venue sends them, as far as they are read here. Numbers are JSON numbers. */

/** Every answer. https://docs.deribit.com/#json-rpc */
export interface Reply<T> {
  readonly id?: number | string;
  readonly result: T;
  readonly testnet?: boolean;
}

/** A row of `public/get_instruments`. */
export interface WireInstrument {
  readonly instrument_name: string;
  readonly kind: 'future' | 'option' | 'spot' | 'future_combo' | 'option_combo' | (string & {});
  /** `reversed` (settled in the coin) or `linear`; absent before 2022. */
  readonly instrument_type?: string;
  readonly is_active: boolean;
  /** Absent before 2026. */
  readonly state?: string;
  readonly settlement_period?: string;
  readonly expiration_timestamp?: number;
  readonly base_currency: string;
  /** Of options: in what the premium is paid. */
  readonly quote_currency: string;
  /** In what the price of the underlying is counted; absent before 2022. */
  readonly counter_currency?: string;
  readonly settlement_currency?: string;
  readonly contract_size: number;
  readonly min_trade_amount: number;
  readonly tick_size: number;
  /** Above these prices ticks are larger. */
  readonly tick_size_steps?: readonly { readonly above_price: number; readonly tick_size: number }[];
  readonly strike?: number;
  readonly option_type?: string;
  readonly maker_commission: number;
  readonly taker_commission: number;
}

export type WireLevel = readonly [price: number, amount: number];

export interface WireGreeks {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
}

/** `public/ticker`, and the channel of that name. */
export interface WireTicker {
  readonly instrument_name: string;
  readonly timestamp: number;
  readonly last_price: number | null;
  readonly mark_price: number | null;
  readonly index_price: number | null;
  readonly open_interest?: number | null;
  /** Perpetuals: the rate of eight hours that accrues now. */
  readonly current_funding?: number | null;
  readonly best_bid_price: number | null;
  readonly best_bid_amount: number | null;
  readonly best_ask_price: number | null;
  readonly best_ask_amount: number | null;
  readonly stats: WireStats;
  /** Options only, as the volatilities: percent, 0 on a side without orders. */
  readonly greeks?: WireGreeks;
  readonly mark_iv?: number | null;
  readonly bid_iv?: number | null;
  readonly ask_iv?: number | null;
  readonly underlying_price?: number | null;
}

export interface WireStats {
  readonly high: number | null;
  readonly low: number | null;
  /** Base currency. */
  readonly volume: number | null;
  readonly volume_usd?: number | null;
  /** Quote currency; futures and spot, since 2022. */
  readonly volume_notional?: number | null;
}

/** `public/get_order_book`: a ticker with levels. */
export interface WireBook extends WireTicker {
  readonly change_id: number;
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
}

export interface WireTrade {
  readonly instrument_name: string;
  readonly trade_id: string;
  readonly trade_seq: number;
  readonly timestamp: number;
  readonly price: number;
  readonly amount: number;
  /** Of the taker. */
  readonly direction: string;
  /** Whose side was liquidated: `M`aker, `T`aker or `MT`; absent on others. */
  readonly liquidation?: string;
}

export interface WireTrades<W = WireTrade> {
  readonly trades: readonly W[];
  readonly has_more: boolean;
}

/** `public/get_tradingview_chart_data`: columns. */
export interface WireChart {
  readonly status: string;
  readonly ticks: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  /** Base currency. */
  readonly volume: readonly number[];
  /** Quote currency. */
  readonly cost: readonly number[];
}

/** A row of `public/get_funding_rate_history`: one hour, which ends at the time. */
export interface WireFundingHour {
  readonly timestamp: number;
  readonly index_price: number;
  /** Paid in the hour. */
  readonly interest_1h: number;
  /** Paid in the eight hours up to then. */
  readonly interest_8h: number;
}

/** `private/get_order_state` and its like. https://docs.deribit.com/#trading */
export interface WireOrder {
  readonly order_id: string;
  readonly instrument_name: string;
  readonly direction: string;
  readonly order_type: string;
  readonly order_state: string;
  /** Of market orders `market_price`. */
  readonly price: number | string;
  readonly amount: number;
  readonly filled_amount?: number;
  /** 0 while nothing is filled. */
  readonly average_price?: number | null;
  readonly time_in_force: string;
  readonly post_only?: boolean;
  readonly reduce_only?: boolean;
  readonly label: string;
  readonly cancel_reason?: string;
  readonly creation_timestamp: number;
  readonly last_update_timestamp: number;
}

/** The answer to an order or an amendment. */
export interface WirePlaced {
  readonly order: WireOrder;
  readonly trades: readonly WireFill[];
}

/** A trade of one's own. */
export interface WireFill {
  readonly instrument_name: string;
  readonly trade_id: string;
  readonly trade_seq: number;
  readonly order_id: string;
  readonly label?: string;
  readonly direction: string;
  readonly price: number;
  readonly amount: number;
  /** What is paid is positive. */
  readonly fee: number;
  readonly fee_currency: string;
  readonly liquidity: string;
  /** Derivatives only. */
  readonly profit_loss?: number | null;
  readonly timestamp: number;
}

/** A row of `private/get_account_summaries`, and of the channel `user.portfolio`. */
export interface WireSummary {
  readonly currency: string;
  readonly balance: number;
  readonly available_funds: number;
}

export interface WireSummaries {
  readonly summaries: readonly WireSummary[];
}

/** Sizes are signed: dollars on inverse contracts, coins on others. */
export interface WirePosition {
  readonly instrument_name: string;
  readonly size: number;
  readonly average_price: number | null;
  readonly mark_price: number | null;
  readonly estimated_liquidation_price?: number | null;
  readonly floating_profit_loss: number | null;
  readonly leverage?: number | null;
}

/** The channel `user.changes`: what has happened at once. */
export interface WireChanges {
  readonly instrument_name: string;
  readonly orders: readonly WireOrder[];
  readonly trades: readonly WireFill[];
  /** Absent on spot. */
  readonly positions?: readonly WirePosition[];
}
