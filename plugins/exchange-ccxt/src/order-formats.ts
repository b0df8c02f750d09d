import {
  type Balance,
  type Decimal,
  decimal,
  type Fill,
  type NewOrder,
  type Order,
  type OrderStatus,
  type Position,
  SpeedError,
  type TimeInForce,
} from '@speed-protocol/core';
import { sideOf } from './formats.js';
import { decimalOrNull, floatOrNull, requiredDecimal } from './numbers.js';
import type * as ccxt from './types.js';

/** ccxt has one word for what is open and for what is filled in parts. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  open: 'OPEN',
  closed: 'FILLED',
  canceled: 'CANCELED',
  canceling: 'OPEN',
  expired: 'EXPIRED',
  rejected: 'REJECTED',
};

const TIMES: Readonly<Record<string, TimeInForce>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK', PO: 'POST_ONLY', GTX: 'POST_ONLY' };
const ZERO = decimal('0');

/** What goes beside the unified arguments. */
export function orderParams({ clientOrderId, timeInForce, type, reduceOnly, positionSide }: NewOrder): ccxt.Params {
  return {
    clientOrderId,
    ...(type === 'limit' && timeInForce === 'POST_ONLY' && { postOnly: true }),
    ...(type === 'limit' && (timeInForce === 'IOC' || timeInForce === 'FOK') && { timeInForce }),
    ...(reduceOnly === true && { reduceOnly: true }),
    // ccxt finds the leg by the side and by whether the order reduces.
    ...(positionSide !== undefined && { hedged: true }),
  };
}

export function orderOf(venue: string, symbol: string, order: ccxt.CcxtOrder): Order {
  const amount = requiredDecimal(order.amount, 'amount');
  const filled = decimalOrNull(order.filled) ?? ZERO;
  const isMarket = order.type === 'market';
  return {
    venue,
    symbol,
    clientOrderId: order.clientOrderId || null,
    venueOrderId: idOf(order),
    side: sideOf(order.side),
    type: order.type ?? 'limit',
    status: statusOf(order.status, amount, filled),
    timeInForce: order.postOnly === true ? 'POST_ONLY' : (TIMES[order.timeInForce ?? ''] ?? null),
    price: isMarket ? null : nonZero(order.price),
    amount,
    filled,
    averagePrice: Number(filled) === 0 ? null : nonZero(order.average),
    reduceOnly: order.reduceOnly ?? null,
    positionSide: null,
    reason: null,
    updatedAt: order.lastUpdateTimestamp ?? order.lastTradeTimestamp ?? order.timestamp ?? 0,
  };
}

function idOf({ id }: ccxt.CcxtOrder): string {
  if (id !== undefined && id !== '') return id;
  throw new SpeedError('protocol', 'field "id" is missing');
}

function statusOf(status: string | undefined, amount: Decimal, filled: Decimal): OrderStatus {
  const found = STATUSES[status ?? ''];
  if (!found) throw new SpeedError('protocol', `field "status" is ${JSON.stringify(status)}, which is none that is known`);
  // Some exchanges call closed what has ended in any way.
  if (found === 'FILLED' && Number(filled) < Number(amount)) return 'CANCELED';
  return found === 'OPEN' && Number(filled) > 0 ? 'PARTIALLY_FILLED' : found;
}

function nonZero(value: ccxt.Num): Decimal | null {
  const found = decimalOrNull(value);
  return found === null || Number(found) === 0 ? null : found;
}

export function fillOf(venue: string, symbol: string, trade: ccxt.CcxtTrade, clientOrderId: string | null): Fill {
  const { id, order, fee, takerOrMaker } = trade;
  if (!id || !order) throw new SpeedError('protocol', `a fill without ${id ? 'the id of its order' : 'an id'}`);
  return {
    venue,
    symbol,
    tradeId: id,
    venueOrderId: order,
    clientOrderId,
    side: sideOf(trade.side),
    price: requiredDecimal(trade.price, 'price'),
    amount: requiredDecimal(trade.amount, 'amount'),
    fee: decimalOrNull(fee?.cost),
    feeCurrency: fee?.currency ?? null,
    liquidity: takerOrMaker === 'maker' || takerOrMaker === 'taker' ? takerOrMaker : null,
    realizedPnl: null,
    positionSide: null,
    time: trade.timestamp ?? 0,
  };
}

/** Entries of ccxt's balance that are no currency. */
const NOT_CURRENCIES = new Set(['info', 'timestamp', 'datetime', 'free', 'used', 'total', 'debt']);

export function balancesOf(venue: string, told: ccxt.CcxtBalances): readonly Balance[] {
  return Object.entries(told).flatMap(([currency, entry]) => {
    if (NOT_CURRENCIES.has(currency) || typeof entry !== 'object' || entry === null) return [];
    const { total, free } = entry as { readonly total?: ccxt.Num; readonly free?: ccxt.Num };
    const sum = decimalOrNull(total);
    return sum === null ? [] : [{ venue, currency, total: sum, free: decimalOrNull(free) }];
  });
}

export function positionOf(venue: string, position: ccxt.CcxtPosition): Position {
  const { symbol = '', side, hedged, contracts, marginMode } = position;
  const size = decimalOrNull(contracts) ?? ZERO;
  const isShort = side === 'short' && Number(size) !== 0 && !size.startsWith('-');
  return {
    venue,
    symbol,
    positionSide: hedged === true && (side === 'long' || side === 'short') ? side : null,
    amount: isShort ? decimal(`-${size}`) : size,
    entryPrice: nonZero(position.entryPrice),
    markPrice: nonZero(position.markPrice),
    liquidationPrice: nonZero(position.liquidationPrice),
    unrealizedPnl: decimalOrNull(position.unrealizedPnl),
    leverage: floatOrNull(position.leverage),
    marginMode: marginMode === 'cross' || marginMode === 'isolated' ? marginMode : null,
    updatedAt: position.lastUpdateTimestamp ?? position.timestamp ?? 0,
  };
}
