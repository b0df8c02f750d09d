/** Slots per page: one bit each in an int32 mask. */
export const PAGE_SLOTS = 32;

/**
 * Storage of a tick window: pages of 32 sizes, taken when a first level arrives in them, so that a wide window over a
 * sparse book stays small. Page 0 is the empty page that all unused entries point to.
 *
 * A slot whose bit is clear holds no level. A slot whose bit is set holds one if its size is not 0: removing a level
 * only writes the size, which keeps the hot loop free of branches, and whoever reads past the slot clears the bit.
 */
export class SlotPages {
  /** Size in slot `s` of page `id` at `32 * id + s`. */
  sizes: Float64Array;
  /** Bit `s` of entry `id` belongs to slot `s` of that page. */
  masks: Int32Array;
  private free: Int32Array;
  private freeCount = 0;
  private used = 1;

  constructor(pages: number) {
    this.sizes = new Float64Array(pages * PAGE_SLOTS);
    this.masks = new Int32Array(pages);
    this.free = new Int32Array(pages);
  }

  /** True when the next {@link take} needs a {@link reserve}. */
  get isFull(): boolean {
    return this.freeCount === 0 && this.used === this.masks.length;
  }

  /** Id of an empty page. */
  take(): number {
    return this.freeCount > 0 ? (this.free[--this.freeCount] as number) : this.used++;
  }

  /** Doubles the storage unless a good part of it is free: looking for empty pages must not become a habit. */
  reserve(): void {
    if (this.freeCount < this.masks.length / 4) this.grow();
  }

  /** Makes room for so many pages while none is in use, so that it need not be made in the middle of a stream. */
  provide(pages: number): void {
    if (pages <= this.masks.length) return;
    this.sizes = new Float64Array(pages * PAGE_SLOTS);
    this.masks = new Int32Array(pages);
    this.free = new Int32Array(pages);
  }

  /** Gives the page back if it holds no level. */
  releaseIfEmpty(id: number): boolean {
    if (this.firstIn(id, -1) >= 0) return false;
    this.free[this.freeCount++] = id;
    return true;
  }

  /** First slot of the page with a level among those in `mask`; -1 when there is none. Clears bits without a level. */
  firstIn(id: number, mask: number): number {
    const { sizes, masks } = this;
    let left = (masks[id] as number) & mask;
    while (left !== 0) {
      const slot = 31 - Math.clz32(left & -left);
      if (sizes[(id << 5) | slot] !== 0) return slot;
      masks[id]! &= ~(1 << slot);
      left &= left - 1;
    }
    return -1;
  }

  clear(): void {
    this.sizes.fill(0, 0, this.used * PAGE_SLOTS);
    this.masks.fill(0, 0, this.used);
    this.freeCount = 0;
    this.used = 1;
  }

  private grow(): void {
    const pages = 2 * this.masks.length;
    const { sizes, masks, free } = this;
    this.sizes = new Float64Array(pages * PAGE_SLOTS);
    this.sizes.set(sizes);
    this.masks = new Int32Array(pages);
    this.masks.set(masks);
    this.free = new Int32Array(pages);
    this.free.set(free);
  }
}
