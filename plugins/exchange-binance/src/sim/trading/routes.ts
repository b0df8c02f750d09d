import type { Family } from '../products.js';
import type { Params } from '../rest/params.js';
import { ALL, FUTURES, type Route, type RouteContext } from '../rest/route.js';
import { ACTIONS, type ActionName } from './actions.js';
import { actionKind } from './order-acts.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One signed route: where, `METHOD /path` below the product's prefix (or absolute), what it costs, what it does. */
type Row = readonly [on: readonly Family[], route: `${Method} /${string}`, weight: Route['weight'], action: ActionName];

const SPOT: readonly Family[] = ['spot'];
const LINEAR: readonly Family[] = ['linear'];
const INVERSE: readonly Family[] = ['inverse'];

const bySymbol = (one: number, all: number) => (params: Params) => (params.has('symbol') ? one : all);

const ROWS: readonly Row[] = [
  [SPOT, 'POST /order', 1, 'order.place'],
  [SPOT, 'POST /order/test', 1, 'order.test'],
  [SPOT, 'DELETE /order', 1, 'order.cancel'],
  [SPOT, 'DELETE /openOrders', 1, 'openOrders.cancelAll'],
  [SPOT, 'POST /order/cancelReplace', 1, 'order.cancelReplace'],
  [SPOT, 'PUT /order/amend/keepPriority', 4, 'order.amend.keepPriority'],
  [SPOT, 'GET /order', 4, 'order.status'],
  [SPOT, 'GET /order/amendments', 4, 'order.amendments'],
  [SPOT, 'GET /openOrders', bySymbol(6, 80), 'openOrders.status'],
  [SPOT, 'GET /allOrders', 20, 'allOrders'],
  [SPOT, 'GET /myTrades', (params) => (params.has('orderId') ? 5 : 20), 'myTrades'],
  [SPOT, 'GET /account', 20, 'account.status'],
  [SPOT, 'GET /account/commission', 20, 'account.commission'],
  [SPOT, 'GET /rateLimit/order', 40, 'account.rateLimits.orders'],
  [SPOT, 'GET /sapi/v1/capital/config/getall', 10, 'wallet.coins'],
  [SPOT, 'GET /sapi/v1/asset/tradeFee', 1, 'wallet.tradeFees'],
  [SPOT, 'GET /sapi/v1/account/apiTradingStatus', 1, 'wallet.apiTradingStatus'],
  [SPOT, 'GET /sapi/v1/account/status', 1, 'wallet.status'],
  [SPOT, 'GET /sapi/v1/account/apiRestrictions', 1, 'wallet.restrictions'],
  [SPOT, 'GET /sapi/v1/margin/isolated/allPairs', 1, 'wallet.nothing'],
  [FUTURES, 'POST /order', 0, 'order.place'],
  [FUTURES, 'POST /order/test', 0, 'order.test'],
  [FUTURES, 'PUT /order', 1, 'order.modify'],
  [FUTURES, 'DELETE /order', 1, 'order.cancel'],
  [FUTURES, 'POST /batchOrders', 5, 'batch.place'],
  [FUTURES, 'PUT /batchOrders', 5, 'batch.modify'],
  [FUTURES, 'DELETE /batchOrders', 1, 'batch.cancel'],
  [FUTURES, 'DELETE /allOpenOrders', 1, 'openOrders.cancelAll'],
  [FUTURES, 'POST /countdownCancelAll', 10, 'countdown.set'],
  [FUTURES, 'POST /algoOrder', 0, 'algoOrder.place'],
  [FUTURES, 'DELETE /algoOrder', 1, 'algoOrder.cancel'],
  [FUTURES, 'DELETE /algoOpenOrders', 1, 'openAlgoOrders.cancelAll'],
  [FUTURES, 'GET /algoOrder', 1, 'algoOrder.status'],
  [FUTURES, 'GET /openAlgoOrders', bySymbol(1, 40), 'openAlgoOrders.status'],
  [FUTURES, 'GET /allAlgoOrders', 5, 'allAlgoOrders'],
  [FUTURES, 'GET /order', 1, 'order.status'],
  [FUTURES, 'GET /orderAmendment', 1, 'order.amendments'],
  [FUTURES, 'GET /openOrder', 1, 'openOrder.status'],
  [FUTURES, 'GET /openOrders', bySymbol(1, 40), 'openOrders.status'],
  [FUTURES, 'GET /allOrders', 5, 'allOrders'],
  [FUTURES, 'GET /userTrades', 5, 'myTrades'],
  [FUTURES, 'GET /forceOrders', bySymbol(20, 50), 'forceOrders'],
  [LINEAR, 'GET /income', 30, 'income'],
  [INVERSE, 'GET /income', 20, 'income'],
  [FUTURES, 'POST /leverage', 1, 'leverage.set'],
  [FUTURES, 'POST /marginType', 1, 'marginType.set'],
  [FUTURES, 'POST /positionMargin', 1, 'positionMargin.move'],
  [FUTURES, 'GET /positionSide/dual', 30, 'positionMode.get'],
  [FUTURES, 'POST /positionSide/dual', 1, 'positionMode.set'],
  [LINEAR, 'GET /multiAssetsMargin', 30, 'multiAssets.get'],
  [LINEAR, 'POST /multiAssetsMargin', 1, 'multiAssets.set'],
  [FUTURES, 'GET /commissionRate', 20, 'account.commission'],
  [FUTURES, 'GET /rateLimit/order', 1, 'account.rateLimits.orders'],
  [LINEAR, 'GET /accountConfig', 5, 'account.config'],
  [LINEAR, 'GET /symbolConfig', 5, 'account.symbolConfig'],
  [LINEAR, 'GET /leverageBracket', 1, 'account.brackets'],
  [INVERSE, 'GET /leverageBracket', 1, 'account.brackets'],
  [INVERSE, 'GET /dapi/v2/leverageBracket', 1, 'account.brackets'],
  [LINEAR, 'GET /feeBurn', 30, 'feeBurn.get'],
  [LINEAR, 'GET /apiTradingStatus', 1, 'account.apiTradingStatus'],
  [LINEAR, 'GET /fapi/v2/account', 5, 'account.status.all'],
  [LINEAR, 'GET /fapi/v3/account', 5, 'account.status'],
  [INVERSE, 'GET /account', 5, 'account.status'],
  [LINEAR, 'GET /fapi/v2/balance', 5, 'account.balance'],
  [LINEAR, 'GET /fapi/v3/balance', 5, 'account.balance'],
  [INVERSE, 'GET /balance', 1, 'account.balance'],
  [LINEAR, 'GET /fapi/v2/positionRisk', 5, 'account.position.all'],
  [LINEAR, 'GET /fapi/v3/positionRisk', 5, 'account.position'],
  [INVERSE, 'GET /positionRisk', 1, 'account.position.inverse'],
];

