import type { InstrumentKind } from '@speed-protocol/core';

/** One instrument as a simulated venue lists it. Decimal strings are printed on the wire with just these decimals. */
export interface Listing {
  /** Unified symbol, e.g. `BTC/USDT:USDT`. */
  readonly symbol: string;
  /** The venue's own id, e.g. `BTCUSDT`. */
  readonly venueSymbol: string;
  /**
   * What it is known by in here: in orders, positions and the ledger. Default the venue's id; given where two products of a
   * venue share an id, e.g. `spot/BTCUSDT`.
   */
  readonly key?: string;
  readonly kind: Exclude<InstrumentKind, 'option'>;
  readonly base: string;
  readonly quote: string;
  readonly settle?: string;
  readonly inverse?: boolean;
  /** Base units per contract on linear, quote units on inverse; `"1"` on spot. */
  readonly contractSize: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minNotional?: string;
  /** Delivery, ms since epoch; dated futures only. */
  readonly expiry?: number;
  /** Hours between funding payments; perpetuals only. */
  readonly fundingIntervalHours?: number;
  /** Name of the price that this follows, shared by all instruments of one asset, e.g. `BTC`. */
  readonly asset: string;
  /** Price of the asset when the simulation starts, in quote units of this instrument. */
  readonly price: number;
  /** What one unit of quote is worth in dollars, for realistic order sizes; default 1. */
  readonly quoteValue?: number;
}

/** See {@link Listing.key}. */
export function keyOf({ key, venueSymbol }: Pick<Listing, 'key' | 'venueSymbol'>): string {
  return key ?? venueSymbol;
}
