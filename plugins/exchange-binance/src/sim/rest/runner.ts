import type { OrderAct } from '@speed-protocol/simulator';
import type { Caller } from '../trading/authenticate.js';
import { orderActs } from '../trading/order-acts.js';
import { say, VenueError } from '../venue-error.js';
import type { Budgets } from '../weight-pool.js';
import type { Params } from './params.js';
import type { Route, RouteContext } from './route.js';

/** A request for a route, whichever door it came through. */
export interface Asked {
  readonly params: Params;
  /** Address of the client. */
  readonly remote: string;
  /** As sent; `undefined` without one. */
  readonly apiKey: string | undefined;
  /** Who asks. @throws VenueError when that cannot be told */
  callerOf(auth: 'key' | 'signed'): Caller;
}

/** What became of it: a body, or an error. */
export interface Outcome {
  readonly body?: unknown;
  readonly error?: VenueError;
  /** Who asked, once that was clear. */
  readonly caller?: Caller | undefined;
  /** The orders that it was about. */
  readonly orders?: readonly OrderAct[] | undefined;
}

/** Runs routes for all doors of a product: books their weight, asks who is there, does what they do. */
export class RouteRunner {
  readonly #context: RouteContext;
  readonly #budgets: Budgets;

  constructor(context: RouteContext, budgets: Budgets) {
    this.#context = context;
    this.#budgets = budgets;
  }

  run(route: Route, asked: Asked): Outcome {
    let caller: Caller | undefined;
    try {
      this.#book(route, asked);
      if (route.auth === undefined) return { body: this.#runOpen(route, asked) };
      caller = asked.callerOf(route.auth);
      const body = route.run(this.#context, asked.params, caller);
      return { body, caller, orders: route.acts && orderActs(route.acts, caller, asked.params, body) };
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      if (route.freeOnSuccess) this.#charge(route, asked);
      return { error, caller, orders: caller && refusedActs(route, caller, asked.params) };
    }
  }

  /** Books the weight of what is no route. @throws VenueError 429, 418 */
  take(remote: string, weight: number): void {
    this.#budgets.weight.take(remote, weight, this.#context.now());
  }

  /** Weight that an address has used in this minute. */
  used(remote: string): number {
    return this.#budgets.weight.used(remote, this.#context.now());
  }

  #runOpen(route: Extract<Route, { auth?: undefined }>, { params, apiKey }: Asked): unknown {
    if (route.key && !apiKey) throw say.noKey();
    return route.run(this.#context, params);
  }

  #book(route: Route, asked: Asked): void {
    const now = this.#context.now();
    this.#budgets.weight.take(asked.remote, route.freeOnSuccess ? 0 : this.#weight(route, asked), now);
    if (route.bucket) this.#budgets[route.bucket].take(asked.remote, 1, now);
  }

  /** The weight of what was refused. Where that is too much, the next request hears of it. */
  #charge(route: Route, asked: Asked): void {
    try {
      this.#budgets.weight.take(asked.remote, this.#weight(route, asked), this.#context.now());
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
    }
  }

  #weight({ weight }: Route, { params }: Asked): number {
    return typeof weight === 'number' ? weight : weight(params, this.#context.product);
  }
}

function refusedActs(route: Route, caller: Caller, params: Params): readonly OrderAct[] | undefined {
  return route.auth !== undefined && route.acts ? orderActs(route.acts, caller, params, undefined) : undefined;
}
