import type { AccountListener } from '@speed-protocol/client';
import type { OrderView } from '@speed-protocol/protocol';
import { finalOutcome } from './outcome.js';

/** What is known of one order. */
interface Known {
  order: OrderView | undefined;
  /** When its final state became known. */
  finalAt: number | undefined;
  readonly waiting: Set<() => void>;
}

/** What one client knows of its orders, by its own names for them. */
export class KnownOrders {
  readonly #known = new Map<string, Known>();
  /** Events may have been missed: what is waited for has to be asked for. */
  onRelist: () => void = () => {};

  constructor(private readonly now: () => number) {}

  readonly listen: AccountListener = (event) => {
    if (event.type === 'order') this.note(event.order);
    else if (event.type === 'relist' && event.reason !== 'new') this.onRelist();
  };

  /** From now on what is told of this order is kept. */
  expect(ref: string): void {
    this.#known.set(ref, { order: undefined, finalAt: undefined, waiting: new Set() });
  }

  /** Evidence may come in any order; a final state stays. */
  note(order: OrderView): void {
    const known = this.#known.get(order.ref ?? '');
    if (!known || known.finalAt !== undefined) return;
    known.order = order;
    if (finalOutcome(order) === undefined) return;
    known.finalAt = this.now();
    for (const wake of [...known.waiting]) wake();
  }

  get(ref: string): OrderView | undefined {
    return this.#known.get(ref)?.order;
  }

  finalAt(ref: string): number | undefined {
    return this.#known.get(ref)?.finalAt;
  }

  /** Resolves when the final state is known, or with the signal. */
  final(ref: string, signal: AbortSignal): Promise<void> {
    const known = this.#known.get(ref);
    if (!known || known.finalAt !== undefined || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        known.waiting.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      known.waiting.add(end);
      signal.addEventListener('abort', end);
    });
  }

  forget(ref: string): void {
    this.#known.delete(ref);
  }
}
