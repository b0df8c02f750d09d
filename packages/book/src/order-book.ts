import { type Clock, type DepthEvent, type GapEvent, type Levels, systemClock } from '@speed-protocol/core';
import { BookSide } from './book-side.js';
import { LevelsBuffer } from './levels-buffer.js';
import { tickGrid } from './tick-grid.js';

/** `syncing`: no snapshot yet. `live`: every change so far is in. `stale`: something was missed; wait for a snapshot. */
export type BookState = 'syncing' | 'live' | 'stale';

export interface BookStatus {
  readonly state: BookState;
  /** Sequence number of the last event applied; `null` before the first, and on venues that send none. */
  readonly sequence: number | null;
  /** ms since the last applied event was received; `null` before the first. */
  readonly ageMs: number | null;
  /** How often the book lost its place. */
  readonly gaps: number;
  /** How often a snapshot made it live again afterwards. */
  readonly resyncs: number;
}

/**
 * What became of an event. `refused`: a delta that does not follow the book, or a level that is not one; the book is
 * stale now. `ignored`: a delta while there is nothing live to apply it to.
 */
export type ApplyResult = 'applied' | 'refused' | 'ignored';

export type Side = 'bid' | 'ask';

/** Both sides, best first. **Valid until the next read of the same book**: use core's `copyLevels` to keep a side. */
export interface TopView {
  readonly bids: Levels;
  readonly asks: Levels;
}

export interface OrderBookOptions {
  /** The instrument's `tickSize`. Without it the book is right but slower: levels are then found by binary search. */
  readonly tickSize?: string | undefined;
  /** For {@link OrderBook.status}'s age; default the machine's clock. */
  readonly clock?: Clock | undefined;
}

/** What price impact, consolidation and displays need of a book. */
export interface BookReader {
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  status(): BookStatus;
  forEachLevel(side: Side, visit: (price: number, size: number) => boolean | void): void;
}

/**
 * An L2 order book on flat typed arrays, indexed by tick. Feed it depth and gap events in order; it refuses whatever
 * does not follow and says so in {@link status}. Prices and sizes read back exactly as they were sent. No method on the
 * path of a delta or of a read allocates once the book has reached its size.
 *
 * A stale book keeps its last levels for display; they are history, not the market.
 */
export class OrderBook implements BookReader {
  private readonly bidSide = new BookSide(-1);
  private readonly askSide = new BookSide(1);
  private readonly clock: Clock;
  private readonly bidView = new LevelsBuffer();
  private readonly askView = new LevelsBuffer();
  private readonly view: TopView = { bids: this.bidView, asks: this.askView };
  /** Sequence and receive time, NaN when there is none; in an array, so that writing them boxes nothing. */
  private readonly last = new Float64Array([Number.NaN, Number.NaN]);
  private state: BookState = 'syncing';
  private gaps = 0;
  private resyncs = 0;

  /** @throws SpeedError `invalid-request` when the tick size is not a positive decimal number */
  constructor(options: OrderBookOptions = {}) {
    this.clock = options.clock ?? systemClock;
    if (options.tickSize !== undefined) this.setTickSize(options.tickSize);
  }

  /** Best bid price; `null` when there are no bids. */
  get bestBid(): number | null {
    const price = this.bidSide.bestPrice();
    return Number.isNaN(price) ? null : price;
  }

  /** Best ask price; `null` when there are no asks. */
  get bestAsk(): number | null {
    const price = this.askSide.bestPrice();
    return Number.isNaN(price) ? null : price;
  }

  /** Number of bid levels. */
  get bidCount(): number {
    return this.bidSide.count;
  }

  /** Number of ask levels. */
  get askCount(): number {
    return this.askSide.count;
  }

  /** True when the best bid is at or above the best ask: locked or crossed, which no venue's book is for long. */
  get crossed(): boolean {
    return this.bidSide.bestPrice() >= this.askSide.bestPrice();
  }

  /** Changes whose price was off the tick grid, ever. They are kept like all others; if it grows, the tick size changed. */
  get offGrid(): number {
    return this.bidSide.offGrid + this.askSide.offGrid;
  }

  /**
   * Applies a snapshot or a delta.
   * @returns `refused` when the book is stale because of this event, `ignored` when it was not live before
   */
  applyDepth(event: DepthEvent): ApplyResult {
    return event.kind === 'delta' ? this.applyDelta(event) : this.applySnapshot(event);
  }

  /** Takes note of a hole in the feed: the book is stale until the next snapshot. */
  onGap(_event?: GapEvent): void {
    if (this.state === 'live') {
      this.state = 'stale';
      this.gaps++;
    }
  }

  status(): BookStatus {
    const [sequence, receivedAt] = this.last as unknown as [number, number];
    return {
      state: this.state,
      sequence: Number.isNaN(sequence) ? null : sequence,
      ageMs: Number.isNaN(receivedAt) ? null : Math.max(0, this.clock.now() - receivedAt),
      gaps: this.gaps,
      resyncs: this.resyncs,
    };
  }

  /** The best `levels` levels of each side, as a view that the next call overwrites. */
  top(levels: number): TopView {
    this.bidSide.read(this.bidView, levels);
    this.askSide.read(this.askView, levels);
    return this.view;
  }

  /** Size at a price; 0 when there is no such level. */
  sizeAt(side: Side, price: number): number {
    return this.sideOf(side).sizeAt(price);
  }

  /** Visits the levels of one side, best first, until `visit` returns false. `visit` must not change the book. */
  forEachLevel(side: Side, visit: (price: number, size: number) => boolean | void): void {
    this.sideOf(side).forEach(visit);
  }

  /**
   * Changes the tick size, as venues do now and then; levels and state stay.
   * @throws SpeedError `invalid-request` when the tick size is not a positive decimal number
   */
  setTickSize(tickSize: string): void {
    const grid = tickGrid(tickSize);
    this.bidSide.setGrid(grid);
    this.askSide.setGrid(grid);
  }

  private sideOf(side: Side): BookSide {
    return side === 'bid' ? this.bidSide : this.askSide;
  }

  private applyDelta(event: DepthEvent): ApplyResult {
    if (this.state !== 'live') return 'ignored';
    // A book without a sequence (NaN) equals no number: a numbered delta cannot be shown to follow it.
    if (event.prevSequence !== null && event.prevSequence !== this.last[0]) return this.lose();
    if (!(this.bidSide.apply(event.bids) && this.askSide.apply(event.asks))) return this.lose();
    this.note(event);
    return 'applied';
  }

  private applySnapshot(event: DepthEvent): ApplyResult {
    if (!(this.bidSide.replace(event.bids) && this.askSide.replace(event.asks))) return this.lose();
    if (this.state === 'stale') this.resyncs++;
    this.state = 'live';
    this.note(event);
    return 'applied';
  }

  private note(event: DepthEvent): void {
    this.last[0] = event.sequence ?? Number.NaN;
    this.last[1] = event.receivedAt;
  }

  private lose(): ApplyResult {
    if (this.state === 'live') this.gaps++;
    this.state = 'stale';
    return 'refused';
  }
}
