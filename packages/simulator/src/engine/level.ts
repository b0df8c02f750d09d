import type { SelfTrade, Side } from './types.js';

/** A resting order, linked into the queue of its level: first in, first matched. */
export interface RestingOrder {
  readonly id: number;
  readonly owner: string;
  readonly clientId: string | undefined;
  readonly side: Side;
  readonly selfTrade: SelfTrade | undefined;
  /** Ticks. */
  price: number;
  /** Lots as placed or amended. */
  size: number;
  /** Lots still open. */
  remaining: number;
  previous: RestingOrder | undefined;
  next: RestingOrder | undefined;
}

/** All orders of one price, oldest first. */
export class Level {
  /** Lots of all orders together. */
  total = 0;
  count = 0;
  head: RestingOrder | undefined;
  tail: RestingOrder | undefined;

  constructor(readonly price: number) {}

  append(order: RestingOrder): void {
    order.previous = this.tail;
    order.next = undefined;
    if (this.tail) this.tail.next = order;
    else this.head = order;
    this.tail = order;
    this.total += order.remaining;
    this.count++;
  }

  remove(order: RestingOrder): void {
    if (order.previous) order.previous.next = order.next;
    else this.head = order.next;
    if (order.next) order.next.previous = order.previous;
    else this.tail = order.previous;
    order.previous = undefined;
    order.next = undefined;
    this.total -= order.remaining;
    this.count--;
  }
}
