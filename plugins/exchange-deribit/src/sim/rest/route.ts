import type { Account, Listing, Market, OrderAct, Venue } from '@speed-protocol/simulator';
import type { PoolName } from '../credits.js';
import { isAskedFor } from '../rows.js';
import { Texts } from '../text.js';
import type { Tokens } from '../trading/authenticate.js';
import type { TradingDesk } from '../trading/desk.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';

/** What a connection can be asked for besides answers. */
export interface Session {
  /** Subscribes to what there is of these, and says to which. */
  subscribe(channels: readonly string[]): readonly string[];
  unsubscribe(channels: readonly string[]): readonly string[];
  unsubscribeAll(): void;
  /** Seconds between heartbeats; 0 ends them. */
  setHeartbeat(seconds: number): void;
  logIn(account: Account, expiresAt: number): void;
  logOut(): void;
  /** Whether its orders, or all of the account's, die with it. */
  cancelOnDisconnect: boolean;
}

/** One call, however it came. */
export interface Call {
  readonly params: Params;
  /** Absent over HTTP. */
  readonly session: Session | undefined;
  /** Who calls, where that is known; always on private methods. */
  readonly account: Account | undefined;
}

/** What a route works on. */
export class RouteContext {
  readonly texts = new Texts();

  constructor(
    readonly venue: Venue,
    readonly desk: TradingDesk,
    readonly tokens: Tokens,
    /** How far the venue's clock is ahead of the simulation's, ms. */
    readonly skewMs: () => number = () => 0,
  ) {}

  /** The venue's clock, whole ms. */
  now(): number {
    return Math.floor(this.venue.clock.now()) + this.skewMs();
  }

  /** Ms that pass as they do, however the venue's clock is set: what is allowed in a second is counted by it. */
  elapsed(): number {
    return this.venue.clock.now();
  }

  /** The market that a call names. @throws VenueError -32602, 13020 */
  market(params: Params): Market {
    const market = this.venue.market(params.required('instrument_name'));
    if (!market) throw say.noInstrument();
    return market;
  }

  /** Listings of a call's `currency` and `kind`. */
  listings(params: Params): readonly Listing[] {
    const [currency, kind] = [params.text('currency'), params.text('kind')];
    return this.venue.listings.filter((listing) => isAskedFor(listing, currency, kind));
  }

  idOf(listing: Listing): number {
    return 100_000 + this.venue.listings.indexOf(listing);
  }
}

/** One method. Those that begin with `private/` are for who has logged in. */
export interface Route {
  readonly name: string;
  /** Default `general`. */
  readonly pool?: PoolName;
  run(context: RouteContext, call: Call): unknown;
}

/** What has been done with orders, besides the result. */
export class Done {
  constructor(
    readonly result: unknown,
    readonly orders: readonly OrderAct[],
  ) {}
}
