import type { Order, PrivateEvent } from '@speed-protocol/core';
import type { Reconciler } from './reconcile.js';
import { ownIdOf, type SettleParts, type Settler } from './settle.js';

/** Wait before a reconciliation that failed is tried again, ms. */
const RETRY_MS = 1000;

/** Takes in what the private stream tells, and has the ledger reconciled whenever it may have missed something. */
export class Listening {
  #running: Promise<void> | null = null;
  #again = false;
  #cancelRetry: () => void = () => {};

  constructor(
    private readonly parts: SettleParts,
    private readonly settler: Settler,
    private readonly reconciler: Reconciler,
  ) {}

  hear(event: PrivateEvent): void {
    if (event.type === 'order') this.#hearOrder(event.order);
    else if (event.type === 'fill') this.reconciler.takeFill(event.fill);
    else if (event.type === 'stream' && event.state === 'up') this.reconcile();
  }

  get isReconciling(): boolean {
    return this.#running !== null;
  }

  /** One at a time; asked for again meanwhile, it runs once more. */
  reconcile(): void {
    this.#again = true;
    this.#running ??= this.#untilDone();
  }

  stop(): void {
    this.#cancelRetry();
  }

  #hearOrder(order: Order): void {
    const state = this.parts.ledger.find(order);
    if (state) {
      this.parts.ledger.add(state, { kind: 'order', order });
      if (!state.view.fillsComplete) this.settler.ask(state);
    } else if (ownIdOf(this.parts.trading, order) !== null) this.reconcile();
  }

  async #untilDone(): Promise<void> {
    const { signal, logger, clock } = this.parts;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.reconciler.run();
      } catch (err) {
        logger.warn({ err }, 'reconciling orders with the venue failed; it is tried again');
        this.#cancelRetry();
        this.#cancelRetry = clock.schedule(RETRY_MS, () => this.reconcile());
      }
    }
    this.#running = null;
  }
}
