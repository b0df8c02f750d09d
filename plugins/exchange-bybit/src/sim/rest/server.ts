import type { SimRequest, SimResponse } from '@speed-protocol/simulator';
import { RollingLimit } from '../rolling-limit.js';
import { authenticate } from '../trading/authenticate.js';
import { COMMANDS, type CommandRoom, headersOf } from '../trading/commands.js';
import type { TradingDesk } from '../trading/desk.js';
import type { Fields } from '../trading/orders.js';
import { ACCOUNT_ROUTES, type AccountRoute } from '../trading/routes.js';
import { say, VenueError } from '../venue-error.js';
import { MARKET_ROUTES } from './market.js';
import { Params } from './params.js';
import type { Route, RouteContext } from './route.js';

const PREFIX = '/v5';
/** Requests of an address in five seconds; who asks for more is shut out for ten minutes. */
const ADDRESS_LIMIT = 600;
const ADDRESS_WINDOW_MS = 5_000;
const BAN_MS = 600_000;

const ROUTES: ReadonlyMap<string, Route> = new Map(MARKET_ROUTES.map((route) => [`GET ${PREFIX}${route.path}`, route]));
const OWN_ROUTES: ReadonlyMap<string, AccountRoute> = new Map(
  ACCOUNT_ROUTES.map((route) => [`${route.method} ${PREFIX}${route.path}`, route]),
);
const COMMAND_PATH = /^POST \/v5\/order\/(.+)$/;

export interface RestServerParts {
  readonly context: RouteContext;
  readonly desk: TradingDesk;
  readonly commands: CommandRoom;
  /** Of accounts, by the second. */
  readonly limits: RollingLimit;
  readonly limitFactor: number;
  readonly banMs?: number | undefined;
}

/** The REST side of the venue. */
export class RestServer {
  readonly #addresses: RollingLimit;
  readonly #banned = new Map<string, number>();

  constructor(private readonly parts: RestServerParts) {
    this.#addresses = new RollingLimit(ADDRESS_WINDOW_MS, parts.limitFactor);
  }

  request(request: SimRequest): SimResponse {
    try {
      this.#admit(request.remote);
      return this.#serve(request);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return refusal(error, this.#now());
    }
  }

  #serve(request: SimRequest): SimResponse {
    const { method, path, query } = request;
    const name = `${method} ${path}`;
    const command = COMMAND_PATH.exec(name)?.[1] ?? '';
    if (Object.hasOwn(COMMANDS, command)) return this.#command(command, request);
    const own = OWN_ROUTES.get(name);
    if (own) return this.#own(own, request);
    const route = ROUTES.get(name);
    if (!route) throw say.noPath();
    return answer({ result: route.run(this.parts.context, new Params(query)), time: this.#now() });
  }

  #own(route: AccountRoute, request: SimRequest): SimResponse {
    const { desk, limits } = this.parts;
    const account = authenticate(desk.accounts, request, this.#now());
    const allowance = limits.take(`${account.id} ${route.path}`, route.perSecond, this.parts.context.elapsed());
    const headers = headersOf(allowance, this.#now());
    if (allowance.granted === 0) return { ...refusal(say.tooMany(), this.#now()), headers };
    const result = route.run(desk, account, new Params(request.query), parse(request.body));
    return answer({ result, time: this.#now(), headers });
  }

  #command(name: string, request: SimRequest): SimResponse {
    const { desk, commands } = this.parts;
    const account = authenticate(desk.accounts, request, this.#now());
    const { error, results, ...rest } = commands.carryOut(account, name, parse(request.body));
    return { ...answer({ ...rest, error, time: this.#now() }), orders: results.map(({ act }) => act) };
  }

  /** @throws VenueError 403 */
  #admit(remote: string): void {
    const now = this.parts.context.elapsed();
    if (now < (this.#banned.get(remote) ?? 0)) throw say.blocked();
    if (this.#addresses.take(remote, ADDRESS_LIMIT, now).granted === 1) return;
    this.#banned.set(remote, now + (this.parts.banMs ?? BAN_MS));
    throw say.blocked();
  }

  #now(): number {
    return this.parts.context.now();
  }
}

interface Answered {
  readonly error?: { readonly code: number; readonly message: string } | undefined;
  readonly result: object;
  readonly retExtInfo?: object;
  readonly time: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What every body is wrapped in; what went wrong with an order comes with status 200. */
function answer({ error, result, retExtInfo = {}, time, headers = {} }: Answered): SimResponse {
  const [retCode, retMsg] = [error?.code ?? 0, error?.message ?? 'OK'];
  return { status: 200, headers, body: JSON.stringify({ retCode, retMsg, result, retExtInfo, time }) };
}

export function refusal({ code, message, status }: VenueError, time: number): SimResponse {
  return { status, body: JSON.stringify({ retCode: code, retMsg: message, result: {}, retExtInfo: {}, time }) };
}

/** @throws VenueError 10001 */
function parse(body: string): Fields {
  if (body === '') return {};
  try {
    return JSON.parse(body) as Fields;
  } catch {
    throw say.wrong('the body is not JSON');
  }
}
