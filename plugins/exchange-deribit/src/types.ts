import type { Row } from '@speed-protocol/wire';

/**
 * Bodies exactly as the venue sends them, as far as they are read here. Numbers are JSON numbers. Rows of orders, fills,
 * balances and positions are read by the tables of `order-formats.ts`.
 */

/** Every answer. https://docs.deribit.com/#json-rpc */
export interface Reply<T> {
  readonly result: T;
}

/** `public/get_tradingview_chart_data`: columns, volume in base and cost in quote currency. */
export type WireChart = Readonly<Record<'ticks' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'cost', readonly number[]>>;

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
