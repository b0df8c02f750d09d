import type { Evidence, Journal, JournalledOrder } from '../../src/index.js';

/** A journal whose records outlive the desk, as a disk's outlive the process. */
export class MemoryJournal implements Journal {
  readonly #orders = new Map<string, { clientOrderId: string; symbol: string; evidence: Evidence[] }>();
  /** Refuses every record while set. */
  broken: Error | null = null;

  async record(clientOrderId: string, symbol: string, evidence: Evidence): Promise<void> {
    await Promise.resolve();
    if (this.broken) throw this.broken;
    const order = this.#orders.get(clientOrderId) ?? { clientOrderId, symbol, evidence: [] };
    order.evidence.push(evidence);
    this.#orders.set(clientOrderId, order);
  }

  async replay(): Promise<readonly JournalledOrder[]> {
    return [...this.#orders.values()];
  }

  async forget(clientOrderIds: readonly string[]): Promise<void> {
    for (const id of clientOrderIds) this.#orders.delete(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
