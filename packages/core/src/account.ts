import type { Decimal } from './decimal.js';
import type { PositionSide } from './order.js';

export interface Balance {
  readonly venue: string;
  readonly currency: string;
  /** Wallet balance, without unrealised profit. */
  readonly total: Decimal;
  /** What new orders and withdrawals may use. `null` where the message does not say. */
  readonly free: Decimal | null;
}

export interface Position {
  readonly venue: string;
  readonly symbol: string;
  /** `null` in one-way mode. */
  readonly positionSide: PositionSide | null;
  /** Contracts, signed: negative is short. `"0"` when closed. */
  readonly amount: Decimal;
  readonly entryPrice: Decimal | null;
  readonly markPrice: Decimal | null;
  readonly liquidationPrice: Decimal | null;
  /** In the settle currency. */
  readonly unrealizedPnl: Decimal | null;
  readonly leverage: number | null;
  readonly marginMode: 'cross' | 'isolated' | null;
  /** ms; 0 when the venue does not say. */
  readonly updatedAt: number;
}

/** Fractions of the traded value: 0.0005 is 5 bp; negative is a rebate. */
export interface FeeRates {
  readonly maker: Decimal;
  readonly taker: Decimal;
}
