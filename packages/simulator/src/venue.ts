import { nearest, SpeedError } from '@speed-protocol/core';
import type { VirtualClock } from './clock.js';
import { type FlowOptions, OrderFlow } from './flow/order-flow.js';
import { keyOf, type Listing } from './listing.js';
import type { Diffusion } from './market/diffusion.js';
import { Market } from './market/market.js';
import { ContiguousSequence, SharedSequence, type UpdateSequence } from './market/update-sequence.js';
import type { Random } from './random.js';

/** How a venue numbers its book updates: each book by itself, or one counter for the whole venue. */
export type SequenceKind = 'contiguous' | 'shared';

/** What a dialect says of one of its venues. */
export interface VenueRow {
  /** ccxt's id, e.g. `binanceusdm`. */
  readonly id: string;
  readonly sequence: SequenceKind;
  /** Trades within this many ms are one aggregate; 0 = those of one taker order. */
  readonly aggregateMs: number;
  /** The listing at an instant (dated futures come and go). The first rows are the ones that trade by default. */
  readonly listing: (now: number) => readonly Listing[];
}

/** What all venues of one simulation share. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly flow: FlowOptions;
  readonly historyChanges?: number | undefined;
  /** The price of an asset relative to the start, the same for every venue. */
  index(asset: string): Diffusion;
}

/** One simulated venue: its listing, and the markets that are open. A market opens when it is first asked for. */
export class Venue {
  readonly id: string;
  readonly listings: readonly Listing[];
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly #row: VenueRow;
  readonly #world: World;
  readonly #markets = new Map<string, Market>();
  readonly #byKey: ReadonlyMap<string, Listing>;
  readonly #bySymbol: ReadonlyMap<string, Listing>;
  readonly #shared: SharedSequence;
  readonly #openListeners: ((market: Market) => void)[] = [];

  constructor(row: VenueRow, world: World) {
    this.id = row.id;
    this.#row = row;
    this.#world = world;
    this.clock = world.clock;
    this.random = world.random.fork(row.id);
    this.listings = row.listing(world.clock.now());
    this.#byKey = new Map(this.listings.map((listing) => [keyOf(listing), listing]));
    this.#bySymbol = new Map(this.listings.map((listing) => [listing.symbol, listing]));
    this.#shared = new SharedSequence(5e12 + this.random.integer(0, 1e9), this.random.fork('sequence'));
  }

  /** Markets that are open, in the order in which they opened. */
  get markets(): readonly Market[] {
    return [...this.#markets.values()];
  }

  /** Calls for every market that opens from now on. */
  onOpen(listener: (market: Market) => void): void {
    this.#openListeners.push(listener);
  }

  /**
   * The market of a key (the venue symbol, as a rule), opened if need be; `undefined` when it is not listed.
   * @param flow false opens it empty: somebody else brings the orders
   */
  market(key: string, { flow = true }: { readonly flow?: boolean } = {}): Market | undefined {
    const listing = this.#byKey.get(key);
    return listing && (this.#markets.get(key) ?? this.#open(listing, flow));
  }

  /**
   * The market of a unified symbol or of a key.
   * @throws SpeedError `not-found` naming the nearest listed symbol
   */
  require(symbol: string): Market {
    const listing = this.#bySymbol.get(symbol) ?? this.#byKey.get(symbol);
    const market = listing && this.market(keyOf(listing));
    if (market) return market;
    const near = nearest(symbol, [...this.#bySymbol.keys(), ...this.#byKey.keys()]);
    throw new SpeedError('not-found', `${this.id} lists no "${symbol}"${near ? `; did you mean "${near}"?` : ''}`, {
      venue: this.id,
    });
  }

  #open(listing: Listing, flow: boolean): Market {
    const world = this.#world;
    const random = this.random.fork(keyOf(listing));
    const market = new Market({
      venue: this.id,
      listing,
      clock: world.clock,
      random,
      sequence: this.#sequence(random),
      index: world.index(listing.asset),
      aggregateMs: this.#row.aggregateMs,
      historyChanges: world.historyChanges,
    });
    this.#markets.set(keyOf(listing), market);
    if (flow) new OrderFlow(market, world.flow).start();
    everySecond(world.clock, () => market.tick());
    for (const listener of this.#openListeners) listener(market);
    return market;
  }

  #sequence(random: Random): UpdateSequence {
    return this.#row.sequence === 'shared' ? this.#shared : new ContiguousSequence(1e10 + random.integer(0, 1e9));
  }
}

/** Runs at every whole second of the clock. */
function everySecond(clock: VirtualClock, run: () => void): void {
  const next = () => {
    run();
    clock.scheduleAt(Math.floor(clock.now() / 1000) * 1000 + 1000, next);
  };
  clock.scheduleAt(Math.floor(clock.now() / 1000) * 1000 + 1000, next);
}
