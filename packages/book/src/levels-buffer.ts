import type { Levels } from '@speed-protocol/core';

/** A reusable {@link Levels}: filled anew by every read, grown when it is too small, never shrunk. */
export class LevelsBuffer implements Levels {
  values = new Float64Array(64);
  readonly start = 0;
  count = 0;

  clear(): void {
    this.count = 0;
  }

  push(price: number, size: number): void {
    const at = 2 * this.count++;
    if (at === this.values.length) this.grow();
    this.values[at] = price;
    this.values[at + 1] = size;
  }

  private grow(): void {
    const larger = new Float64Array(2 * this.values.length);
    larger.set(this.values);
    this.values = larger;
  }
}
