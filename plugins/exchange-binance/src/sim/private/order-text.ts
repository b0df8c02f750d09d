import { formatUnits, MONEY_SCALE, type Terms, type UserOrder, VALUE_SCALE } from '@speed-protocol/simulator';
import type { MarketText } from '../text.js';

/** The venue's words for how an order stands. */
const STATUS = {
  open: 'NEW',
  'partially-filled': 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
} as const;

/** How an order stands, in the venue's word. */
export function statusOf({ status, endedBy }: UserOrder): string {
  return endedBy === 'self-trade' ? 'EXPIRED_IN_MATCH' : STATUS[status];
}

const AVERAGE_SCALE = 8;

/** Numbers of orders, fills and positions of one market, as user-data events print them. */
export class OrderText {
  constructor(
    readonly text: MarketText,
    readonly terms: Terms,
  ) {}

  /** A price, or "0" where there is none. */
  price(ticks: number | undefined): string {
    if (ticks !== undefined) return this.text.price(ticks);
    return this.text.family === 'spot' ? money(0n) : '0';
  }

  size(lots: number): string {
    return this.text.size(lots);
  }

  /** Worth of lots at a price, in the quote asset (spot, linear) or the base asset (inverse). */
  value(ticks: number, lots: number): string {
    return scaled(this.terms.value(ticks, lots), VALUE_SCALE);
  }

  /** Mean price of lots with this total value; "0" of none. */
  mean(value: bigint, lots: number): string {
    return short(this.terms.meanPrice(value, lots, AVERAGE_SCALE), AVERAGE_SCALE);
  }

  /** Value of what is filled so far. */
  filledValue({ filledValue }: UserOrder): string {
    return scaled(filledValue, VALUE_SCALE);
  }
}

/** Money with all its decimals. */
export function money(units: bigint): string {
  return formatUnits(units, MONEY_SCALE);
}

/** Cut to eight decimals. */
function scaled(units: bigint, scale: number): string {
  return money(units / 10n ** BigInt(scale - MONEY_SCALE));
}

/** Without zeros at the end. */
function short(units: bigint, scale: number): string {
  return formatUnits(units, scale).replace(/\.?0+$/, '');
}
