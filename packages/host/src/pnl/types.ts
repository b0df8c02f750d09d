import type { Clock, Connector, Decimal, Instrument, Logger } from '@speed-protocol/core';
import type { OrderDesk } from '../desk/desk.js';

/** Profit and loss of what one order opened, in the settle currency (quote on spot). */
export interface PnlUpdate {
  readonly accountId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly clientOrderId: string;
  /** Of the position. */
  readonly side: 'long' | 'short';
  /** First fill, ms. */
  readonly entryTime: number;
  readonly entryPrice: Decimal;
  /** What is left of it: base units on spot, contracts on derivatives. */
  readonly quantity: Decimal;
  readonly contractSize: Decimal;
  /** The venue's mark price; on spot the middle of the best prices. `null` until one is known. */
  readonly markPrice: Decimal | null;
  readonly realizedPnl: Decimal;
  /** `null` without a mark price. */
  readonly unrealizedPnl: Decimal | null;
  /** Paid for entry and exit; negative is a rebate. */
  readonly fees: Decimal;
  /** Received; negative is paid. */
  readonly funding: Decimal;
  /** Realised + unrealised - fees + funding; `null` without a mark price. */
  readonly netPnl: Decimal | null;
  /** Fees in other currencies than the settle currency, which no price here translates. */
  readonly otherFees: Readonly<Record<string, Decimal>>;
  readonly settle: string;
  /** False once the position is closed. */
  readonly open: boolean;
}

export interface PnlWatch extends Disposable {
  readonly clientOrderId: string;
  /** The latest update; `null` before the first fill. */
  readonly latest: PnlUpdate | null;
}

/** What a monitor of profit and loss needs of its account. */
export interface MonitorParts {
  readonly accountId: string;
  readonly connector: Connector;
  readonly desk: OrderDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  instrument(symbol: string): Promise<Instrument>;
  watchPrice(symbol: string, on: (price: Decimal) => void): () => void;
}
