import type { Listing, Market, Venue } from '@speed-protocol/simulator';
import { Texts } from '../rows.js';
import { instTypeOf } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';

/** What a route works on. */
export class RouteContext {
  readonly texts = new Texts();

  constructor(
    readonly venue: Venue,
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

  /** The market of a request's `instId`. @throws VenueError 50014, 51001 */
  market(params: Params): Market {
    const market = this.venue.market(params.required('instId'));
    if (!market) throw say.noInstrument();
    return market;
  }

  /** As {@link market}, of a derivative. */
  contract(params: Params): Market {
    const market = this.market(params);
    if (market.listing.kind === 'spot') throw say.noInstrument();
    return market;
  }

  /** Open markets of a request's `instType`, or the one that it names. @throws VenueError 51000, 51001 */
  markets(params: Params): readonly Market[] {
    if (params.optional('instId') !== undefined) return [this.market(params)];
    const type = this.type(params);
    return this.venue.markets.filter(({ listing }) => instTypeOf(listing) === type);
  }

  /** Of listings: the number by which order sockets name them. */
  codeOf(listing: Listing): number {
    return 1_000 + this.venue.listings.indexOf(listing);
  }

  type(params: Params): string {
    const type = params.required('instType');
    if (!INST_TYPES.includes(type)) throw say.wrong('instType');
    return type;
  }
}

const INST_TYPES = ['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION'];

/** One REST route. */
export interface Route {
  /** Path below `/api/v5`. */
  readonly path: string;
  /** Requests in two seconds, per address. */
  readonly per2s: number;
  /** Asked for each instrument, or type of instrument, by itself. */
  readonly each?: 'instId' | 'instType';
  /** The `data` of the answer. */
  run(context: RouteContext, params: Params): readonly unknown[];
}
