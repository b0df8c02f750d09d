import { Params } from '../rest/params.js';
import { say, VenueError } from '../venue-error.js';
import type { Action } from './action.js';
import { CHANGE_ACTIONS } from './changes.js';
import { parseList } from './lists.js';
import { cancelFutures, placeFutures } from './orders.js';

const MAX_ORDERS = 5;
const MAX_CANCELS = 10;

/** Does the same to every element; what is refused stands in its place as `{code, msg}`. */
function each(action: Action, elementsOf: (params: Params) => readonly Params[]): Action {
  return (desk, caller, params) =>
    elementsOf(params).map((element) => {
      try {
        return action(desk, caller, element);
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        return error.toBody();
      }
    });
}

/** `batchOrders=[{...},...]`. */
function orders(params: Params): Params[] {
  const list = parseList(params.required('batchOrders'), 'batchOrders');
  refuseLength(list, MAX_ORDERS);
  return list.map((element) => {
    if (typeof element !== 'object' || element === null) throw say.invalid('batchOrders');
    return Params.of(element as Record<string, unknown>);
  });
}

/** `orderIdList=[1,2]` or `origClientOrderIdList=["a","b"]`, in any case. */
function cancels(params: Params): Params[] {
  const symbol = params.symbol();
  const ids = params.optionalOf(['orderIdList', 'orderidlist']);
  const clientIds = params.optionalOf(['origClientOrderIdList', 'origclientorderidlist']);
  if (ids === undefined && clientIds === undefined) throw say.missing('orderIdList');
  const list = parseList((ids ?? clientIds)!, ids === undefined ? 'origClientOrderIdList' : 'orderIdList');
  refuseLength(list, MAX_CANCELS);
  return list.map((id) => Params.of(ids === undefined ? { symbol, origClientOrderId: id } : { symbol, orderId: id }));
}

function refuseLength(list: readonly unknown[], max: number): void {
  if (list.length === 0) throw new VenueError(-4081, 'Invalid batch place order count');
  if (list.length > max) throw new VenueError(-4082, 'Too many orders in one batch.');
}

export const BATCH_ACTIONS = {
  'batch.place': each(placeFutures, orders),
  'batch.modify': each(CHANGE_ACTIONS['order.modify'], orders),
  'batch.cancel': each(cancelFutures, cancels),
} satisfies Record<string, Action>;
