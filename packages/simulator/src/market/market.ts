import type { VirtualClock } from '../clock.js';
import { MatchingEngine } from '../engine/matching-engine.js';
import type { EngineSink, NewOrder, Side, Submission, Trade } from '../engine/types.js';
import { formatUnits, Grid } from '../grid.js';
import type { Listing } from '../listing.js';
import type { Random } from '../random.js';
import { SequencedBook } from './book.js';
import { CandleBook } from './candle-book.js';
import type { Diffusion } from './diffusion.js';
import { Funding, type FundingSettlement } from './funding.js';
import { OpenInterest } from './open-interest.js';
import { Pricing } from './pricing.js';
import { SampledCandles } from './sampled-candles.js';
import { type AggregateTrade, Tape } from './tape.js';
import type { UpdateSequence } from './update-sequence.js';

/** A forced sale or purchase, after it has run into the book. */
export interface Liquidation {
  readonly side: Side;
  /** Limit of the order, in ticks. */
  readonly price: number;
  /** Mean price of what was filled, in ticks with a fraction. */
  readonly averagePrice: number;
  /** Lots asked for and lots filled. */
  readonly size: number;
  readonly filled: number;
  readonly time: number;
}

/** What a dialect hears from a market; called synchronously, in order. */
export interface MarketListener {
  onTrade?(market: Market, trade: Trade): void;
  onAggregate?(market: Market, aggregate: AggregateTrade): void;
  /** The book changed; one call per order, however many levels it touched. */
  onBook?(market: Market): void;
  /** The best price or its size changed. */
  onQuote?(market: Market): void;
  onLiquidation?(market: Market, liquidation: Liquidation): void;
  onFunding?(market: Market, settlement: FundingSettlement): void;
  /** Mark and index price moved: once a second, before funding that is due. */
  onPrices?(market: Market): void;
}

export interface MarketOptions {
  readonly venue: string;
  readonly listing: Listing;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly sequence: UpdateSequence;
  /** The asset's price relative to the start, shared by all markets of the asset. */
  readonly index: Diffusion;
  readonly aggregateMs: number;
  readonly historyChanges?: number | undefined;
}

const LIQUIDATIONS_KEPT = 100;
/** Owner of orders that the venue brings itself. */
const HOUSE = 'house';

/** One instrument that trades: an engine, its sequenced book, and everything that is derived from its tape. */
export class Market {
  readonly venue: string;
  readonly listing: Listing;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly grid: Grid;
  readonly engine: MatchingEngine;
  readonly book: SequencedBook;
  readonly tape: Tape;
  readonly candles: CandleBook;
  readonly pricing: Pricing;
  /** Perpetuals only. */
  readonly funding: Funding | undefined;
  /** Decimals of {@link turnover}. */
  readonly turnoverScale: number;
  /** The latest liquidations, oldest first. */
  readonly liquidations: Liquidation[] = [];
  /** Derivatives only. */
  readonly openInterest: OpenInterest | undefined;
  /** Minutes of the published prices since the opening. */
  readonly published = { mark: new SampledCandles(), index: new SampledCandles(), premium: new SampledCandles() };
  /** Lots that a resting order may still fill; absent: all that is left of it. */
  allowance: EngineSink['allowance'];
  /** Hears of resting orders that gave way to their own owner. */
  prevented: EngineSink['onPrevented'];
  readonly #listeners: MarketListener[] = [];
  #changedAt: number;
  #lastSettlement = 0;
  #changing = false;
  #quote = [0, 0, 0, 0];

  constructor(options: MarketOptions) {
    const { listing, clock, random } = options;
    const openedAt = clock.now();
    const [firstOrderId, firstTradeId, firstAggregateId] = [1e9, 1e8, 5e7].map((base) => base + random.integer(1, base));
    this.venue = options.venue;
    this.listing = listing;
    this.clock = clock;
    this.random = random;
    this.#changedAt = openedAt;
    this.grid = new Grid(listing);
    this.turnoverScale = listing.inverse ? 8 : this.grid.notionalScale;
    this.book = new SequencedBook(options.sequence, options.historyChanges);
    this.engine = new MatchingEngine({
      sink: {
        onLevel: (side, price, before) => this.book.record(side, price, before),
        onTrade: (trade) => this.#onTrade(trade),
        onPrevented: (maker) => this.prevented?.(maker),
        allowance: (maker) => this.allowance?.(maker) ?? maker.remaining,
      },
      now: () => Math.floor(clock.now()),
      firstOrderId: firstOrderId!,
      firstTradeId: firstTradeId!,
    });
    this.book.attach(this.engine);
    this.tape = new Tape({
      firstAggregateId: firstAggregateId!,
      aggregateMs: options.aggregateMs,
      onAggregate: (aggregate) => this.#tell((listener) => listener.onAggregate?.(this, aggregate)),
    });
    this.pricing = new Pricing({ listing, random: random.fork('basis'), index: options.index, openedAt });
    const openingPrice = this.grid.nearestTicks(this.pricing.fair(openedAt));
    this.candles = new CandleBook({
      random: random.fork('prehistory'),
      openedAt,
      openingPrice,
      firstTradeId: firstTradeId!,
      minuteVolume: this.typicalLots * 40,
      turnover: (price, size) => this.turnover(price, size),
    });
    this.funding = listing.fundingIntervalHours
      ? new Funding(listing.fundingIntervalHours, {
          random: random.fork('funding'),
          openedAt,
          price: this.pricing.fair(openedAt),
        })
      : undefined;
    this.openInterest =
      listing.kind === 'spot'
        ? undefined
        : new OpenInterest({ lots: this.typicalLots * 20_000, openedAt, random: random.fork('open interest') });
  }

