import { exact, floorTo, toDecimal } from '@speed-protocol/book';
import { type Balance, type Decimal, type FundingRate, type Position, SpeedError } from '@speed-protocol/core';
import type { DeskOrder, PnlUpdate } from '@speed-protocol/host';
import type { PriceImpactResult } from '@speed-protocol/protocol';

/** The prototype's clients read what ccxt writes: numbers, and the words below. */
const STATUSES: Readonly<Record<DeskOrder['status'], string>> = {
  PENDING: 'open',
  UNKNOWN: 'open',
  OPEN: 'open',
  PARTIALLY_FILLED: 'open',
  FILLED: 'closed',
  CANCELED: 'canceled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
};

/** How the end of an order is announced. */
export const ENDS: Readonly<Partial<Record<DeskOrder['status'], string>>> = {
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'canceled',
  REJECTED: 'rejected',
};

const number = (text: Decimal | null): number | null => (text === null ? null : Number(text));

export function orderData(order: DeskOrder) {
  const { venueOrderId, clientOrderId, createdAt, symbol, type, side, price, amount, filled, averagePrice, status, reason } =
    order;
  const [all, done] = [number(amount), Number(filled)];
  return {
    id: venueOrderId ?? clientOrderId,
    clientOrderId,
    timestamp: createdAt || null,
    symbol,
    type,
    side,
    price: number(price),
    amount: all,
    filled: done,
    remaining: all === null ? null : Math.max(0, Number((all - done).toPrecision(15))),
    average: number(averagePrice),
    status: STATUSES[status],
    reason,
  };
}

export function balanceData(balances: readonly Balance[], positions: readonly Position[]) {
  const rows = balances.map(({ currency, total, free }) => {
    const [all, usable] = [Number(total), number(free)];
    return [
      currency,
      { free: usable, used: usable === null ? null : Number((all - usable).toPrecision(15)), total: all },
    ] as const;
  });
  const column = (name: 'free' | 'used' | 'total') => Object.fromEntries(rows.map(([currency, row]) => [currency, row[name]]));
  return {
    ...Object.fromEntries(rows),
    ...{ free: column('free'), used: column('used'), total: column('total') },
    positions: positions.map(({ venue: _, ...position }) => position),
  };
}

export function impactData(volume: number, impact: PriceImpactResult) {
  const { averagePrice, midPrice, baseAmount, complete } = impact;
  if (!complete || averagePrice === null || midPrice === null) {
    return { status: 'error', message: 'Insufficient liquidity to fill the entire trade volume.' } as const;
  }
  return {
    status: 'success',
    trade_volume_quote: volume,
    avg_execution_price: averagePrice,
    mid_price: midPrice,
    price_impact_percent: ((averagePrice - midPrice) / midPrice) * 100,
    base_quantity_filled: baseAmount,
  } as const;
}

export function fundingData(symbol: string, funding: Omit<FundingRate, 'receivedAt'> | null) {
  if (!funding) return { status: 'info', message: 'Symbol is not a perpetual swap, no funding rate applicable.' } as const;
  return {
    status: 'success',
    symbol,
    funding_rate: funding.rate,
    funding_timestamp: funding.nextFundingTime,
    predicted_rate: funding.predictedRate,
    // Per cent, as the prototype had it; null where the venue's interval is not known.
    estimated_apr: funding.apr === null ? null : funding.apr * 100,
  } as const;
}

export function pnlData(connectorName: string, pnl: PnlUpdate) {
  return {
    connector_name: connectorName,
    pair_name: pnl.symbol,
    entry_timestamp: pnl.entryTime,
    entry_price: Number(pnl.entryPrice),
    quantity: Number(pnl.quantity),
    position_side: pnl.side,
    current_price: number(pnl.markPrice),
    NetPnL: number(pnl.netPnl),
    order_id: pnl.clientOrderId,
    settle: pnl.settle,
  };
}

/** A JSON number or text, truncated to a multiple of `step`: these clients rely on that. @throws SpeedError when it is neither */
export function truncate(name: string, value: unknown, step: Decimal): Decimal {
  const text = typeof value === 'number' ? expand(String(value)) : value;
  if (typeof text !== 'string' || !/^\d{1,30}(\.\d{1,30})?$/.test(text))
    throw new SpeedError('invalid-request', `params.${name} must be a positive number`);
  return toDecimal(floorTo(exact(text as Decimal), exact(step)));
}

/** `1e-7` as `0.0000001`. */
function expand(text: string): string {
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  return shift < 0
    ? `0.${(whole + fraction).padStart(fraction.length - shift, '0')}`
    : (whole + fraction).padEnd(whole.length + shift, '0');
}
