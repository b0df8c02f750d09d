import type { LevelsBuffer } from './levels-buffer.js';
import { PAGE_SLOTS, SlotPages } from './slot-pages.js';
import type { TickGrid } from './tick-grid.js';

/** Pages of a new window: 8,192 ticks in a table of half a kilobyte. */
const MIN_PAGES = 256;
/** Pages of the widest window: about a million ticks in a table of 64 KB. */
const MAX_PAGES = 32_768;
/** The touch gets this share of the window in front of it, for a market that moves that way. */
const MARGIN_SHARE = 8;
/** With one far change among this many the window is too narrow: each costs ten times one inside. */
const FAR_SHARE = 64;
/** Far changes seen before the share is judged. */
const FAR_SAMPLE = 64;

/**
 * Pages that are provided for each level of a snapshot: it grows for minutes after it, and far levels take a page each. What
 * is never written to takes no memory.
 */
const PAGES_PER_LEVEL = 4;
const MOST_PROVIDED = 8_192;

export type Visit = (price: number, size: number) => void;

/**
 * The levels of one side near its touch, indexed by tick. A *rank* counts ticks from the best side on (ticks for asks,
 * minus ticks for bids), so that low is always better; a *slot* is a rank relative to the window's start.
 */
export class TickWindow {
  /** Slots in the window. */
  span = MIN_PAGES * PAGE_SLOTS;
  private readonly pages = new SlotPages(16);
  /** Page id by slot / 32; 0 where nothing was ever set. */
  private table = new Uint16Array(MIN_PAGES);
  /** No page is in use from this entry on. */
  private tableEnd = 0;
  /** Rank of slot 0; a multiple of the page size. */
  private start = 0;
  /** No level is in a slot before this one. */
  private hint = 0;
  private scale = Number.NaN;
  private numerator = 0;
  private denominator = 1;
  private farSeen = 0;
  private changesAtSample = 0;

  constructor(private readonly sign: 1 | -1) {}

  /** Sets the grid of an empty window; `null` switches the index off: no price has a slot then. */
  setGrid(grid: TickGrid | null): void {
    this.numerator = grid?.numerator ?? 0;
    this.denominator = this.sign * (grid?.denominator ?? 1);
    this.scale = grid ? this.denominator / this.numerator : Number.NaN;
  }

  /** Slot of a price, which may lie outside of the window; NaN when the price is off the grid. */
  slotOf(price: number): number {
    const rank = Math.floor(price * this.scale + 0.5);
    return (rank * this.numerator) / this.denominator === price ? rank - this.start : Number.NaN;
  }

  /** Slot nearest to a price on or off the grid; NaN without a grid. */
  nearestSlot(price: number): number {
    return Math.floor(price * this.scale + 0.5) - this.start;
  }

  priceAt(slot: number): number {
    // Adding 0 turns the -0 that a price of 0 would give on the bid side into 0.
    return ((slot + this.start) * this.numerator) / this.denominator + 0;
  }

  /**
   * The hot loop: sets the levels in `values` from index `at` up to `end`, size 0 removes. Stops at the first level that
   * is not plain (outside of the window, off the grid, in a new page, not a number) and returns its index, else `end`.
   */
  apply(values: Float64Array, at: number, end: number): number {
    const { table, scale, start, span, numerator, denominator } = this;
    const { sizes, masks } = this.pages;
    let hint = this.hint;
    let i = at;
    for (; i < end; i += 2) {
      const price = values[i] as number;
      const size = values[i + 1] as number;
      const rank = Math.floor(price * scale + 0.5);
      const place = rank - start;
      if (!(place >= 0 && place < span && (rank * numerator) / denominator === price && size >= 0 && size < Infinity)) break;
      const slot = place | 0;
      const id = table[slot >> 5] as number;
      if (id === 0) {
        if (size === 0) continue;
        break;
      }
      sizes[(id << 5) | (slot & 31)] = size;
      masks[id]! |= 1 << (slot & 31);
      if (slot < hint) hint = slot;
    }
    this.hint = hint;
    return i;
  }

  /** Size in a slot of the window; 0 when there is no level. */
  sizeAt(slot: number): number {
    return this.pages.sizes[((this.table[slot >> 5] as number) << 5) | (slot & 31)] as number;
  }

  /** Sets the size of a slot of the window; 0 removes the level. */
  put(slot: number, size: number): void {
    const id = (this.table[slot >> 5] as number) || (size === 0 ? 0 : this.takePage(slot >> 5));
    if (id === 0) return;
    this.pages.sizes[(id << 5) | (slot & 31)] = size;
    this.pages.masks[id]! |= 1 << (slot & 31);
    if (slot < this.hint) this.hint = slot;
  }