  listen(listener: MarketListener): void {
    this.#listeners.push(listener);
  }

  now(): number {
    return this.clock.now();
  }

  /** When the book last changed, whole ms. */
  get changedAt(): number {
    return Math.floor(this.#changedAt);
  }

  /** @param id one that the engine has reserved; by default the next */
  submit(order: NewOrder, id?: number): Submission {
    return this.#change(() => this.engine.submit(order, id));
  }

  cancel(orderId: number): number | undefined {
    return this.#change(() => this.engine.cancel(orderId));
  }

  amend(orderId: number, change: { readonly price?: number; readonly size?: number }): Submission | undefined {
    return this.#change(() => this.engine.amend(orderId, change));
  }

  /** Fills what is left of a resting order at its own price, with a taker who wants just that one. */
  fill(orderId: number): Trade | undefined {
    return this.#change(() => this.engine.fill(orderId, HOUSE));
  }

  /** Sends a forced order into the book and tells of it. */
  liquidate(side: Side, size: number, price: number, owner = 'liquidation'): void {
    const submission = this.submit({ owner, side, size, price, timeInForce: 'IOC' });
    const { filled, fills } = submission;
    if (filled === 0) return;
    const averagePrice = fills.reduce((sum, fill) => sum + fill.price * fill.size, 0) / filled;
    this.openInterest?.close(filled);
    const liquidation = { side, price, averagePrice, size, filled, time: Math.floor(this.now()) };
    this.liquidations.push(liquidation);
    if (this.liquidations.length > LIQUIDATIONS_KEPT) this.liquidations.shift();
    this.#tell((listener) => listener.onLiquidation?.(this, liquidation));
  }

  /** A trade that happened elsewhere and is only told of: replayed captures bring their own. */
  report(trade: Trade): void {
    this.#onTrade(trade);
  }

  /** Samples the published prices and settles funding that is due. Called once a second. */
  tick(): void {
    const now = this.now();
    this.tape.closeDue(now);
    const { bids, asks } = this.engine;
    if (bids.best && asks.best)
      this.pricing.observe(now, (this.grid.price(bids.best.price) + this.grid.price(asks.best.price)) / 2);
    this.#publish(now);
    this.#tell((listener) => listener.onPrices?.(this));
    this.#fund(now);
    this.openInterest?.sample(now);
  }

  /** Price x size in quote (linear, spot) or in base (inverse), as an integer of {@link turnoverScale} decimals. */
  turnover(price: number, size: number): bigint {
    if (!this.listing.inverse) return this.grid.notional(price, size);
    const contracts = this.grid.size(size);
    return BigInt(Math.round((contracts * Number(this.listing.contractSize) * 1e8) / this.grid.price(price)));
  }

  formatTurnover(turnover: bigint, decimals = this.turnoverScale): string {
    if (decimals >= this.turnoverScale) return formatUnits(turnover * 10n ** BigInt(decimals - this.turnoverScale), decimals);
    return formatUnits(turnover / 10n ** BigInt(this.turnoverScale - decimals), decimals);
  }

  /** Lots of an everyday order: a few thousand dollars. */
  get typicalLots(): number {
    const { price, contractSize, inverse, quoteValue = 1 } = this.listing;
    const lot = this.grid.size(1);
    const value = inverse ? lot * Number(contractSize) : lot * price * quoteValue * Number(contractSize);
    return Math.max(1, Math.round(3000 / value));
  }

  #publish(now: number): void {
    const [mark, index] = [this.pricing.mark(now), this.pricing.indexPrice(now)];
    this.published.mark.add(now, mark);
    this.published.index.add(now, index);
    this.published.premium.add(now, mark / index - 1);
  }

  #fund(now: number): void {
    const { funding } = this;
    if (!funding) return;
    const due = funding.nextTime(now) - funding.intervalHours * 3_600_000;
    if (this.#lastSettlement === 0) this.#lastSettlement = due;
    if (due > this.#lastSettlement) {
      this.#lastSettlement = due;
      const settlement = funding.settle(due, this.pricing.mark(now));
      this.#tell((listener) => listener.onFunding?.(this, settlement));
    }
    funding.sample(this.pricing.mark(now) / this.pricing.indexPrice(now) - 1);
  }

  #onTrade(trade: Trade): void {
    this.tape.add(trade);
    this.candles.add(trade);
    this.openInterest?.trade(trade);
    this.#tell((listener) => listener.onTrade?.(this, trade));
  }

  /** Several changes that listeners see as one. */
  batch<T>(act: () => T): T {
    return this.#change(act);
  }

  #change<T>(act: () => T): T {
    if (this.#changing) return act();
    this.#changing = true;
    const before = this.book.lastId;
    try {
      return act();
    } finally {
      this.#changing = false;
      if (this.book.lastId !== before) this.#announce();
    }
  }

  #announce(): void {
    this.#changedAt = this.now();
    if (this.tape.aggregateMs === 0) this.tape.close();
    this.#tell((listener) => listener.onBook?.(this));
    const { bids, asks } = this.engine;
    const quote = [bids.best?.price ?? 0, bids.best?.total ?? 0, asks.best?.price ?? 0, asks.best?.total ?? 0];
    if (quote.every((value, i) => value === this.#quote[i])) return;
    this.#quote = quote;
    this.#tell((listener) => listener.onQuote?.(this));
  }

  #tell(call: (listener: MarketListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
