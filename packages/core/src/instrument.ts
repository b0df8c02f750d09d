import type { Decimal } from './decimal.js';

export type InstrumentKind = 'spot' | 'perpetual' | 'future' | 'option';

/** `open`: trades now. `halted`: exists but does not trade now. `closed`: delisted, expired or not yet listed. */
export type InstrumentStatus = 'open' | 'halted' | 'closed';

/** One tradable thing on one venue. Immutable; a refreshed listing makes new objects. */
export interface Instrument {
  /** Venue id in ccxt's naming, e.g. `binanceusdm`. */
  readonly venue: string;
  /** Unified symbol, e.g. `BTC/USDT:USDT`. Unique per venue. */
  readonly symbol: string;
  /** The venue's own id, exactly as sent, e.g. `BTCUSDT`. */
  readonly venueSymbol: string;
  readonly kind: InstrumentKind;
  readonly status: InstrumentStatus;
  readonly base: string;
  readonly quote: string;
  /** Currency in which profit and loss are paid; absent on spot. */
  readonly settle?: string;
  /** Inverse: the contract is worth a fixed amount of quote and settles in base. Absent on spot. */
  readonly inverse?: boolean;
  /** What one contract is worth: base units on linear, quote units on inverse, `"1"` on spot. */
  readonly contractSize: Decimal;
  /** Smallest price step. */
  readonly tickSize: Decimal;
  /** Smallest amount step: base units on spot, contracts on derivatives. */
  readonly lotSize: Decimal;
  readonly minAmount?: Decimal;
  readonly maxAmount?: Decimal;
  /** Smallest price x amount (x contractSize), in quote. */
  readonly minNotional?: Decimal;
  readonly minPrice?: Decimal;
  readonly maxPrice?: Decimal;
  /** Delivery or expiry, ms since epoch; absent on spot and perpetuals. */
  readonly expiry?: number;
  readonly strike?: Decimal;
  readonly optionType?: 'call' | 'put';
  /** Hours between funding payments, as the venue says; absent when it does not say (never assumed). */
  readonly fundingIntervalHours?: number;
}
