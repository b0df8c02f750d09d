import { add, type Exact, exact, type OrderLots, subtract, toDecimal, toMoney, ZERO } from '@speed-protocol/book';
import type { Decimal } from '@speed-protocol/core';
import type { DeskOrder } from '../desk/order-state.js';
import type { SymbolLots } from './symbol-lots.js';
import type { SymbolWatch } from './symbol-watch.js';
import type { PnlUpdate } from './types.js';

/** Profit and loss of an order as all that is known shows it; `null` before its first fill. */
export function describePnl(
  accountId: string,
  order: DeskOrder & { readonly settled: boolean },
  from: SymbolWatch,
): PnlUpdate | null {
  const { lots, price, funding } = from;
  const { clientOrderId, venueOrderId } = order;
  const own = venueOrderId === null ? undefined : lots?.order(venueOrderId);
  if (!lots || !own) return null;
  const paid = funding?.paymentsOf(own, price) ?? ZERO;
  const unrealized = price === null ? null : lots.unrealized(venueOrderId!, price);
  return {
    ...{ accountId, clientOrderId, markPrice: price, otherFees: lots.otherFees(venueOrderId!) },
    ...whatOf(lots, own, order.averagePrice),
    ...moneyOf(own, paid, unrealized),
    // An order that still works may open more.
    open: own.left.units > 0n || !order.settled,
  };
}

function whatOf({ instrument, settle }: SymbolLots, own: OrderLots, averagePrice: Decimal | null) {
  const { venue, symbol, contractSize } = instrument;
  // An order that opened nothing has no entry of its own: its price stands there.
  const entryPrice = toDecimal(own.entryPrice ?? (averagePrice === null ? ZERO : exact(averagePrice)));
  const { side, openedAt: entryTime, left } = own;
  return { venue, symbol, contractSize, settle, side, entryTime, entryPrice, quantity: toDecimal(left) };
}

function moneyOf({ realized, fees }: OrderLots, funding: Exact, unrealized: Exact | null) {
  const booked = subtract(add(realized, funding), fees);
  return {
    realizedPnl: toMoney(realized),
    unrealizedPnl: unrealized && toMoney(unrealized),
    fees: toMoney(fees),
    funding: toMoney(funding),
    netPnl: unrealized && toMoney(add(booked, unrealized)),
  };
}
