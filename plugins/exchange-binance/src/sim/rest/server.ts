import type { SimRequest, SimResponse } from '@speed-protocol/simulator';
import { LISTEN_KEY_ROUTES } from '../private/routes.js';
import type { Product } from '../products.js';
import { authenticate, type Caller, identify } from '../trading/authenticate.js';
import { TRADING_ROUTES } from '../trading/routes.js';
import { VenueError } from '../venue-error.js';
import { BOOK_ROUTES } from './book.js';
import { CANDLE_ROUTES } from './candles.js';
import { FUTURES_ROUTES } from './futures.js';
import { GENERAL_ROUTES } from './general.js';
import { Params } from './params.js';
import { paramsOf, signedText } from './request-text.js';
import type { Route, RouteContext } from './route.js';
import type { Outcome, RouteRunner } from './runner.js';
import { TICKER_ROUTES } from './tickers.js';
import { TRADE_ROUTES } from './trades.js';

const ROUTES: readonly Route[] = [
  ...GENERAL_ROUTES,
  ...BOOK_ROUTES,
  ...TRADE_ROUTES,
  ...CANDLE_ROUTES,
  ...TICKER_ROUTES,
  ...FUTURES_ROUTES,
  ...TRADING_ROUTES,
  ...LISTEN_KEY_ROUTES,
];

/** Routes of a product by `METHOD /path`. */
export function routesOf({ family, prefix }: Product): ReadonlyMap<string, Route> {
  const own = ROUTES.filter((route) => route.families.includes(family));
  return new Map(own.map((route) => [`${route.method ?? 'GET'} ${route.absolute ? '' : prefix}${route.path}`, route]));
}

/** The REST side of one product. */
export class RestServer {
  readonly #context: RouteContext;
  readonly #runner: RouteRunner;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #paths: ReadonlySet<string>;

  constructor(context: RouteContext, runner: RouteRunner) {
    this.#context = context;
    this.#runner = runner;
    this.#routes = routesOf(context.product);
    this.#paths = new Set([...this.#routes.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  }

  request(request: SimRequest): SimResponse {
    const route = this.#routes.get(`${request.method} ${request.path}`);
    if (!route) return this.#missing(request);
    const params = new Params(paramsOf(request));
    const apiKey = request.headers['x-mbx-apikey'];
    const callerOf = (auth: 'key' | 'signed') => this.#callerOf(auth, request, params);
    return this.#respond(request, route, this.#runner.run(route, { params, remote: request.remote, apiKey, callerOf }));
  }

  #callerOf(auth: 'key' | 'signed', request: SimRequest, params: Params): Caller {
    const { accounts } = this.#context.desk;
    const apiKey = request.headers['x-mbx-apikey'];
    if (auth === 'key') return identify(accounts, apiKey);
    return authenticate({ accounts, apiKey, payloads: [signedText(request)], params, now: this.#context.now() });
  }

  #respond(request: SimRequest, route: Route, { body, error, caller, orders }: Outcome): SimResponse {
    const response = error ? error.toResponse() : { status: 200, body: JSON.stringify(body) };
    const headers = { ...response.headers, ...this.#headers(request), ...(caller && this.#orderCounts(route, caller)) };
    return { ...response, headers, ...(orders && { orders }) };
  }

  #orderCounts(route: Route, { account }: Caller): Record<string, string> {
    const counts = route.auth !== undefined && route.countsOrders;
    return counts ? this.#context.desk.counts.headers(account.id, this.#context.now()) : {};
  }

  #missing(request: SimRequest): SimResponse {
    const { method, path } = request;
    const wrong = new VenueError(0, `Request method '${method}' is not supported`, 405).toResponse();
    if (this.#paths.has(path)) return { ...wrong, headers: { ...wrong.headers, ...this.#headers(request) } };
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body><h2>404 Not found</h2></body></html>' };
  }

  #headers({ remote }: SimRequest): Record<string, string> {
    const used = String(this.#runner.used(remote));
    const headers = { 'x-mbx-used-weight-1m': used, 'cache-control': 'no-cache, no-store, must-revalidate' };
    return this.#context.desk.spot ? { ...headers, 'x-mbx-used-weight': used } : headers;
  }
}
