import type { NewOrder, OrderSide } from '@speed-protocol/core';

/** Orders remembered, once or twice as many. */
const KEPT = 1_000;

/** By which side our last orders were placed: an amendment of futures must name it. */
export class RecentSides {
  /** Two generations: the older one is dropped whole, because dropping one by one makes a map slow. */
  #sides = new Map<string, OrderSide>();
  #older = new Map<string, OrderSide>();

  remember({ clientOrderId, side }: NewOrder): void {
    if (this.#sides.size >= KEPT) {
      this.#older = this.#sides;
      this.#sides = new Map();
    }
    this.#sides.set(clientOrderId, side);
  }

  of(clientOrderId = ''): OrderSide | undefined {
    return this.#sides.get(clientOrderId) ?? this.#older.get(clientOrderId);
  }
}