  /** First slot with a level; {@link span} when there is none. */
  first(): number {
    this.hint = this.next(this.hint);
    return this.hint;
  }

  /** First slot with a level at or after `slot`; {@link span} when there is none. */
  next(slot: number): number {
    const { table, tableEnd, pages } = this;
    let mask = -1 << (slot & 31);
    for (let page = slot >> 5; page < tableEnd; page++) {
      const found = pages.firstIn(table[page] as number, mask);
      if (found >= 0) return (page << 5) | found;
      mask = -1;
    }
    return this.span;
  }

  /**
   * Adds the levels from slot `from` on to `out`, up to `limit` levels in it and not beyond the price `bound`.
   * Returns the slot to continue from; {@link span} at the end.
   */
  read(out: LevelsBuffer, from: number, limit: number, bound: number): number {
    const { table, tableEnd, start, numerator, denominator, sign } = this;
    const { sizes, masks } = this.pages;
    let mask = -1 << (from & 31);
    for (let page = from >> 5; page < tableEnd; page++, mask = -1) {
      const id = table[page] as number;
      for (let left = (masks[id] as number) & mask; left !== 0; left &= left - 1) {
        const slot = (page << 5) | (31 - Math.clz32(left & -left));
        const size = sizes[(id << 5) | (slot & 31)] as number;
        if (size === 0) masks[id]! &= ~(1 << (slot & 31));
        else {
          const price = ((slot + start) * numerator) / denominator + 0;
          if (out.count >= limit || sign * price > sign * bound) return slot;
          out.push(price, size);
        }
      }
    }
    return this.span;
  }

  clear(): void {
    this.pages.clear();
    this.table.fill(0, 0, this.tableEnd);
    this.tableEnd = 0;
    this.hint = 0;
  }

  /** Makes room for a book that begins with so many levels, while the window is empty. */
  provide(levels: number): void {
    this.pages.provide(Math.min(MOST_PROVIDED, 2 ** Math.ceil(Math.log2(PAGES_PER_LEVEL * levels + 1))));
  }

  /** Places an empty window around the slot of the touch. */
  placeAround(touch: number): void {
    this.start += this.pageShift(touch) * PAGE_SLOTS;
  }

  /**
   * Moves the window so that `touch`, a slot, stands behind its margin. Levels that drop out go to `spill`; whoever
   * holds the far levels must then offer them again.
   */
  recentre(touch: number, spill: Visit): void {
    const shift = this.pageShift(touch);
    this.spillOutside(shift * PAGE_SLOTS, spill);
    this.sweep();
    const old = this.table;
    this.table = new Uint16Array(old.length);
    for (let page = Math.max(0, shift); page < Math.min(old.length, old.length + shift); page++) {
      this.table[page - shift] = old[page] as number;
    }
    this.tableEnd = Math.max(0, Math.min(old.length, this.tableEnd - shift));
    this.start += shift * PAGE_SLOTS;
    this.hint = 0;
  }

  /** Tells of a change beyond the window's end, with all changes so far; true when the window should {@link widen}. */
  isTooNarrow(slot: number, changes: number): boolean {
    if (slot < 0 || slot >= MAX_PAGES * PAGE_SLOTS || this.table.length === MAX_PAGES || ++this.farSeen < FAR_SAMPLE)
      return false;
    const often = changes - this.changesAtSample < FAR_SAMPLE * FAR_SHARE;
    this.farSeen = 0;
    this.changesAtSample = changes;
    return often;
  }

  /** Doubles the window at its far end. */
  widen(): void {
    const table = new Uint16Array(2 * this.table.length);
    table.set(this.table);
    this.table = table;
    this.span = table.length * PAGE_SLOTS;
  }

  private pageShift(touch: number): number {
    return Math.floor(touch / PAGE_SLOTS) - this.table.length / MARGIN_SHARE;
  }

  private takePage(page: number): number {
    if (this.pages.isFull) {
      this.sweep();
      this.pages.reserve();
    }
    const id = this.pages.take();
    this.table[page] = id;
    this.tableEnd = Math.max(this.tableEnd, page + 1);
    return id;
  }

  /** Gives back the pages whose levels are all gone. */
  private sweep(): void {
    const { table, pages } = this;
    for (let page = 0; page < this.tableEnd; page++) {
      const id = table[page] as number;
      if (id !== 0 && pages.releaseIfEmpty(id)) table[page] = 0;
    }
  }

  /** Takes out the levels before slot `low` and a span after it. */
  private spillOutside(low: number, spill: Visit): void {
    const high = low + this.span;
    for (let slot = this.first(); slot < this.span; slot = this.next(slot + 1)) {
      if (slot >= low && slot < high) continue;
      spill(this.priceAt(slot), this.sizeAt(slot));
      this.put(slot, 0);
    }
  }
}
