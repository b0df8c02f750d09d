import {
  type Balance,
  decimal,
  type FeeRates,
  type Fill,
  type Instrument,
  type NewOrder,
  type Order,
  type OrderStatus,
  type Position,
  type PositionSide,
  SpeedError,
  type TimeInForce,
} from '@speed-protocol/core';
import { exactOf, exactOrNull, exactUnlessZero, negated, type Params, sumOf } from '@speed-protocol/wire';
import { sideFromWire } from './formats.js';
import type { WireCoin, WireExecution, WireFeeRates, WireOrder, WirePosition } from './types.js';

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  New: 'OPEN',
  Untriggered: 'OPEN',
  Triggered: 'OPEN',
  PartiallyFilled: 'PARTIALLY_FILLED',
  Filled: 'FILLED',
  Cancelled: 'CANCELED',
  PartiallyFilledCanceled: 'CANCELED',
  Rejected: 'REJECTED',
  Deactivated: 'CANCELED',
};

/** What ended as cancelled, and was not: only the reason tells. */
const ENDS: Readonly<Record<string, OrderStatus>> = {
  EC_PostOnlyWillTakeLiquidity: 'REJECTED',
  EC_NoImmediateQtyToFill: 'EXPIRED',
  EC_NoEnoughQtyToFill: 'EXPIRED',
  EC_CancelForNoFullFill: 'EXPIRED',
};

const TIMES: Readonly<Record<TimeInForce, string>> = { GTC: 'GTC', IOC: 'IOC', FOK: 'FOK', POST_ONLY: 'PostOnly' };
const FROM_TIMES: Readonly<Record<string, TimeInForce>> = Object.fromEntries(
  Object.entries(TIMES).map(([time, name]) => [name, time as TimeInForce]),
);
const SIDES = { buy: 'Buy', sell: 'Sell' } as const;
const LEGS: Readonly<Record<PositionSide, number>> = { long: 1, short: 2 };

/** Fields of an order. Amounts of spot are always counted in base. */
export function orderToWire(order: NewOrder, { kind }: Instrument): Params {
  const { clientOrderId, side, type, amount, price, timeInForce = 'GTC', reduceOnly, positionSide } = order;
  const isMarket = type === 'market';
  return {
    side: SIDES[side],
    orderType: isMarket ? 'Market' : 'Limit',
    qty: amount,
    price,
    timeInForce: isMarket ? undefined : TIMES[timeInForce],
    orderLinkId: clientOrderId,
    marketUnit: isMarket && kind === 'spot' ? 'baseCoin' : undefined,
    reduceOnly: reduceOnly === true ? true : undefined,
    positionIdx: positionSide && LEGS[positionSide],
  };
}

function legOf(index: number | undefined): PositionSide | null {
  return index === LEGS.long ? 'long' : index === LEGS.short ? 'short' : null;
}

/** Words that stand for none. */
const NO_WORD: ReadonlySet<string> = new Set(['', 'EC_NoError', 'UNKNOWN']);
const said = (word: string | undefined): string | null => (word === undefined || NO_WORD.has(word) ? null : word);

export function orderFromWire(venue: string, symbol: string, wire: WireOrder): Order {
  const status = STATUSES[wire.orderStatus];
  if (!status) {
    throw new SpeedError('protocol', `field "orderStatus" is ${JSON.stringify(wire.orderStatus)}, which is none that is known`);
  }
  const isMarket = wire.orderType === 'Market';
  return {
    venue,
    symbol,
    clientOrderId: wire.orderLinkId || null,
    venueOrderId: wire.orderId,
    side: sideFromWire(wire.side),
    type: said(wire.stopOrderType) ?? wire.orderType.toLowerCase(),
    status: (status === 'CANCELED' && ENDS[wire.rejectReason ?? '']) || status,
    timeInForce: isMarket ? null : (FROM_TIMES[wire.timeInForce] ?? null),
    price: isMarket ? null : exactUnlessZero(wire.price, 'price'),
    amount: exactOf(wire.qty, 'qty'),
    filled: exactOf(wire.cumExecQty || '0', 'cumExecQty'),
    averagePrice: exactUnlessZero(wire.avgPrice, 'avgPrice'),
    reduceOnly: wire.reduceOnly,
    positionSide: legOf(wire.positionIdx),
    reason: said(wire.rejectReason) ?? said(wire.cancelType),
    updatedAt: Number(wire.updatedTime),
  };
}

/** What changes a position; funding and the like come as executions too. */
const FILLS: ReadonlySet<string> = new Set(['Trade', 'AdlTrade', 'BustTrade', 'Delivery', 'Settle', 'BlockTrade']);
export const isFill = ({ execType }: WireExecution): boolean => FILLS.has(execType);

/** The leg is not told. */
export function fillFromWire(venue: string, symbol: string, wire: WireExecution): Fill {
  return {
    venue,
    symbol,
    tradeId: wire.execId,
    venueOrderId: wire.orderId,
    clientOrderId: wire.orderLinkId || null,
    side: sideFromWire(wire.side),
    price: exactOf(wire.execPrice, 'execPrice'),
    amount: exactOf(wire.execQty, 'execQty'),
    fee: exactOrNull(wire.execFee, 'execFee'),
    feeCurrency: wire.feeCurrency || null,
    liquidity: wire.isMaker ? 'maker' : 'taker',
    realizedPnl: exactOrNull(wire.execPnl, 'execPnl'),
    positionSide: null,
    time: Number(wire.execTime),
  };
}

/** Free is what neither spot orders nor margin take. */
export function balanceFromWire(
  venue: string,
  { coin, walletBalance, locked, totalOrderIM, totalPositionIM }: WireCoin,
): Balance {
  const total = exactOf(walletBalance, 'walletBalance');
  const taken = Object.entries({ locked, totalOrderIM, totalPositionIM }).map(([field, text]) =>
    negated(exactOf(text || '0', field)),
  );
  const free = sumOf(total, ...taken);
  return { venue, currency: coin, total, free: free.startsWith('-') ? decimal('0') : free };
}

/** The margin mode is the whole account's and not told here. */
export function positionFromWire(venue: string, symbol: string, wire: WirePosition): Position {
  const size = exactOf(wire.size || '0', 'size');
  return {
    venue,
    symbol,
    positionSide: legOf(wire.positionIdx),
    amount: wire.side === 'Sell' && Number(size) !== 0 ? negated(size) : size,
    entryPrice: exactUnlessZero(wire.avgPrice ?? wire.entryPrice, 'avgPrice'),
    markPrice: exactOrNull(wire.markPrice, 'markPrice'),
    liquidationPrice: exactUnlessZero(wire.liqPrice, 'liqPrice'),
    unrealizedPnl: exactOrNull(wire.unrealisedPnl, 'unrealisedPnl'),
    leverage: wire.leverage ? Number(wire.leverage) : null,
    marginMode: null,
    updatedAt: Number(wire.updatedTime || 0),
  };
}

export function feeRatesFromWire({ makerFeeRate, takerFeeRate }: WireFeeRates): FeeRates {
  return { maker: exactOf(makerFeeRate, 'makerFeeRate'), taker: exactOf(takerFeeRate, 'takerFeeRate') };
}
