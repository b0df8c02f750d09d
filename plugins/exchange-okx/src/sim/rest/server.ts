import type { SimRequest, SimResponse } from '@speed-protocol/simulator';
import { RollingLimit } from '../rolling-limit.js';
import { authenticate, checkExpiry } from '../trading/authenticate.js';
import type { TradingDesk } from '../trading/desk.js';
import { verdict } from '../trading/orders.js';
import { ACCOUNT_ROUTES, type AccountAnswer, type AccountRoute } from '../trading/routes.js';
import { say, VenueError } from '../venue-error.js';
import { MARKET_ROUTES } from './market.js';
import { Params } from './params.js';
import { PUBLIC_ROUTES } from './public.js';
import type { Route, RouteContext } from './route.js';

const PREFIX = '/api/v5';
const WINDOW_MS = 2_000;
const ROUTES: ReadonlyMap<string, Route> = new Map(
  [...PUBLIC_ROUTES, ...MARKET_ROUTES].map((route) => [`GET ${PREFIX}${route.path}`, route]),
);
const OWN_ROUTES: ReadonlyMap<string, AccountRoute> = new Map(
  ACCOUNT_ROUTES.map((route) => [`${route.method} ${PREFIX}${route.path}`, route]),
);

/** The REST side of the venue. */
export class RestServer {
  readonly #limit: RollingLimit;

  constructor(
    private readonly context: RouteContext,
    private readonly desk: TradingDesk,
    limitFactor: number,
  ) {
    this.#limit = new RollingLimit(WINDOW_MS, limitFactor);
  }

  request(request: SimRequest): SimResponse {
    try {
      return this.#serve(request);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return error.toResponse();
    }
  }

  #serve(request: SimRequest): SimResponse {
    const { method, path, query, remote } = request;
    const own = OWN_ROUTES.get(`${method} ${path}`);
    if (own) return this.#serveOwn(own, request);
    const route = ROUTES.get(`${method} ${path}`);
    if (!route) throw say.noPath();
    const params = new Params(query);
    const { each, per2s } = route;
    const key = `${remote} ${path} ${each === undefined ? '' : (params.optional(each) ?? '')}`;
    this.#limit.take(key, per2s, this.context.elapsed());
    const data = route.run(this.context, params);
    return { status: 200, body: JSON.stringify({ code: '0', msg: '', data }) };
  }

  /** Limits of an account are its own, and those of orders each instrument's. */
  #serveOwn(route: AccountRoute, request: SimRequest): SimResponse {
    const account = authenticate(this.desk.accounts, request, this.context.now());
    checkExpiry(request.headers['exptime'], this.context.now());
    const body = parse(request.body);
    const params = new Params(request.query);
    const { instId = '' } = (Array.isArray(body) ? body[0] : body) as { instId?: string };
    // Each order of a batch counts.
    const units = Array.isArray(body) ? body.length : 1;
    this.#limit.take(`${account.id} ${route.path} ${instId}`, route.per2s, this.context.elapsed(), units);
    return answerOf(route.run(this.desk, account, params, body));
  }
}

function answerOf(answer: AccountAnswer): SimResponse {
  if ('data' in answer) return { status: 200, body: JSON.stringify({ code: '0', msg: '', data: answer.data }) };
  const { results } = answer;
  const body = { ...verdict(results), data: results.map(({ row }) => row), inTime: '', outTime: '' };
  return { status: 200, body: JSON.stringify(body), orders: results.map(({ act }) => act) };
}

/** @throws VenueError 50002 */
function parse(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new VenueError('50002', 'JSON syntax error', 400);
  }
}
