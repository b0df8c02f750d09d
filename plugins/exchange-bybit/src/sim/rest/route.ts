import type { Listing, Market, Venue } from '@speed-protocol/simulator';
import { type Category, categoryOf, keyOf } from '../listing.js';
import type { DepthState } from '../streams/depth-state.js';
import { MessageNumbers } from '../streams/numbers.js';
import { Texts } from '../text.js';
import { say } from '../venue-error.js';
import type { Params } from './params.js';

const CATEGORIES = ['spot', 'linear', 'inverse', 'option'];

/** What a route works on. */
export class RouteContext {
  readonly texts = new Texts();
  readonly numbers: MessageNumbers;
  /** Books of the deepest streams that somebody listens to: REST answers as they stand. */
  readonly depths = new Map<Market, DepthState>();

  constructor(
    readonly venue: Venue,
    /** How far the venue's clock is ahead of the simulation's, ms. */
    readonly skewMs: () => number = () => 0,
  ) {
    this.numbers = new MessageNumbers(venue.random.fork('message numbers'));
  }

  /** The venue's clock, whole ms. */
  now(): number {
    return Math.floor(this.venue.clock.now()) + this.skewMs();
  }

  /** Ms that pass as they do, however the venue's clock is set: what is allowed in a second is counted by it. */
  elapsed(): number {
    return this.venue.clock.now();
  }

  /** @throws VenueError 10001 */
  category(category: string | undefined): Category {
    if (category === undefined || !CATEGORIES.includes(category)) throw say.wrong('category invalid');
    return category as Category;
  }

  /** The market of a product and an id. @throws VenueError 10001 */
  marketOf(category: string | undefined, symbol: string | undefined): Market {
    const market = this.venue.market(keyOf(this.category(category), symbol ?? ''));
    if (!market || categoryOf(market.listing) !== category) throw say.noSymbol();
    return market;
  }

  /** The market of a request. */
  market(params: Params): Market {
    return this.marketOf(params.required('category'), params.required('symbol'));
  }

  /** As {@link market}, of a derivative. */
  contract(params: Params): Market {
    const market = this.market(params);
    if (market.listing.kind === 'spot') throw say.wrong('category invalid');
    return market;
  }

  /** What a product lists, of one symbol or all. @throws VenueError 10001 */
  listings(params: Params): readonly Listing[] {
    const category = this.category(params.required('category'));
    const [symbol, baseCoin] = [params.optional('symbol'), params.optional('baseCoin')];
    const listed = this.venue.listings.filter((listing) => categoryOf(listing) === category);
    const chosen = listed.filter(
      ({ venueSymbol, base }) => (symbol ?? venueSymbol) === venueSymbol && (baseCoin ?? base) === base,
    );
    if (symbol !== undefined && chosen.length === 0) throw say.noSymbol();
    return chosen;
  }
}

/** One public REST route. */
export interface Route {
  /** Path below `/v5`. */
  readonly path: string;
  /** The `result` of the answer. */
  run(context: RouteContext, params: Params): object;
}
