import type { Peer, PeerHandler } from '@speed-protocol/simulator';
import type { Product } from '../products.js';
import { Params } from '../rest/params.js';
import type { Route, RouteContext } from '../rest/route.js';
import type { Outcome, RouteRunner } from '../rest/runner.js';
import { rawId } from '../streams/control.js';
import { Heartbeat, type HeartbeatOptions } from '../streams/heartbeat.js';
import { authenticate, type Caller, checkTime, identify } from '../trading/authenticate.js';
import { VenueError } from '../venue-error.js';
import { answerText, type LimitRow, readRequest, type SocketRequest } from './frames.js';
import { type Connection, type Login, SESSION_METHODS } from './session-methods.js';
import { UserData } from './user-data.js';

export interface SocketApiOptions {
  readonly context: RouteContext;
  readonly runner: RouteRunner;
  /** Routes by method name. */
  readonly methods: ReadonlyMap<string, Route>;
  readonly heartbeat: HeartbeatOptions;
}

/** Logging in and out, subscribing to user data. */
const SESSION_WEIGHT = 2;

/** One client's connection to an order socket: requests in, one answer to each, and on spot the account's events. */
export class SocketApiSession implements PeerHandler, Connection {
  login: Login | undefined;
  readonly connectedSince: number;
  readonly userData: UserData;
  readonly #peer: Peer;
  readonly #options: SocketApiOptions;
  readonly #heartbeat: Heartbeat;

  constructor(peer: Peer, options: SocketApiOptions) {
    this.#peer = peer;
    this.#options = options;
    this.connectedSince = options.context.now();
    this.userData = new UserData(options.context.desk.feed, peer, () => this.now());
    this.#heartbeat = new Heartbeat(peer, options.heartbeat);
  }

  now(): number {
    return this.#options.context.now();
  }

  onMessage(text: string): void {
    const id = rawId(text);
    try {
      this.#serve(readRequest(text, id));
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#peer.send(answerText(id, { error }, { limits: this.#limits(undefined), now: this.now() }));
    }
  }

  onPing(): void {
    this.#heartbeat.overRate();
  }

  onPong(): void {
    this.#heartbeat.onPong();
  }

  onClose(): void {
    this.#heartbeat.stop();
    this.userData.drop();
  }

  /** Says goodbye, as spot does before maintenance. */
  announceShutdown(): void {
    this.#peer.send(JSON.stringify({ event: { e: 'serverShutdown', E: this.now() } }), '!serverShutdown');
  }

  /** Ends the login and the user data. @returns how many that were */
  expire(): number {
    const ended = this.userData.unsubscribe() + Number(this.login !== undefined);
    this.login = undefined;
    return ended;
  }

  signer(params: Params): Caller {
    const { accounts } = this.#options.context.desk;
    const apiKey = params.optional('apiKey');
    return authenticate({ accounts, apiKey, payloads: [signedText(params)], params, now: this.now() });
  }

  caller(params: Params): Caller {
    if (!this.login || params.has('signature')) return this.signer(params);
    checkTime(params, this.now());
    return this.login;
  }

  #serve(request: SocketRequest): void {
    const params = Params.of(request.params);
    const { product } = this.#options.context;
    const [on, run] = SESSION_METHODS.get(request.method) ?? [];
    if (run && on!.includes(product.family)) {
      this.#options.runner.take(this.#peer.remote, SESSION_WEIGHT);
      return void this.#answer(request, params, { body: run(this, params) });
    }
    const route = this.#options.methods.get(request.method) ?? this.#options.methods.get(bare(request.method, product));
    if (!route) throw new VenueError(-1130, `Data sent for parameter 'method' is not valid: ${request.method}`);
    this.#answer(request, params, this.#run(route, params), route);
  }

  #run(route: Route, params: Params): Outcome {
    const apiKey = params.optional('apiKey') ?? this.login?.apiKey;
    const { accounts } = this.#options.context.desk;
    const callerOf = (auth: 'key' | 'signed') => (auth === 'key' ? identify(accounts, apiKey) : this.caller(params));
    return this.#options.runner.run(route, { params, remote: this.#peer.remote, apiKey, callerOf });
  }

  #answer({ id }: SocketRequest, params: Params, outcome: Outcome, route?: Route): void {
    const wanted = (params.optional('returnRateLimits') ?? this.#peer.query.get('returnRateLimits')) !== 'false';
    const counted = route?.auth !== undefined && route.countsOrders ? outcome.caller : undefined;
    const say = (said: Outcome) => answerText(id, said, { limits: wanted ? this.#limits(counted) : undefined, now: this.now() });
    if (!outcome.orders) return void this.#peer.send(say(outcome));
    this.#peer.answer(say(outcome), { orders: outcome.orders, failure: (status) => say({ error: unknownOutcome(status) }) });
  }

  /** What has been used of the limits: orders where the request was one, and weight. */
  #limits(caller: Caller | undefined): readonly LimitRow[] {
    const { context, runner } = this.#options;
    const orders = caller ? context.desk.counts.rows(caller.account.id, this.now()) : [];
    const limit = context.product.weightPerMinute;
    const count = runner.used(this.#peer.remote);
    return [...orders, { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit, count }];
  }
}

/** Parameters as they are signed: sorted by name, joined without encoding. */
function signedText(params: Params): string {
  return params.entries
    .filter(([name]) => name !== 'signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Spot takes the API's version before a method: `v3/order.place`. */
function bare(method: string, { family }: Product): string {
  return family === 'spot' ? method.replace(/^v3\//, '') : method;
}

/** What the venue says when it does not know what became of a request. */
function unknownOutcome(status: number): VenueError {
  const text = 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.';
  return new VenueError(-1007, text, status);
}
