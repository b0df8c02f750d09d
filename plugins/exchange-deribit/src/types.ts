import type { Row } from '@speed-protocol/wire';

/**
 * Bodies exactly as the venue sends them, as far as they are read here. Numbers are JSON numbers. Rows of orders, fills,
 * balances and positions are read by the tables of `order-formats.ts`.
 */

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

/** The answer to an order or an amendment. */
export interface WirePlaced {
  readonly order: Row;
  readonly trades: readonly Row[];
}

export interface WireSummaries {
  readonly summaries: readonly Row[];
}
