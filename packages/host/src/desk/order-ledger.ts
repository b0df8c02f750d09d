import { type Fill, type Logger, type NewOrder, type Order, SpeedError } from '@speed-protocol/core';
import type { Evidence } from './evidence.js';
import type { Journal } from './journal.js';
import { type DeskOrder, OrderState } from './order-state.js';

export type DeskEvent =
  | { readonly type: 'order'; readonly order: DeskOrder }
  | { readonly type: 'fill'; readonly fill: Fill; readonly order: DeskOrder };

export type DeskListener = (event: DeskEvent) => void;

/** Fills of orders whose venue id nobody has told us yet; a lost one is found again by the audit. */
const UNCLAIMED_MOST = 10_000;

/** Every order of the desk, by either id: takes evidence in, keeps it, and tells those who listen. */
export class OrderLedger {
  readonly #orders = new Map<string, OrderState>();
  /** Those that are not final, or whose fills are not all known. */
  readonly #unsettled = new Set<OrderState>();
  readonly #byVenueId = new Map<string, OrderState>();
  readonly #byTag = new Map<string, OrderState>();
  readonly #unclaimed = new Map<string, Fill[]>();
  readonly #listeners = new Set<DeskListener>();
  #muted = false;
  #late = 0;

  constructor(
    private readonly journal: Journal,
    private readonly logger: Logger,
  ) {}

  /** Takes back what the journal kept, telling nobody. */
  async replay(): Promise<void> {
    for (const { clientOrderId, symbol, evidence } of await this.journal.replay()) {
      const state = new OrderState(clientOrderId, symbol);
      for (const each of evidence) state.add(each);
      this.#orders.set(clientOrderId, state);
      this.#index(state);
    }
  }

  on(listener: DeskListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells nobody anything from now on. */
  mute(): void {
    this.#muted = true;
    this.#listeners.clear();
  }

  get(clientOrderId: string): OrderState | undefined {
    return this.#orders.get(clientOrderId);
  }

  /** The order that was placed with a tag. */
  tagged(tag: string): OrderState | undefined {
    return this.#byTag.get(tag);
  }

  all(): Iterable<OrderState> {
    return this.#orders.values();
  }

  /** Orders that are not final, or whose fills are not all known. */
  unsettled(): Iterable<OrderState> {
    return this.#unsettled;
  }

  /** The order that a message speaks of. */
  find(message: Pick<Order | Fill, 'clientOrderId' | 'venueOrderId'>): OrderState | undefined {
    const byOwn = message.clientOrderId === null ? undefined : this.#orders.get(message.clientOrderId);
    return byOwn ?? this.#byVenueId.get(message.venueOrderId);
  }

  /** A new order whose intent is on record when this resolves. */
  async begin(order: NewOrder, time: number, tag?: string): Promise<OrderState> {
    const intent: Evidence = { kind: 'intent', order, time, ...(tag !== undefined && { tag }) };
    await this.journal.record(order.clientOrderId, order.symbol, intent);
    const state = new OrderState(order.clientOrderId, order.symbol);
    this.#orders.set(order.clientOrderId, state);
    this.#apply(state, intent);
    return state;
  }

  /** An order of ours that this desk did not place. */
  adopt(clientOrderId: string, order: Order): OrderState {
    const state = new OrderState(clientOrderId, order.symbol);
    this.#orders.set(clientOrderId, state);
    this.add(state, { kind: 'order', order });
    return state;
  }

  /** Evidence about a known order; what is new is kept and told. */
  add(state: OrderState, evidence: Evidence): void {
    if (!this.#apply(state, evidence)) return;
    this.#keep(state, evidence);
    this.#claim(state);
  }

  /** Evidence that has to be on record before what follows from it is done. */
  async addFirst(state: OrderState, evidence: Evidence): Promise<void> {
    await this.journal.record(state.clientOrderId, state.symbol, evidence);
    this.#apply(state, evidence);
  }

  /** Keeps a fill until its order is known by the venue's id. */
  hold(fill: Fill): void {
    if (this.#unclaimed.size >= UNCLAIMED_MOST) this.#unclaimed.delete(this.#unclaimed.keys().next().value!);
    const held = this.#unclaimed.get(fill.venueOrderId) ?? [];
    held.push(fill);
    this.#unclaimed.set(fill.venueOrderId, held);
  }

  async forget(states: readonly OrderState[]): Promise<void> {
    for (const { clientOrderId, view } of states) {
      this.#orders.delete(clientOrderId);
      if (view.venueOrderId !== null) this.#byVenueId.delete(view.venueOrderId);
      if (view.tag !== null) this.#byTag.delete(view.tag);
    }
    await this.journal.forget(states.map((each) => each.clientOrderId));
  }

  #apply(state: OrderState, evidence: Evidence): boolean {
    const before = state.view;
    const knownFill = evidence.kind === 'fill' && state.fills.has(evidence.fill);
    if (!state.add(evidence)) return false;
    this.#index(state);
    if (evidence.kind === 'fill' && !knownFill) this.#tell({ type: 'fill', fill: evidence.fill, order: state.view });
    if (evidence.kind === 'intent' || isNews(before, state.view)) this.#tell({ type: 'order', order: state.view });
    return true;
  }

  #keep(state: OrderState, evidence: Evidence): void {
    this.journal.record(state.clientOrderId, state.symbol, evidence).catch((err: unknown) => {
      // What the venue says can be asked for again: only intents must not be lost.
      if (this.#muted) this.#noteLate();
      else this.logger.error({ err, clientOrderId: state.clientOrderId }, 'evidence about an order could not be kept');
    });
  }

  /** An answer after the end, when the journal may be closed: one line says it for all of them. */
  #noteLate(): void {
    if (this.#late++ > 0) return;
    this.logger.info({}, 'answers came after the order desk had closed; the next start asks the venue about these orders');
  }

  #index(state: OrderState): void {
    const { venueOrderId, tag } = state.view;
    if (tag !== null) this.#byTag.set(tag, state);
    if (state.settled) this.#unsettled.delete(state);
    else this.#unsettled.add(state);
    if (venueOrderId !== null) this.#byVenueId.set(venueOrderId, state);
  }

  #claim(state: OrderState): void {
    const { venueOrderId } = state.view;
    const held = venueOrderId === null ? undefined : this.#unclaimed.get(venueOrderId);
    if (!held) return;
    this.#unclaimed.delete(venueOrderId!);
    for (const fill of held) this.add(state, { kind: 'fill', fill });
  }

  #tell(event: DeskEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (err) {
        this.logger.error({ err }, 'a listener of the order desk threw');
      }
    }
  }
}

function isNews(before: DeskOrder, after: DeskOrder): boolean {
  return (Object.keys(after) as (keyof DeskOrder)[]).some((key) => before[key] !== after[key]);
}

/** @throws SpeedError `not-found` */
export function unknownOrder(clientOrderId: string): SpeedError {
  return new SpeedError('not-found', `No order "${clientOrderId}" at this desk; list its orders to see which there are`);
}
