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

/** The answer to an order or an amendment. */
export interface WirePlaced {
  readonly order: Row;
  readonly trades: readonly Row[];
}

export interface WireSummaries {
  readonly summaries: readonly Row[];
}

export interface WireTrades {
  readonly trades: readonly Row[];
}
