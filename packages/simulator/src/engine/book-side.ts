import { Level } from './level.js';
import type { Side } from './types.js';

/** The levels of one side, best last: the touch is cheap to read, take and improve. */
export class BookSide {
  readonly #levels: Level[] = [];
  readonly #sign: number;

  constructor(readonly side: Side) {
    this.#sign = side === 'buy' ? 1 : -1;
  }

  get depth(): number {
    return this.#levels.length;
  }

  get best(): Level | undefined {
    return this.#levels[this.#levels.length - 1];
  }

  /** The i-th best level, 0 being the touch. */
  at(rank: number): Level | undefined {
    return this.#levels[this.#levels.length - 1 - rank];
  }

  get(price: number): Level | undefined {
    const level = this.#levels[this.#find(price)];
    return level?.price === price ? level : undefined;
  }

  /** The level at this price, made when missing. */
  ensure(price: number): Level {
    const at = this.#find(price);
    const found = this.#levels[at];
    if (found?.price === price) return found;
    const level = new Level(price);
    this.#levels.splice(at, 0, level);
    return level;
  }

  /** Takes an empty level off the side. */
  drop(level: Level): void {
    if (level === this.best) this.#levels.pop();
    else this.#levels.splice(this.#find(level.price), 1);
  }

  /** True when an order of the other side at this limit would match here. */
  crossedBy(limit: number): boolean {
    const best = this.best;
    return best !== undefined && (best.price - limit) * this.#sign >= 0;
  }

  /** Lots that an order of the other side could take within its limit, counted up to `wanted`. */
  available(limit: number | undefined, wanted: number): number {
    let lots = 0;
    for (let rank = 0; lots < wanted; rank++) {
      const level = this.at(rank);
      if (!level || (limit !== undefined && (level.price - limit) * this.#sign < 0)) break;
      lots += level.total;
    }
    return lots;
  }

  /** Index of this price, or where it belongs: prices improve with the index. */
  #find(price: number): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#levels[middle]!.price - price) * this.#sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
