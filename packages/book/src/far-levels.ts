/**
 * Levels that have no slot in the tick index: far from the touch, or off the grid. One sorted array, best first,
 * price and size interleaved. Worst-first appends, which is how snapshots arrive, cost nothing to insert.
 */
export class FarLevels {
  /** Price of level `i` at `2 * i`, its size next to it. Valid for {@link count} levels. */
  values = new Float64Array(128);
  count = 0;

  /** @param sign 1 for asks (low is best), -1 for bids (high is best) */
  constructor(private readonly sign: 1 | -1) {}

  priceOf(i: number): number {
    return this.values[2 * i] as number;
  }

  sizeOf(i: number): number {
    return this.values[2 * i + 1] as number;
  }

  clear(): void {
    this.count = 0;
  }

  /** Sets a level; size 0 removes it. */
  set(price: number, size: number): void {
    const at = this.find(price);
    const found = at < this.count && this.values[2 * at] === price;
    if (size === 0) {
      if (found) this.removeAt(at);
    } else if (found) this.values[2 * at + 1] = size;
    else this.insertAt(at, price, size);
  }

  /** 0 when there is no such level. */
  sizeAt(price: number): number {
    const at = this.find(price);
    return at < this.count && this.values[2 * at] === price ? (this.values[2 * at + 1] as number) : 0;
  }

  /** Takes out the levels that `take` accepts. `take` must not touch this object. */
  extract(take: (price: number, size: number) => boolean): void {
    const values = this.values;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const price = values[2 * i] as number;
      const size = values[2 * i + 1] as number;
      if (take(price, size)) continue;
      values[2 * kept] = price;
      values[2 * kept + 1] = size;
      kept++;
    }
    this.count = kept;
  }

  /** Index of the level at `price`, or of the first one worse than it. */
  private find(price: number): number {
    const values = this.values;
    const sign = this.sign;
    const key = sign * price;
    let low = 0;
    let high = this.count;
    if (high > 0 && sign * (values[2 * high - 2] as number) < key) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sign * (values[2 * middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insertAt(at: number, price: number, size: number): void {
    if (2 * this.count === this.values.length) {
      const larger = new Float64Array(2 * this.values.length);
      larger.set(this.values);
      this.values = larger;
    }
    if (at < this.count) this.values.copyWithin(2 * at + 2, 2 * at, 2 * this.count);
    this.values[2 * at] = price;
    this.values[2 * at + 1] = size;
    this.count++;
  }

  private removeAt(at: number): void {
    this.values.copyWithin(2 * at, 2 * at + 2, 2 * this.count);
    this.count--;
  }
}
