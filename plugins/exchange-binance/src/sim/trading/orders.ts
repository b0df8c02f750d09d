import type { UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { pairOf } from '../text.js';
import { say as sayGeneral } from '../venue-error.js';
import { type Action, byProduct } from './action.js';
import { futuresAck, type ResponseType, showOrder, spotCanceled, spotPlaced } from './bodies.js';
import { refuseSize } from './brackets.js';
import { readFuturesOrder } from './futures-order.js';
import { clientIdOf, orderRefOf } from './order-params.js';
import { agreed, say } from './refusals.js';
import { readSpotOrder } from './spot-order.js';

const RESPONSE_TYPES = ['ACK', 'RESULT', 'FULL'] as const;

function responseType(params: Params, fallback: ResponseType): ResponseType {
  return params.word('newOrderRespType', RESPONSE_TYPES, () => sayGeneral.invalid('newOrderRespType')) ?? fallback;
}

export const placeSpot: Action = (desk, { account }, params) => {
  const request = readSpotOrder(desk, account, params);
  const full = ['MARKET', 'LIMIT'].includes(params.required('type'));
  const type = responseType(params, full ? 'FULL' : 'ACK');
  desk.counts.take(account.id, 1, desk.now());
  return spotPlaced(desk, agreed(desk.accounts.place(account, request), 'place', 'spot'), type);
};

export const placeFutures: Action = (desk, { account }, params) => {
  const request = readFuturesOrder(desk, account, params);
  const type = responseType(params, 'ACK');
  if (!request.reduceOnly) refuseSize(desk, account, request);
  desk.counts.take(account.id, 1, desk.now());
  const order = agreed(desk.accounts.place(account, request), 'place', desk.product.family);
  return futuresAck(desk, type === 'ACK' ? asTaken(order) : order);
};

/** An order as it stood when it was taken, before it met the book. */
function asTaken(order: UserOrder): UserOrder {
  return { ...order, status: 'open', filled: 0, filledValue: 0n, updatedAt: order.createdAt };
}

export const cancelSpot: Action = (desk, { account }, params) => {
  const order = account.order(orderRefOf(params));
  if (!order) throw say.noSuchOrder();
  const cancelId = clientIdOf(params) ?? desk.drawCancelId();
  desk.nameCancel(order, cancelId);
  return spotCanceled(desk, agreed(desk.accounts.cancel(account, order), 'cancel', 'spot'), cancelId);
};

export const cancelFutures: Action = (desk, { account }, params) => {
  const answer = desk.accounts.cancel(account, orderRefOf(params));
  return futuresAck(desk, agreed(answer, 'cancel', desk.product.family));
};

const orderStatus: Action = (desk, { account }, params) => {
  const order = account.order(orderRefOf(params));
  if (!order) throw say.unknownOrder();
  return showOrder(desk, order);
};

const openOrders: Action = (desk, { account }, params) => {
  const symbol = params.optionalSymbol();
  const pair = desk.product.family === 'inverse' ? params.optionalSymbol('pair') : undefined;
  if (symbol !== undefined) desk.market(symbol);
  return account
    .openOrders(symbol)
    .filter((order) => pair === undefined || pairOf(order.symbol) === pair)
    .map((order) => showOrder(desk, order));
};

/** Futures: the order while it is open. */
const openOrder: Action = (desk, { account }, params) => {
  const order = account.order(orderRefOf(params));
  if (!order || !account.openOrders().includes(order)) throw say.unknownOrder();
  return showOrder(desk, order);
};

const cancelAllSpot: Action = (desk, { account }, params) => {
  const symbol = params.symbol();
  desk.market(symbol);
  const open = account.openOrders(symbol);
  if (open.length === 0) throw say.noSuchOrder();
  for (const order of open) desk.nameCancel(order, desk.drawCancelId());
  return desk.accounts.cancelAll(account, symbol).map((order) => spotCanceled(desk, order, desk.cancelIdOf(order)!));
};

const cancelAllFutures: Action = (desk, { account }, params) => {
  const symbol = params.symbol();
  desk.market(symbol);
  desk.accounts.cancelAll(account, symbol);
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
};

const testSpot: Action = (desk, { account }, params) => {
  readSpotOrder(desk, account, params);
  return {};
};

const testFutures: Action = (desk, { account }, params) => {
  readFuturesOrder(desk, account, params);
  return {};
};

export const ORDER_ACTIONS = {
  'order.place': byProduct(placeSpot, placeFutures),
  'order.test': byProduct(testSpot, testFutures),
  'order.cancel': byProduct(cancelSpot, cancelFutures),
  'order.status': orderStatus,
  'openOrder.status': openOrder,
  'openOrders.status': openOrders,
  'openOrders.cancelAll': byProduct(cancelAllSpot, cancelAllFutures),
} satisfies Record<string, Action>;
