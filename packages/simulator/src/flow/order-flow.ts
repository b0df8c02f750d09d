import type { Side } from '../engine/types.js';
import type { Market } from '../market/market.js';
import type { Random } from '../random.js';

export interface FlowOptions {
  /** Orders and cancels per second and market. */
  readonly eventsPerSecond: number;
  /** Price levels per side at the start, and about the number kept. */
  readonly levels: number;
  /** Mean seconds between forced liquidations of a derivative; 0 = none. */
  readonly liquidationSeconds: number;
}

export const DEFAULT_FLOW: FlowOptions = { eventsPerSecond: 25, levels: 200, liquidationSeconds: 20 };

const OWNER = 'flow';
/** Share of the events that take liquidity. */
const MARKET_ORDER_SHARE = 0.08;
/** Mean distance of new orders from the fair price, mostly near the touch, some far out: as a fraction, but some ticks. */
const NEAR = { fraction: 0.00015, ticks: 3 };
const FAR = { fraction: 0.002, ticks: 60 };
const FAR_SHARE = 0.25;
/** Share of the new orders that go between the best bid and ask, or join the touch: they keep the spread narrow. */
const INSIDE_SHARE = 0.3;
/** A taker goes at most this far into the book. */
const REACH = 0.0005;

/**
 * A crowd of anonymous traders: limit orders around a fair price that wanders, cancels that keep the book's size, takers,
 * forced liquidations. Everything is an order on the engine, so trades and book agree by construction.
 */
export class OrderFlow {
  readonly #market: Market;
  readonly #options: FlowOptions;
  readonly #random: Random;
  /** Ids of own resting orders; some may be gone already, which shows when they are picked. */
  readonly #orders: number[] = [];
  #stopped = false;

  constructor(market: Market, options: FlowOptions) {
    this.#market = market;
    this.#options = options;
    this.#random = market.random.fork('flow');
  }

  /** Fills the book and starts the clockwork. */
  start(): void {
    this.#openBook();
    this.#sleep();
    if (this.#market.listing.kind !== 'spot' && this.#options.liquidationSeconds > 0) this.#awaitLiquidation();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One event of the crowd, now. */
  step(): void {
    const wanted = this.#options.levels * 2.4;
    const cancelShare = Math.min(0.9, (0.46 * this.#market.engine.openOrders) / wanted);
    const draw = this.#random.next();
    if (draw < MARKET_ORDER_SHARE) this.#take();
    else if (draw < MARKET_ORDER_SHARE + cancelShare) this.#cancel();
    else this.#quote();
  }

  #sleep(): void {
    if (this.#options.eventsPerSecond <= 0) return;
    const gap = this.#random.exponential(1000 / this.#options.eventsPerSecond);
    this.#market.clock.schedule(gap, () => {
      if (this.#stopped) return;
      this.step();
      this.#sleep();
    });
  }

  #openBook(): void {
    const fair = this.#fairTicks();
    const gap = (4 * reachOf(FAR, fair)) / this.#options.levels;
    for (const side of ['buy', 'sell'] as const) {
      let distance = 0;
      for (let i = 0; i < this.#options.levels; i++) {
        distance += Math.max(1, Math.round(this.#random.exponential(i === 0 ? 1 : gap)));
        this.#rest(side, side === 'buy' ? fair - distance : fair + distance, this.#size());
      }
    }
  }

  #quote(): void {
    const side = this.#side();
    const price = this.#random.chance(INSIDE_SHARE) ? this.#insidePrice(side) : this.#outsidePrice(side);
    if (price !== undefined) this.#rest(side, price, this.#size());
  }

  #outsidePrice(side: Side): number {
    const fair = this.#fairTicks();
    const reach = reachOf(this.#random.chance(FAR_SHARE) ? FAR : NEAR, fair);
    const distance = 1 + Math.floor(this.#random.exponential(reach));
    return side === 'buy' ? fair - distance : fair + distance;
  }

  /** At the touch of this side or better, never through the other. */
  #insidePrice(side: Side): number | undefined {
    const { bids, asks } = this.#market.engine;
    if (!bids.best || !asks.best) return undefined;
    const room = asks.best.price - bids.best.price - 1;
    const step = Math.ceil(this.#random.next() * room);
    return side === 'buy' ? bids.best.price + step : asks.best.price - step;
  }

  #rest(side: Side, price: number, size: number): void {
    if (price <= 0) return;
    const { orderId, resting } = this.#market.submit({ owner: OWNER, side, price, size });
    if (resting > 0) this.#orders.push(orderId);
  }

  #cancel(): void {
    while (this.#orders.length > 0) {
      const at = this.#random.integer(0, this.#orders.length - 1);
      const id = this.#orders[at]!;
      this.#orders[at] = this.#orders[this.#orders.length - 1]!;
      this.#orders.pop();
      if (this.#market.cancel(id) !== undefined) return;
    }
  }

  #take(): void {
    const side = this.#side();
    const touch = this.#market.engine.sideOf(side === 'buy' ? 'sell' : 'buy').best;
    if (!touch) return;
    const reach = Math.max(1, Math.round(touch.price * REACH));
    const price = Math.max(1, side === 'buy' ? touch.price + reach : touch.price - reach);
    this.#market.submit({ owner: OWNER, side, price, size: this.#size(), timeInForce: 'IOC' });
  }

  #awaitLiquidation(): void {
    const gap = this.#random.exponential(1000 * this.#options.liquidationSeconds);
    this.#market.clock.schedule(gap, () => {
      if (this.#stopped) return;
      this.#liquidate();
      this.#awaitLiquidation();
    });
  }

  #liquidate(): void {
    const side = this.#side();
    const touch = this.#market.engine.sideOf(side === 'buy' ? 'sell' : 'buy').best;
    if (!touch) return;
    const reach = Math.max(1, Math.round(touch.price * 0.002));
    const price = Math.max(1, side === 'buy' ? touch.price + reach : touch.price - reach);
    this.#market.liquidate(side, this.#size() * 3, price);
  }

  #side(): Side {
    return this.#random.chance(0.5) ? 'buy' : 'sell';
  }

  /** Lots, skewed: most orders are small, a few are large. */
  #size(): number {
    return Math.max(1, Math.round(this.#market.typicalLots * Math.exp(this.#random.normal() - 0.5)));
  }

  #fairTicks(): number {
    return Math.max(2, this.#market.grid.nearestTicks(this.#market.pricing.fair(this.#market.now())));
  }
}

/** Mean distance in ticks at this price (ticks). */
function reachOf(distance: { readonly fraction: number; readonly ticks: number }, price: number): number {
  return Math.max(distance.ticks, price * distance.fraction);
}
