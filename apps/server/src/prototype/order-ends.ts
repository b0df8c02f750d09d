import { FINAL_STATUSES } from '@speed-protocol/core';
import type { DeskOrder, TradingAccount } from '@speed-protocol/host';

interface Waiting {
  readonly signal: AbortSignal;
  resolve(order: DeskOrder): void;
}

/** Waits for orders to be over; one listener per account, however many orders. */
export class OrderEnds {
  static readonly #ofAccount = new WeakMap<TradingAccount, OrderEnds>();
  readonly #waiting = new Map<string, Waiting[]>();

  static of(account: TradingAccount): OrderEnds {
    const known = OrderEnds.#ofAccount.get(account);
    if (known) return known;
    const ends = new OrderEnds(account);
    OrderEnds.#ofAccount.set(account, ends);
    return ends;
  }

  private constructor(private readonly account: TradingAccount) {
    account.on((event) => {
      if (event.type === 'order' || event.type === 'fill') this.#hear(event.order);
    });
  }

  /** Resolves with the order when nothing of it changes any more and its fills are known; never when `signal` is aborted first. */
  of(order: DeskOrder, signal: AbortSignal): Promise<DeskOrder> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(order.clientOrderId) ?? [];
      waiting.push({ signal, resolve });
      this.#waiting.set(order.clientOrderId, waiting);
      this.#hear(this.account.order(order.clientOrderId));
    });
  }

  #hear(order: DeskOrder): void {
    if (!FINAL_STATUSES.has(order.status) || !order.fillsComplete) return;
    const waiting = this.#waiting.get(order.clientOrderId);
    this.#waiting.delete(order.clientOrderId);
    for (const { signal, resolve } of waiting ?? []) if (!signal.aborted) resolve(order);
  }
}
