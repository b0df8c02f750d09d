import type { Market, OrderAct, Venue } from '@speed-protocol/simulator';
import type { Family, Product } from '../products.js';
import { MarketText } from '../text.js';
import type { Caller } from '../trading/authenticate.js';
import type { TradingDesk } from '../trading/desk.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';

/** What a route works on: one product of the venue. */
export class RouteContext {
  /** The product's trading half; set once, by whoever makes both. */
  desk!: TradingDesk;
  /** Desks of all products of the pool, this one's included; grows as they are made. */
  relatives: TradingDesk[] = [];
  readonly #texts = new Map<Market, MarketText>();

  constructor(
    readonly product: Product,
    readonly venue: Venue,
    /** All futures venues of the simulation: kline routes take ids of both. */
    readonly futures: readonly Venue[],
    /** How far the venue's clock is ahead of the simulation's, ms. */
    readonly skewMs: () => number = () => 0,
  ) {}

  /** The venue's clock, whole ms. */
  now(): number {
    return Math.floor(this.venue.clock.now()) + this.skewMs();
  }

  /** @throws VenueError -1121 */
  market(symbol: string): Market {
    const market = this.venue.market(symbol);
    if (!market) throw say.badSymbol();
    return market;
  }

  /** As {@link market}, on either futures product. */
  anyMarket(symbol: string): Market {
    const market = this.venue.market(symbol) ?? this.futures.map((venue) => venue.market(symbol)).find((found) => found);
    if (!market) throw say.badSymbol();
    return market;
  }

  text(market: Market): MarketText {
    let text = this.#texts.get(market);
    if (!text) {
      text = new MarketText(market, familyOf(market));
      this.#texts.set(market, text);
    }
    return text;
  }
}

/** The product family that a market belongs to. */
function familyOf(market: Market): Family {
  if (market.listing.kind === 'spot') return 'spot';
  return market.listing.inverse ? 'inverse' : 'linear';
}

/** One REST route of one or more products. */
interface RouteBase {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the product's prefix, e.g. `/depth`. */
  readonly path: string;
  readonly families: readonly Family[];
  readonly weight: number | ((params: Params, product: Product) => number);
  /** Absolute path instead of one below the prefix. */
  readonly absolute?: boolean;
  /** Counts one request against this bucket as well. */
  readonly bucket?: 'funding' | 'data';
  /** Costs its weight only when it is refused. */
  readonly freeOnSuccess?: boolean;
}

/** A route that anybody may ask; `key` wants a header, whosever. */
interface OpenRoute extends RouteBase {
  readonly auth?: undefined;
  readonly key?: boolean;
  run(context: RouteContext, params: Params): unknown;
}

/** A route of an account: known by its key, or by key and signature. */
interface AccountRoute extends RouteBase {
  readonly auth: 'key' | 'signed';
  /** Answers say how many orders the account has sent. */
  readonly countsOrders?: boolean;
  /** What it does with orders, if anything. */
  readonly acts?: OrderAct['action'] | undefined;
  run(context: RouteContext, params: Params, caller: Caller): unknown;
}

export type Route = OpenRoute | AccountRoute;

export const ALL: readonly Family[] = ['spot', 'linear', 'inverse'];
export const FUTURES: readonly Family[] = ['linear', 'inverse'];
