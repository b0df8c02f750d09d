import type { Account, ConditionalOrder } from '@speed-protocol/simulator';
import { averagePriceOf, positionSideOf } from './bodies.js';
import type { TradingDesk } from './desk.js';
import type { WireDetails } from './details.js';

/** The venue's words for how a conditional order stands. */
const STATUS = {
  waiting: 'NEW',
  triggered: 'TRIGGERED',
  finished: 'FINISHED',
  canceled: 'CANCELED',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
} as const;

type AlgoDetails = WireDetails & {
  readonly stopPrice: string;
  readonly workingType: string;
  readonly closePosition: boolean;
  readonly priceProtect: boolean;
};

/** Answer to a new conditional order. */
export function algoAck(desk: TradingDesk, conditional: ConditionalOrder) {
  const { request, status } = conditional;
  const { order, trail } = request;
  const details = request.details as AlgoDetails;
  const text = desk.text(order.symbol);
  return {
    algoId: conditional.id,
    clientAlgoId: conditional.clientId,
    algoType: 'CONDITIONAL',
    orderType: details.type,
    symbol: order.symbol,
    side: order.side.toUpperCase(),
    positionSide: positionSideOf({ leg: order.positionSide ?? 'net' }),
    timeInForce: details.timeInForce,
    quantity: request.closesPosition ? text.size(0) : order.size,
    algoStatus: STATUS[status],
    triggerPrice: trail ? text.price(0) : details.stopPrice,
    price: order.price ?? text.price(0),
    icebergQuantity: null,
    selfTradePreventionMode: details.selfTradePreventionMode,
    workingType: details.workingType,
    priceMatch: details.priceMatch,
    closePosition: details.closePosition,
    priceProtect: details.priceProtect,
    reduceOnly: order.reduceOnly ?? false,
    ...(trail && {
      activatePrice: trail.activation ?? '',
      callbackRate: String(Number((Number(trail.callback) * 100).toFixed(2))),
    }),
    createTime: conditional.createdAt,
    updateTime: conditional.updatedAt,
    triggerTime: conditional.triggeredAt ?? 0,
    goodTillDate: details.goodTillDate,
  };
}

/** A conditional order as queries show it: with the order that it became. */
export function algoOrder(desk: TradingDesk, account: Account, conditional: ConditionalOrder) {
  const { symbol } = conditional.request.order;
  const order = account.order({ symbol, id: conditional.orderId });
  return {
    ...algoAck(desk, conditional),
    actualOrderId: order ? String(order.id) : '',
    actualPrice: order ? averagePriceOf(desk, order) : '0',
    actualQty: order ? desk.text(symbol).size(order.filled) : '0',
    actualType: order ? order.kind.toUpperCase() : '',
  };
}

export function algoCanceled({ id, clientId }: ConditionalOrder) {
  return { algoId: id, clientAlgoId: clientId, code: '200', msg: 'success' };
}
