import type { Family, Product } from '../products.js';
import { ALL, FUTURES, type Route } from '../rest/route.js';
import { routesOf } from '../rest/server.js';

const SPOT: readonly Family[] = ['spot'];
const LINEAR: readonly Family[] = ['linear'];
const INVERSE: readonly Family[] = ['inverse'];

/** A method of the order sockets, and the REST route that does the same; `{}` stands for the product's prefix. */
type MethodRow = readonly [on: readonly Family[], method: string, route: string];

const METHODS: readonly MethodRow[] = [
  [ALL, 'ping', 'GET {}/ping'],
  [ALL, 'time', 'GET {}/time'],
  [ALL, 'depth', 'GET {}/depth'],
  [ALL, 'ticker.price', 'GET {}/ticker/price'],
  [ALL, 'ticker.book', 'GET {}/ticker/bookTicker'],
  [SPOT, 'exchangeInfo', 'GET {}/exchangeInfo'],
  [SPOT, 'trades.recent', 'GET {}/trades'],
  [SPOT, 'trades.historical', 'GET {}/historicalTrades'],
  [SPOT, 'trades.aggregate', 'GET {}/aggTrades'],
  [SPOT, 'klines', 'GET {}/klines'],
  [SPOT, 'uiKlines', 'GET {}/uiKlines'],
  [SPOT, 'avgPrice', 'GET {}/avgPrice'],
  [SPOT, 'ticker', 'GET {}/ticker'],
  [SPOT, 'ticker.24hr', 'GET {}/ticker/24hr'],
  [SPOT, 'ticker.tradingDay', 'GET {}/ticker/tradingDay'],
  [ALL, 'order.place', 'POST {}/order'],
  [ALL, 'order.cancel', 'DELETE {}/order'],
  [ALL, 'order.status', 'GET {}/order'],
  [SPOT, 'order.test', 'POST {}/order/test'],
  [SPOT, 'order.cancelReplace', 'POST {}/order/cancelReplace'],
  [SPOT, 'order.amend.keepPriority', 'PUT {}/order/amend/keepPriority'],
  [SPOT, 'openOrders.status', 'GET {}/openOrders'],
  [SPOT, 'openOrders.cancelAll', 'DELETE {}/openOrders'],
  [SPOT, 'allOrders', 'GET {}/allOrders'],
  [SPOT, 'myTrades', 'GET {}/myTrades'],
  [SPOT, 'account.status', 'GET {}/account'],
  [SPOT, 'account.commission', 'GET {}/account/commission'],
  [SPOT, 'account.rateLimits.orders', 'GET {}/rateLimit/order'],
  [FUTURES, 'order.modify', 'PUT {}/order'],
  [FUTURES, 'userDataStream.start', 'POST {}/listenKey'],
  [FUTURES, 'userDataStream.ping', 'PUT {}/listenKey'],
  [FUTURES, 'userDataStream.stop', 'DELETE {}/listenKey'],
  [LINEAR, 'algoOrder.place', 'POST {}/algoOrder'],
  [LINEAR, 'algoOrder.cancel', 'DELETE {}/algoOrder'],
  [LINEAR, 'account.balance', 'GET /fapi/v2/balance'],
  [LINEAR, 'account.status', 'GET /fapi/v2/account'],
  [LINEAR, 'account.position', 'GET /fapi/v2/positionRisk'],
  [LINEAR, 'v2/account.balance', 'GET /fapi/v3/balance'],
  [LINEAR, 'v2/account.status', 'GET /fapi/v3/account'],
  [LINEAR, 'v2/account.position', 'GET /fapi/v3/positionRisk'],
  [INVERSE, 'account.balance', 'GET {}/balance'],
  [INVERSE, 'account.status', 'GET {}/account'],
  [INVERSE, 'account.position', 'GET {}/positionRisk'],
];

/** The routes of a product by the names that its order socket gives them. */
export function methodsOf(product: Product): ReadonlyMap<string, Route> {
  const routes = routesOf(product);
  const own = METHODS.filter(([on]) => on.includes(product.family));
  return new Map(own.map(([, method, route]) => [method, routes.get(route.replace('{}', product.prefix))!]));
}
