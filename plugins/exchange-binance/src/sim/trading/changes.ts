import type { Account, UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { say as sayGeneral, VenueError } from '../venue-error.js';
import type { Action } from './action.js';
import { futuresAck, spotAmended } from './bodies.js';
import type { TradingDesk } from './desk.js';
import { checkFuturesNumbers, checkSpotNumbers } from './numbers.js';
import { clientIdOf, orderRefOf, sideOf } from './order-params.js';
import { cancelSpot, placeSpot } from './orders.js';
import { agreed, say } from './refusals.js';

function openOrderOf(account: Account, params: Params): UserOrder {
  const order = account.order(orderRefOf(params));
  if (!order || !account.openOrders(order.symbol).includes(order as never)) throw say.unknownOrder();
  return order;
}

/**
 * Futures: new price and quantity for a working limit order, both of them. An order that has filled more than the new
 * quantity, and a post-only one whose new price would take, are canceled.
 */
const modify: Action = (desk, { account }, params) => {
  const side = sideOf(params);
  params.required('quantity');
  params.required('price');
  const [size, price] = [params.decimal('quantity')!, params.decimal('price')!];
  const order = openOrderOf(account, params);
  if (order.side !== side) throw sayGeneral.invalid('side');
  checkFuturesNumbers(desk, { symbol: order.symbol, side, quantity: size, price });
  desk.amendments.refuseMore(order);
  desk.counts.take(account.id, 1, desk.now());
  const before = { ...order };
  const answer = desk.accounts.amend(account, order, { size, price });
  if (answer.ok) desk.amendments.add(before, answer.value);
  const ends = !answer.ok && (answer.reason === 'size-already-filled' || answer.reason === 'would-take');
  const result = ends ? desk.accounts.cancel(account, order) : answer;
  return futuresAck(desk, agreed(result, 'amend', desk.product.family));
};

/** Spot: a smaller quantity; the order keeps its place and gets a new client order id. */
const amendKeepPriority: Action = (desk, { account }, params) => {
  params.required('newQty');
  const size = params.decimal('newQty')!;
  const order = openOrderOf(account, params);
  checkSpotNumbers(desk, { symbol: order.symbol, side: order.side, quantity: size });
  if (desk.terms(order.symbol).lots(size)! >= order.size) {
    throw new VenueError(-2038, 'The requested action would change no state; rejecting.');
  }
  const clientId = clientIdOf(params) ?? desk.drawCancelId();
  const before = { ...order };
  const changed = agreed(desk.accounts.amend(account, order, { size, clientId }), 'amend', 'spot');
  return spotAmended(desk, changed, before.clientId, desk.amendments.add(before, changed));
};

type Result = 'SUCCESS' | 'FAILURE' | 'NOT_ATTEMPTED';
interface Step {
  readonly result: Result;
  readonly response: unknown;
}
const NOT_ATTEMPTED: Step = { result: 'NOT_ATTEMPTED', response: null };

/** Does a part of a request whose refusal is an answer, not an end. */
function attempt(run: () => unknown): Step {
  try {
    return { result: 'SUCCESS', response: run() };
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    return { result: 'FAILURE', response: error.toBody() };
  }
}

const MODES = ['STOP_ON_FAILURE', 'ALLOW_FAILURE'] as const;
const RESTRICTIONS = { ONLY_NEW: 'open', ONLY_PARTIALLY_FILLED: 'partially-filled' } as const;

/** Spot: cancels one order and places another; -2022 when neither happened, -2021 when one did. */
const cancelReplace: Action = (desk, caller, params) => {
  params.required('cancelReplaceMode');
  const mode = params.word('cancelReplaceMode', MODES, () => sayGeneral.invalid('cancelReplaceMode'));
  const ref = orderRefOf(params, { id: 'cancelOrderId', clientId: 'cancelOrigClientOrderId' });
  const canceled = attempt(() => cancelFor(desk, caller, params, ref));
  const goesOn = canceled.result === 'SUCCESS' || mode === 'ALLOW_FAILURE';
  const placed = goesOn ? attempt(() => placeSpot(desk, caller, params)) : NOT_ATTEMPTED;
  const body = {
    cancelResult: canceled.result,
    newOrderResult: placed.result,
    cancelResponse: canceled.response,
    newOrderResponse: placed.response,
  };
  if (canceled.result === 'SUCCESS' && placed.result === 'SUCCESS') return body;
  const partly = canceled.result === 'SUCCESS' || placed.result === 'SUCCESS';
  if (partly) throw new VenueError(-2021, 'Order cancel-replace partially failed.', 409, {}, body);
  throw new VenueError(-2022, 'Order cancel-replace failed.', 400, {}, body);
};

function cancelFor(
  desk: TradingDesk,
  caller: Parameters<Action>[1],
  params: Params,
  ref: ReturnType<typeof orderRefOf>,
): unknown {
  const restriction = params.word('cancelRestrictions', Object.keys(RESTRICTIONS) as (keyof typeof RESTRICTIONS)[], () =>
    sayGeneral.invalid('cancelRestrictions'),
  );
  const order = caller.account.order(ref);
  if (order && restriction && order.status !== RESTRICTIONS[restriction]) {
    throw new VenueError(-2011, 'Order was not canceled due to cancel restrictions.');
  }
  return cancelSpot(desk, caller, params.renamed(CANCEL_NAMES));
}

/** What a plain cancel calls the parameters of the cancelling half. */
const CANCEL_NAMES = {
  symbol: 'symbol',
  cancelOrderId: 'orderId',
  cancelOrigClientOrderId: 'origClientOrderId',
  cancelNewClientOrderId: 'newClientOrderId',
} as const;

export const CHANGE_ACTIONS = {
  'order.modify': modify,
  'order.amend.keepPriority': amendKeepPriority,
  'order.cancelReplace': cancelReplace,
} satisfies Record<string, Action>;
