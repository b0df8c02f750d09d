import type { Account, OrderAct, SimRequest, SimResponse } from '@speed-protocol/simulator';
import { Credits } from '../credits.js';
import { authenticate } from '../trading/authenticate.js';
import { PRIVATE_ROUTES } from '../trading/routes.js';
import { say, VenueError } from '../venue-error.js';
import { MARKET_ROUTES } from './market.js';
import { Params } from './params.js';
import { PUBLIC_ROUTES } from './public.js';
import { Done, type Route, type RouteContext, type Session } from './route.js';

const ROUTES: ReadonlyMap<string, Route> = new Map(
  [...PUBLIC_ROUTES, ...MARKET_ROUTES, ...PRIVATE_ROUTES].map((route) => [route.name, route]),
);
const PREFIX = '/api/v2';

/** A request of JSON-RPC. */
export interface RpcRequest {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

/** Who asks, and from where. */
export interface Caller {
  readonly remote: string;
  readonly account: Account | undefined;
  readonly session?: Session | undefined;
}

/** What is said, and what has been done with orders. */
export interface RpcAnswer {
  readonly text: string;
  readonly error: VenueError | undefined;
  readonly orders: readonly OrderAct[];
}

/** The venue's methods, for HTTP and sockets alike. */
export class RpcServer {
  readonly #credits: Credits;

  constructor(
    readonly context: RouteContext,
    factors: { readonly weight: number; readonly orders: number },
  ) {
    this.#credits = new Credits(factors);
  }

  /** Carries one call out, and says what became of it in the venue's way. */
  answer({ id, method, params }: RpcRequest, caller: Caller): RpcAnswer {
    try {
      const values = (typeof params === 'object' && params !== null ? params : {}) as Readonly<Record<string, unknown>>;
      const done = this.#run(String(method), new Params(values), caller);
      return { text: this.say(id, { result: done.result }), error: undefined, orders: done.orders };
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return { text: this.say(id, { error }), error, orders: [] };
    }
  }

  /** An answer with its envelope. */
  say(id: unknown, body: { readonly result: unknown } | { readonly error: VenueError }): string {
    const us = this.context.now() * 1_000;
    const named = id === undefined || id === null ? {} : { id };
    return JSON.stringify({ jsonrpc: '2.0', ...named, ...body, usIn: us, usOut: us + 41, usDiff: 41, testnet: false });
  }

  /** GET with a query, or POST of a JSON-RPC request. */
  request(request: SimRequest): SimResponse {
    let asked: RpcRequest = {};
    try {
      asked = readRequest(request);
      const isPrivate = String(asked.method).startsWith('private/');
      const account = isPrivate ? authenticate(this.context, request) : undefined;
      const { text, error, orders } = this.answer(asked, { remote: request.remote, account });
      return { status: error?.status ?? 200, body: text, ...(orders.length > 0 && { orders }) };
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return { status: error.status, body: this.say(asked.id, { error }) };
    }
  }

  #run(method: string, params: Params, { remote, account, session }: Caller): Done {
    const route = ROUTES.get(method);
    if (!route) throw say.noMethod();
    this.#credits.take(account?.id ?? remote, route.pool ?? 'general', this.context.elapsed());
    const needsAccount = method.startsWith('private/');
    if (needsAccount && !account) throw say.unauthorized('not logged in');
    const result = route.run(this.context, { params, session, account });
    return result instanceof Done ? result : new Done(result, []);
  }
}

function readRequest({ method, path, query, body }: SimRequest): RpcRequest {
  const name = path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length + 1) : '';
  if (method === 'GET') return { method: name, params: Object.fromEntries(query) };
  const request = parseRpc(body);
  return name === '' ? request : { ...request, method: name };
}

/** @throws VenueError 11050 */
export function parseRpc(text: string): RpcRequest {
  try {
    const request: unknown = JSON.parse(text);
    if (typeof request === 'object' && request !== null && !Array.isArray(request)) return request;
  } catch {
    // Said below.
  }
  throw say.badRequest('invalid json');
}
