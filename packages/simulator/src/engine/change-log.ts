import type { Side } from './types.js';

/** Changes are kept in columns; a column starts small and doubles until the limit, then it is a ring. */
const FIRST_CAPACITY = 1024;

/**
 * The latest level changes of one book, each with its update id: enough to walk the book back to an earlier sequence and
 * to name the levels that changed since one.
 */
export class ChangeLog {
  #capacity: number;
  #ids: Float64Array;
  #prices: Float64Array;
  #befores: Float64Array;
  #sells: Uint8Array;
  /** Changes ever recorded; the newest sits at `#written - 1`. */
  #written = 0;

  /** @param limit how many changes are kept */
  constructor(readonly limit = 32_768) {
    this.#capacity = Math.min(FIRST_CAPACITY, limit);
    this.#ids = new Float64Array(this.#capacity);
    this.#prices = new Float64Array(this.#capacity);
    this.#befores = new Float64Array(this.#capacity);
    this.#sells = new Uint8Array(this.#capacity);
  }

  /** Update id of the newest change; 0 when there is none. */
  get lastId(): number {
    return this.#written === 0 ? 0 : this.#ids[(this.#written - 1) % this.#capacity]!;
  }

  /** Books at this sequence and later can be given back; `Infinity` while nothing is recorded. */
  get oldestSequence(): number {
    if (this.#written === 0) return Number.POSITIVE_INFINITY;
    return this.#ids[this.#first % this.#capacity]!;
  }

  add(id: number, side: Side, price: number, before: number): void {
    if (this.#written === this.#capacity && this.#capacity < this.limit) this.#grow();
    const at = this.#written++ % this.#capacity;
    this.#ids[at] = id;
    this.#prices[at] = price;
    this.#befores[at] = before;
    this.#sells[at] = side === 'sell' ? 1 : 0;
  }

  /** Calls `visit` for every change after `sequence`, newest first. @returns the id of the oldest visited, or 0 */
  walkBack(sequence: number, visit: (side: Side, price: number, before: number) => void): number {
    let oldest = 0;
    for (let i = this.#written - 1; i >= this.#first; i--) {
      const at = i % this.#capacity;
      if (this.#ids[at]! <= sequence) break;
      oldest = this.#ids[at]!;
      visit(this.#sells[at] === 1 ? 'sell' : 'buy', this.#prices[at]!, this.#befores[at]!);
    }
    return oldest;
  }

  get #first(): number {
    return Math.max(0, this.#written - this.#capacity);
  }

  /** Only while the columns have never wrapped. */
  #grow(): void {
    this.#capacity = Math.min(this.limit, this.#capacity * 2);
    const wider = (column: Float64Array) => {
      const copy = new Float64Array(this.#capacity);
      copy.set(column);
      return copy;
    };
    this.#ids = wider(this.#ids);
    this.#prices = wider(this.#prices);
    this.#befores = wider(this.#befores);
    const sells = new Uint8Array(this.#capacity);
    sells.set(this.#sells);
    this.#sells = sells;
  }
}
