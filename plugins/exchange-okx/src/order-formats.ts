import {
  type Balance,
  decimal,
  type FeeRates,
  type Fill,
  type NewOrder,
  type Order,
  type OrderStatus,
  type Position,
  type PositionSide,
  SpeedError,
  type TimeInForce,
} from '@speed-protocol/core';
import { exactOf, exactOrNull, exactUnlessZero, negated, type Params } from '@speed-protocol/wire';
import { sideFromWire } from './formats.js';
import type { WireBalance, WireFeeRates, WireFill, WireOrder, WirePosition } from './types.js';

/** There is no expired: what is left of IOC and FOK is canceled. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  live: 'OPEN',
  partially_filled: 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  mmp_canceled: 'CANCELED',
};

/** The venue has one word for kind and time in force together. */
const TYPES: Readonly<Record<TimeInForce, string>> = { GTC: 'limit', IOC: 'ioc', FOK: 'fok', POST_ONLY: 'post_only' };
const TIMES: Readonly<Record<string, TimeInForce>> = Object.fromEntries(
  Object.entries(TYPES).map(([time, type]) => [type, time as TimeInForce]),
);

/** Fields of an order. Amounts of spot are always counted in base. */
export function orderToWire(order: NewOrder, tdMode: string): Params {
  const { clientOrderId, side, type, amount, price, timeInForce = 'GTC', reduceOnly, positionSide } = order;
  return {
    tdMode,
    side,
    ordType: type === 'market' ? 'market' : TYPES[timeInForce],
    sz: amount,
    px: price,
    clOrdId: clientOrderId,
    posSide: positionSide,
    reduceOnly: reduceOnly === true && positionSide === undefined ? true : undefined,
    tgtCcy: type === 'market' && tdMode === 'cash' ? 'base_ccy' : undefined,
  };
}

function legOf(posSide: string): PositionSide | null {
  return posSide === 'long' || posSide === 'short' ? posSide : null;
}

export function orderFromWire(venue: string, symbol: string, wire: WireOrder): Order {
  const status = STATUSES[wire.state];
  if (!status) throw new SpeedError('protocol', `field "state" is ${JSON.stringify(wire.state)}, which is none that is known`);
  return {
    venue,
    symbol,
    clientOrderId: wire.clOrdId || null,
    venueOrderId: wire.ordId,
    side: sideFromWire(wire.side),
    type: wire.ordType in TIMES ? 'limit' : wire.ordType,
    status,
    timeInForce: TIMES[wire.ordType] ?? null,
    price: wire.ordType === 'market' ? null : exactOrNull(wire.px, 'px'),
    amount: exactOf(wire.sz, 'sz'),
    filled: exactOf(wire.accFillSz || '0', 'accFillSz'),
    averagePrice: exactUnlessZero(wire.avgPx, 'avgPx'),
    reduceOnly: String(wire.reduceOnly) === 'true',
    positionSide: legOf(wire.posSide),
    reason: wire.cancelSource || null,
    updatedAt: Number(wire.uTime),
  };
}

export function fillFromWire(venue: string, symbol: string, wire: WireFill): Fill {
  return {
    venue,
    symbol,
    tradeId: wire.tradeId,
    venueOrderId: wire.ordId,
    clientOrderId: wire.clOrdId || null,
    side: sideFromWire(wire.side),
    price: exactOf(wire.fillPx, 'fillPx'),
    amount: exactOf(wire.fillSz, 'fillSz'),
    fee: wire.fee === '' ? null : negated(exactOf(wire.fee, 'fee')),
    feeCurrency: wire.feeCcy || null,
    liquidity: wire.execType === 'M' ? 'maker' : wire.execType === 'T' ? 'taker' : null,
    realizedPnl: exactOrNull(wire.fillPnl, 'fillPnl'),
    positionSide: legOf(wire.posSide),
    time: Number(wire.fillTime || wire.ts),
  };
}

/** The fill that a message of the channel `orders` tells of. */
export function fillOfOrder(venue: string, symbol: string, wire: WireOrder): Fill | undefined {
  if (!wire.tradeId) return undefined;
  const { fillPx = '', fillSz = '', fillFee = '', fillFeeCcy = '', fillPnl = '', execType = '', fillTime = '' } = wire;
  const told = { fillPx, fillSz, fee: fillFee, feeCcy: fillFeeCcy, fillPnl, execType, fillTime };
  return fillFromWire(venue, symbol, { ...wire, ...told, tradeId: wire.tradeId, billId: '', ts: wire.uTime });
}

export function balancesFromWire(venue: string, { details }: WireBalance): readonly Balance[] {
  return details.map(({ ccy, cashBal, availBal }) => ({
    venue,
    currency: ccy,
    total: exactOf(cashBal, 'cashBal'),
    free: exactOrNull(availBal, 'availBal'),
  }));
}

export function positionFromWire(venue: string, symbol: string, wire: WirePosition): Position {
  const size = exactOf(wire.pos || '0', 'pos');
  const positionSide = legOf(wire.posSide);
  return {
    venue,
    symbol,
    positionSide,
    amount: positionSide === 'short' && !size.startsWith('-') && Number(size) !== 0 ? decimal(`-${size}`) : size,
    entryPrice: exactUnlessZero(wire.avgPx, 'avgPx'),
    markPrice: exactOrNull(wire.markPx, 'markPx'),
    liquidationPrice: exactOrNull(wire.liqPx, 'liqPx'),
    unrealizedPnl: exactOrNull(wire.upl, 'upl'),
    leverage: wire.lever === '' ? null : Number(wire.lever),
    marginMode: wire.mgnMode === 'cross' || wire.mgnMode === 'isolated' ? wire.mgnMode : null,
    updatedAt: Number(wire.uTime || 0),
  };
}

/** By fee group since 2025-11; the fields beside it are on their way out. */
export function feeRatesFromWire({ feeGroup, maker, taker }: WireFeeRates): FeeRates {
  const rates = feeGroup?.[0] ?? { maker, taker };
  return { maker: negated(exactOf(rates.maker, 'maker')), taker: negated(exactOf(rates.taker, 'taker')) };
}
