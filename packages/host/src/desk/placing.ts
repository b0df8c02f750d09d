import { type CommandOutcome, type NewOrder, SpeedError } from '@speed-protocol/core';
import { attempt, outcomeOf } from './attempt.js';
import type { Job } from './lanes.js';
import type { DeskOrder, OrderState } from './order-state.js';
import type { SettleParts, Settler } from './settle.js';
import type { OrderRequest } from './types.js';

/** An order on record, with its way out. */
export interface Leaving {
  readonly state: OrderState;
  readonly order: NewOrder;
}

/** An order with its id, not on record yet. */
interface Wanted {
  readonly order: NewOrder;
  readonly tag: string | undefined;
}

/** Sends orders: put on record first, sent once, and judged by proof only. */
export class Placing {
  /** Orders on record that have not left yet, each with the way to take it back. */
  readonly #waiting = new Map<OrderState, () => boolean>();

  /** Ids of orders whose record is being written. */
  readonly #recording = new Set<string>();

  constructor(
    private readonly parts: SettleParts,
    private readonly settler: Settler,
    private readonly batchSize: number,
  ) {}

  /**
   * Puts intents on record by one write of the journal: all of them, or none is sent.
   * @throws SpeedError `duplicate` for an id that was used before, `unavailable` when it cannot be written
   */
  async record(requests: readonly OrderRequest[]): Promise<readonly Leaving[]> {
    const wanted: Wanted[] = [];
    try {
      for (const each of requests) wanted.push(this.#named(each));
      return await this.#begin(wanted);
    } finally {
      for (const { order } of wanted) this.#recording.delete(order.clientOrderId);
    }
  }

  /** Sends what is on record, in batches where there are several and the venue has them. */
  async send(leaving: readonly Leaving[]): Promise<readonly DeskOrder[]> {
    if (leaving.length < 2 || !this.parts.trading.placeOrders || this.batchSize < 2)
      return Promise.all(leaving.map((each) => this.#leave(each)));
    const batches: Leaving[][] = [];
    for (let at = 0; at < leaving.length; at += this.batchSize) batches.push(leaving.slice(at, at + this.batchSize));
    await Promise.all(batches.map((batch) => this.parts.lanes.run('place', () => this.#sendAll(batch)).result));
    return leaving.map(({ state }) => state.view);
  }

  /** Takes back an order that has not left; false when it has. */
  withdraw(state: OrderState): boolean {
    return this.#waiting.get(state)?.() ?? false;
  }

  withdrawAll(): void {
    for (const withdraw of [...this.#waiting.values()]) withdraw();
  }

  has(state: OrderState): boolean {
    return this.#waiting.has(state);
  }

  async #begin(wanted: readonly Wanted[]): Promise<readonly Leaving[]> {
    const now = this.parts.clock.now();
    const recorded = await Promise.allSettled(wanted.map(({ order, tag }) => this.parts.ledger.begin(order, now, tag)));
    const failed = recorded.find((each) => each.status === 'rejected');
    const leaving = recorded.flatMap((each, at) =>
      each.status === 'fulfilled' ? [{ state: each.value, order: wanted[at]!.order }] : [],
    );
    if (!failed) return leaving;
    for (const { state } of leaving) this.#neverSent(state);
    throw failed.reason;
  }

  #named({ tag, ...request }: OrderRequest): Wanted {
    const { trading, ledger } = this.parts;
    const clientOrderId = request.clientOrderId ?? trading.newClientOrderId();
    if (ledger.get(clientOrderId) || this.#recording.has(clientOrderId)) throw duplicate(clientOrderId);
    this.#recording.add(clientOrderId);
    return { order: { ...request, clientOrderId }, tag };
  }

  #leave({ state, order }: Leaving): Promise<DeskOrder> {
    return new Promise((resolve) => {
      let job: Job<void> | null = null;
      // Known as waiting before it runs: with a free slot it leaves at once.
      this.#waiting.set(state, () => {
        const withdrawn = job?.withdraw() ?? false;
        if (withdrawn) this.#neverSent(state);
        if (withdrawn) resolve(state.view);
        return withdrawn;
      });
      job = this.parts.lanes.run('place', () => this.#send(state, order));
      void job.result.then(() => resolve(state.view));
    });
  }

  async #send(state: OrderState, order: NewOrder): Promise<void> {
    this.#waiting.delete(state);
    this.settler.sent(state);
    const outcome = await attempt(() => this.parts.trading.placeOrder(order));
    this.settler.answered(state);
    this.#take(state, outcome);
  }

  async #sendAll(batch: readonly Leaving[]): Promise<void> {
    for (const { state } of batch) this.settler.sent(state);
    const outcomes = await this.#attemptAll(batch);
    batch.forEach(({ state }, at) => {
      this.settler.answered(state);
      this.#take(state, outcomes[at] ?? outcomeOf(new Error('the venue answered fewer orders than it was sent')));
    });
  }

  async #attemptAll(batch: readonly Leaving[]): Promise<readonly CommandOutcome[]> {
    try {
      return await this.parts.trading.placeOrders!(batch.map(({ order }) => order));
    } catch (error) {
      return batch.map(() => outcomeOf(error));
    }
  }

  #take(state: OrderState, outcome: CommandOutcome): void {
    const { ledger } = this.parts;
    if (outcome.status === 'accepted') {
      ledger.add(state, { kind: 'accepted', venueOrderId: outcome.venueOrderId });
      if (outcome.order) ledger.add(state, { kind: 'order', order: outcome.order });
      if (!state.view.fillsComplete) this.settler.ask(state);
    } else if (outcome.status === 'rejected' && outcome.reason.kind !== 'duplicate') {
      const { kind, message } = outcome.reason;
      ledger.add(state, { kind: 'refused', reason: { kind, message } });
    } else {
      // An id that the venue has already is no refusal: it has the order.
      const { kind, message } = outcome.status === 'unknown' ? outcome.cause : outcome.reason;
      ledger.add(state, { kind: 'unknown', reason: { kind, message } });
      this.settler.ask(state);
    }
  }

  #neverSent(state: OrderState): void {
    this.#waiting.delete(state);
    this.parts.ledger.add(state, { kind: 'refused', reason: { kind: 'aborted', message: 'taken back before it was sent' } });
  }
}

function duplicate(clientOrderId: string): SpeedError {
  return new SpeedError('duplicate', `There is an order "${clientOrderId}" already; every order needs an id of its own`, {
    outcomeKnown: true,
  });
}
