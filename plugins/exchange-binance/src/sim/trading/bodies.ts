import { formatUnits, MONEY_SCALE, type UserOrder, VALUE_SCALE } from '@speed-protocol/simulator';
import { statusOf } from '../private/order-text.js';
import { pairOf } from '../text.js';
import type { TradingDesk } from './desk.js';
import { detailsOf } from './details.js';
import type { FillRecord } from './records.js';

const VALUE_PER_MONEY = 10n ** BigInt(VALUE_SCALE - MONEY_SCALE);
/** Decimals of an average price beyond the tick's. */
const AVERAGE_EXTRA = 4;

/** Money with its eight decimals. */
export function moneyText(units: bigint): string {
  return formatUnits(units, MONEY_SCALE);
}

/** A value as money, the rest cut off. */
export function valueText(value: bigint): string {
  return moneyText(value / VALUE_PER_MONEY);
}

/** `BOTH` in one-way mode. */
export function positionSideOf({ leg }: Pick<UserOrder, 'leg'>): string {
  return leg === 'net' ? 'BOTH' : leg.toUpperCase();
}

/** Mean price of what is filled, with the tick's decimals and some more; zeros while nothing is. */
export function averagePriceOf(desk: TradingDesk, order: UserOrder): string {
  const scale = desk.market(order.symbol).grid.priceScale + AVERAGE_EXTRA;
  return formatUnits(desk.terms(order.symbol).meanPrice(order.filledValue, order.filled, scale), scale);
}

/** What all spot answers say of an order. */
function spotCore(desk: TradingDesk, order: UserOrder) {
  const text = desk.text(order.symbol);
  const { type, timeInForce, selfTradePreventionMode, quoteOrderQty } = detailsOf(order);
  return {
    price: text.price(order.price ?? 0),
    origQty: text.size(order.size),
    executedQty: text.size(order.filled),
    origQuoteOrderQty: padEight(quoteOrderQty),
    cummulativeQuoteQty: valueText(order.filledValue),
    status: statusOf(order),
    timeInForce,
    type,
    side: order.side.toUpperCase(),
    selfTradePreventionMode,
  };
}

/** Spot prints eight decimals everywhere. */
export function padEight(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}

function spotIds({ symbol, id, clientId }: UserOrder) {
  return { symbol, orderId: id, orderListId: -1, clientOrderId: clientId };
}

export type ResponseType = 'ACK' | 'RESULT' | 'FULL';

/** Answer to a new spot order. */
export function spotPlaced(desk: TradingDesk, order: UserOrder, type: ResponseType): unknown {
  const ack = { ...spotIds(order), transactTime: order.updatedAt };
  if (type === 'ACK') return ack;
  const stop = order.trigger && { stopPrice: padEight(order.trigger.price) };
  const result = { ...ack, ...spotCore(desk, order), ...stop, workingTime: workingTime(order), ...expiry(order) };
  if (type === 'RESULT') return result;
  const fills = desk.records.fillsOf(order.account, order.symbol, order.id);
  return { ...result, fills: fills.map((fill) => spotFill(desk, fill)) };
}

/** When an order came on the book; -1 while it waits for its price. */
function workingTime({ trigger, triggeredAt, createdAt }: UserOrder): number {
  return trigger ? (triggeredAt ?? -1) : createdAt;
}

/** Why the rest of an order is gone. */
function expiry(order: UserOrder): { readonly expiryReason?: string } {
  if (order.endedBy !== 'expired') return {};
  if (order.kind === 'market') return { expiryReason: 'INSUFFICIENT_LIQUIDITY' };
  return { expiryReason: `UNFILLED_${order.timeInForce}${order.timeInForce === 'IOC' ? '_QUANTITY' : '_ORDER'}_EXPIRED` };
}

function spotFill(desk: TradingDesk, fill: FillRecord): unknown {
  const text = desk.text(fill.symbol);
  return {
    price: text.price(fill.price),
    qty: text.size(fill.size),
    commission: moneyText(fill.fee),
    commissionAsset: fill.feeAsset,
    tradeId: fill.tradeId,
  };
}

/** Answer to the cancelling of a spot order. @param cancelId the cancel request's own id */
export function spotCanceled(desk: TradingDesk, order: UserOrder, cancelId: string): unknown {
  return {
    ...spotIds(order),
    origClientOrderId: order.clientId,
    clientOrderId: cancelId,
    transactTime: order.updatedAt,
    ...spotCore(desk, order),
  };
}

/** Answer to an amendment that kept the order's place. @param original the client order id it had before */
export function spotAmended(desk: TradingDesk, order: UserOrder, original: string, executionId: number): unknown {
  const { origQty, origQuoteOrderQty, cummulativeQuoteQty, ...core } = spotCore(desk, order);
  return {
    transactTime: order.updatedAt,
    executionId,
    amendedOrder: {
      ...spotIds(order),
      origClientOrderId: original,
      ...core,
      qty: origQty,
      preventedQty: '0.00000000',
      quoteOrderQty: origQuoteOrderQty,
      cumulativeQuoteQty: cummulativeQuoteQty,
      workingTime: order.createdAt,
    },
  };
}

/** A spot order as queries show it. */
function spotOrder(desk: TradingDesk, order: UserOrder): unknown {
  return {
    ...spotIds(order),
    ...spotCore(desk, order),
    stopPrice: padEight(order.trigger?.price ?? '0'),
    icebergQty: '0.00000000',
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: workingTime(order) >= 0,
    workingTime: workingTime(order),
    ...expiry(order),
  };
}

/** Answer to placing, changing or cancelling a futures order: without average price and turnover. */
export function futuresAck(desk: TradingDesk, order: UserOrder): unknown {
  const text = desk.text(order.symbol);
  const { type, timeInForce, selfTradePreventionMode, goodTillDate, priceMatch, ...details } = detailsOf(order);
  const { origType, stopPrice = '0', workingType = 'CONTRACT_PRICE', closePosition = false } = details;
  const inverse = desk.product.family === 'inverse';
  return {
    orderId: order.id,
    symbol: order.symbol,
    ...(inverse && { pair: pairOf(order.symbol) }),
    status: statusOf(order),
    clientOrderId: order.clientId,
    price: text.price(order.price ?? 0),
    origQty: text.size(order.size),
    executedQty: text.size(order.filled),
    cumQty: text.size(order.filled),
    timeInForce,
    type,
    reduceOnly: order.reduceOnly,
    closePosition,
    side: order.side.toUpperCase(),
    positionSide: positionSideOf(order),
    stopPrice: stopPrice === '0' ? text.price(0) : stopPrice,
    workingType,
    priceProtect: false,
    origType: origType ?? type,
    priceMatch,
    selfTradePreventionMode,
    ...(!inverse && { goodTillDate }),
    updateTime: order.updatedAt,
  };
}

/** A futures order as queries show it. */
function futuresOrder(desk: TradingDesk, order: UserOrder): unknown {
  const turnover = desk.product.family === 'inverse' ? 'cumBase' : 'cumQuote';
  const { cumQty: _, ...shown } = futuresAck(desk, order) as Record<string, unknown>;
  return {
    ...shown,
    avgPrice: averagePriceOf(desk, order),
    [turnover]: valueText(order.filledValue),
    time: order.createdAt,
  };
}

/** An order as the product's queries show it. */
export function showOrder(desk: TradingDesk, order: UserOrder): unknown {
  return desk.spot ? spotOrder(desk, order) : futuresOrder(desk, order);
}
