import type { Fill, FillQuery } from '@speed-protocol/core';
import { fillsSince } from './fill-pages.js';
import type { OrderState } from './order-state.js';
import { ownIdOf, type SettleParts, type Settler } from './settle.js';

/** What becomes of working orders with our prefix that this desk does not know. */
export type OrphanPolicy = 'adopt' | 'cancel' | 'ignore';

export interface ReconcileOptions {
  readonly orphans: OrphanPolicy;
  /** Fills are asked for from this long before the last known moment, ms; the venue's clock is not ours. */
  readonly overlapMs: number;
}

/** Makes the ledger agree with the venue: working orders listed, orphans dealt with, missed fills fetched. */
export class Reconciler {
  #agreedAt: number | null = null;

  constructor(
    private readonly parts: SettleParts,
    private readonly settler: Settler,
    private readonly options: ReconcileOptions,
  ) {}

  /** @throws SpeedError when the venue cannot be asked */
  async run(): Promise<void> {
    const { ledger, lanes, trading, signal, clock } = this.parts;
    const started = clock.now();
    const listed = new Set<OrderState>();
    for (const order of await lanes.run('read', () => trading.openOrders(undefined, { signal })).result) {
      const known = ledger.find(order);
      if (known) ledger.add(known, { kind: 'order', order });
      const state = known ?? this.#orphan(ownIdOf(trading, order), order);
      if (state) listed.add(state);
    }
    for (const symbol of this.#symbols()) await this.#backfill(symbol);
    for (const state of ledger.unsettled()) {
      if (!state.view.fillsComplete || !listed.has(state)) this.settler.ask(state, true);
    }
    this.#agreedAt = started;
  }

  #orphan(clientOrderId: string | null, order: Parameters<SettleParts['ledger']['adopt']>[1]): OrderState | null {
    const { ledger, logger } = this.parts;
    if (clientOrderId === null || this.options.orphans === 'ignore') return null;
    const state = ledger.adopt(clientOrderId, order);
    logger.warn(
      { clientOrderId, symbol: order.symbol, policy: this.options.orphans },
      'a working order of ours was not on record',
    );
    if (this.options.orphans === 'cancel') {
      this.settler.wantCancelled(state);
      this.settler.ask(state, true);
    }
    return state;
  }

  #symbols(): Set<string> {
    const symbols = new Set<string>();
    for (const state of this.parts.ledger.all()) symbols.add(state.symbol);
    return symbols;
  }

  async #backfill(symbol: string): Promise<void> {
    const { lanes, trading, signal } = this.parts;
    const since = Math.max(0, this.#since(symbol) - this.options.overlapMs);
    const ask = (query: FillQuery) => lanes.run('read', () => trading.fills(symbol, { ...query, signal })).result;
    for await (const fill of fillsSince(ask, since)) this.takeFill(fill);
  }

  /** A fill of whomever: ours are kept, those of strangers on the same account are not. */
  takeFill(fill: Fill): void {
    const { ledger, trading } = this.parts;
    const state = ledger.find(fill);
    if (state) ledger.add(state, { kind: 'fill', fill });
    else if (fill.clientOrderId === null || ownIdOf(trading, fill) !== null) ledger.hold(fill);
  }

  /** From when on something may have been missed. */
  #since(symbol: string): number {
    if (this.#agreedAt !== null) return this.#agreedAt;
    let since = this.parts.clock.now();
    for (const state of this.parts.ledger.unsettled()) {
      const { createdAt } = state.view;
      // Adopted orders have no such time; their fills are asked for by order.
      if (state.symbol !== symbol || createdAt === 0) continue;
      since = Math.min(since, createdAt);
    }
    return since;
  }
}
