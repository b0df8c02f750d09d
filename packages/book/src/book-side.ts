import type { Levels } from '@speed-protocol/core';
import { FarLevels } from './far-levels.js';
import { LevelsBuffer } from './levels-buffer.js';
import type { TickGrid } from './tick-grid.js';
import { TickWindow } from './tick-window.js';

/**
 * One side of a book. A price lives in exactly one place: in the tick window when it is on the grid and inside the
 * window, among the far levels otherwise. Everything below keeps that true.
 */
export class BookSide {
  private readonly window: TickWindow;
  private readonly far: FarLevels;
  private changes = 0;
  /** Changes whose price was not on the tick grid: a new tick size, or a venue that says one thing and does another. */
  offGrid = 0;

  /** @param sign 1 for asks (low is best), -1 for bids (high is best) */
  constructor(private readonly sign: 1 | -1) {
    this.window = new TickWindow(sign);
    this.far = new FarLevels(sign);
  }

  /** Number of levels; counted anew each time. */
  get count(): number {
    let count = this.far.count;
    const { window } = this;
    for (let slot = window.first(); slot < window.span; slot = window.next(slot + 1)) count++;
    return count;
  }

  /** Changes the tick size; the levels stay. */
  setGrid(grid: TickGrid | null): void {
    const levels = new LevelsBuffer();
    this.read(levels, Number.POSITIVE_INFINITY);
    this.clear();
    this.window.setGrid(grid);
    this.replace(levels);
  }

  clear(): void {
    this.window.clear();
    this.far.clear();
  }

  /** Replaces all levels. False when a price or a size is not one (NaN, infinite, negative size). */
  replace(levels: Levels): boolean {
    this.clear();
    this.window.provide(levels.count);
    const best = this.bestOf(levels);
    if (!Number.isNaN(best)) this.window.placeAround(best);
    return this.apply(levels);
  }

  /** Sets the named levels; size 0 removes. False, stopping there, when a price or a size is not one. */
  apply(levels: Levels): boolean {
    const { values, start, count } = levels;
    const end = start + 2 * count;
    this.changes += count;
    for (let at = this.window.apply(values, start, end); at < end; at = this.window.apply(values, at + 2, end)) {
      if (!this.set(values[at] as number, values[at + 1] as number)) return false;
    }
    return true;
  }

  /** 0 when there is no such level. */
  sizeAt(price: number): number {
    const slot = this.window.slotOf(price);
    return slot >= 0 && slot < this.window.span ? this.window.sizeAt(slot) : this.far.sizeAt(price);
  }

  /** Best price; NaN when the side is empty. */
  bestPrice(): number {
    const { window, far } = this;
    const slot = window.first();
    const near = slot < window.span ? window.priceAt(slot) : Number.NaN;
    if (far.count === 0 || this.sign * near < this.sign * (far.values[0] as number)) return near;
    return far.values[0] as number;
  }

  /** Fills `out` with the best `limit` levels, best first. */
  read(out: LevelsBuffer, limit: number): void {
    out.clear();
    const { window, far } = this;
    let slot = window.first();
    for (let aside = 0; aside < far.count && out.count < limit; aside++) {
      slot = window.read(out, slot, limit, far.priceOf(aside));
      if (out.count < limit) out.push(far.priceOf(aside), far.sizeOf(aside));
    }
    window.read(out, slot, limit, Number.NaN);
  }

  /** Visits the levels, best first, until `visit` returns false. */
  forEach(visit: (price: number, size: number) => boolean | void): void {
    const { window, far } = this;
    let aside = 0;
    for (let slot = window.first(); slot < window.span; slot = window.next(slot + 1)) {
      const price = window.priceAt(slot);
      for (; this.isFarBetter(aside, price); aside++) {
        if (visit(far.priceOf(aside), far.sizeOf(aside)) === false) return;
      }
      if (visit(price, window.sizeAt(slot)) === false) return;
    }
    for (; aside < far.count; aside++) {
      if (visit(far.priceOf(aside), far.sizeOf(aside)) === false) return;
    }
  }

  private isFarBetter(aside: number, price: number): boolean {
    return aside < this.far.count && this.sign * this.far.priceOf(aside) < this.sign * price;
  }

  /** Sets a level that the hot loop left alone; moves or widens the window where that brings it into reach. */
  private set(price: number, size: number): boolean {
    if (!Number.isFinite(price) || !(size >= 0 && size < Number.POSITIVE_INFINITY)) return false;
    const slot = this.window.slotOf(price);
    if (Number.isNaN(slot)) this.offGrid++;
    else if (!(slot >= 0 && slot < this.window.span)) this.bringIntoReach(slot, size !== 0);
    if (!this.putInWindow(price, size)) this.far.set(price, size);
    return true;
  }

  /** False when the price has no slot in the window. */
  private putInWindow(price: number, size: number): boolean {
    const { window } = this;
    const slot = window.slotOf(price);
    if (!(slot >= 0 && slot < window.span)) return false;
    window.put(slot, size);
    return true;
  }

  private bringIntoReach(slot: number, appears: boolean): void {
    const { window } = this;
    const best = this.bestPrice();
    const touch = Number.isNaN(best) ? slot : window.nearestSlot(best);
    if (slot < 0 ? appears : touch > window.span / 2) this.recentre(Math.min(slot, touch));
    else if (window.isTooNarrow(slot, this.changes)) this.widen();
  }

  private recentre(touch: number): void {
    const { window, far } = this;
    window.recentre(touch, (price, size) => far.set(price, size));
    this.collectFar();
  }

  private widen(): void {
    this.window.widen();
    this.collectFar();
  }

  /** Moves the far levels that now have a slot into the window. */
  private collectFar(): void {
    this.far.extract((price, size) => this.putInWindow(price, size));
  }

  /** Slot of the best on-grid price of a snapshot, wherever it stands in it; NaN when there is none. */
  private bestOf(levels: Levels): number {
    let best = Number.NaN;
    for (let i = 0, at = levels.start; i < levels.count; i++, at += 2) {
      if (levels.values[at + 1] === 0) continue;
      const slot = this.window.slotOf(levels.values[at] as number);
      if (!Number.isNaN(slot) && !(slot >= best)) best = slot;
    }
    return best;
  }
}