const ABSOLUTE = /^\/(sapi|fapi|dapi)\//;
/** Answers of these say how many orders the account has sent. */
const COUNTED = /^(order\.(place|modify|cancelReplace)|batch\.(place|modify)|algoOrder\.place)$/;
/** On spot these cost nothing when they succeed. */
const FREE = /^(order\.(place|cancel|cancelReplace)|openOrders\.cancelAll)$/;

function routeOf([families, route, weight, action]: Row): Route {
  const [method, path] = route.split(' ') as [Method, string];
  return {
    method,
    path,
    families,
    weight,
    absolute: ABSOLUTE.test(path),
    auth: 'signed',
    countsOrders: COUNTED.test(action),
    acts: actionKind(action),
    freeOnSuccess: families === SPOT && FREE.test(action),
    run: (context: RouteContext, params, caller) => ACTIONS[action](context.desk, caller, params),
  };
}

/** The account's routes, all of them signed. */
export const TRADING_ROUTES: readonly Route[] = [
  ...ROWS.map(routeOf),
  { path: '/sapi/v1/margin/allPairs', absolute: true, families: SPOT, weight: 1, key: true, run: () => [] },
  { path: '/sapi/v1/system/status', absolute: true, families: ALL, weight: 1, run: () => ({ status: 0, msg: 'normal' }) },
];
