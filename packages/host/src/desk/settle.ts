import type { AnyTrading, Clock, Fill, FillQuery, Logger, Order } from '@speed-protocol/core';
import { fillsSince } from './fill-pages.js';
import type { Lanes } from './lanes.js';
import type { OrderLedger } from './order-ledger.js';
import type { OrderState } from './order-state.js';

export interface SettleOptions {
  /** First and longest wait between two questions about one order, ms. Defaults 100 and 2,000. */
  readonly firstMs?: number | undefined;
  readonly maxMs?: number | undefined;
  /**
   * How long after sending an order may still arrive, ms: the venue's receive window. Before that, that the venue knows
   * nothing proves nothing. Default 5,000.
   */
  readonly arrivalMs?: number | undefined;
}

export interface SettleParts {
  readonly trading: AnyTrading;
  readonly ledger: OrderLedger;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly options: SettleOptions;
}

/** One order being asked about. */
interface Inquiry {
  waitMs: number;
  /** Ask at least this often, whatever is known already. */
  owed: number;
  /** The venue said "unknown" this often in a row about an order that it had taken. */
  missed: number;
  cancelTimer: () => void;
  asking: boolean;
}

/** Answers in a row after which a venue that had an order is believed to have forgotten it. */
const FORGOTTEN_AFTER = 3;
/** No venue cuts its answer shorter. */
const FULL_PAGE = 50;
const CLOCKS_APART_MS = 60_000;

/** Asks the venue about orders whose fate or fills are not known, each until they are. */
export class Settler {
  readonly #inquiries = new Map<OrderState, Inquiry>();
  /** When an order last left us, ms; absent while its answer is still awaited. */
  readonly #sentAt = new Map<OrderState, number>();
  readonly #awaited = new Set<OrderState>();
  readonly #cancelWanted = new Set<OrderState>();

  constructor(private readonly parts: SettleParts) {}

  /** The order leaves now: until it is answered, absence at the venue proves nothing. */
  sent(state: OrderState): void {
    this.#awaited.add(state);
    this.#sentAt.set(state, this.parts.clock.now());
  }

  answered(state: OrderState): void {
    this.#awaited.delete(state);
  }

  /** Sees to it that the order ends: sends cancels again until it has. */
  wantCancelled(state: OrderState): void {
    this.#cancelWanted.add(state);
  }

  /** Starts asking, unless it is being asked about already. `now` asks at once, even when all seems known. */
  ask(state: OrderState, now = false): void {
    const known = this.#inquiries.get(state);
    if (known) {
      known.owed = Math.max(known.owed, 1);
      return;
    }
    const waitMs = this.parts.options.firstMs ?? 100;
    const inquiry: Inquiry = { waitMs, owed: 1, missed: 0, cancelTimer: () => {}, asking: false };
    this.#inquiries.set(state, inquiry);
    this.#schedule(state, inquiry, now ? 0 : waitMs);
  }

  stop(): void {
    for (const each of this.#inquiries.values()) each.cancelTimer();
    this.#inquiries.clear();
  }

  #schedule(state: OrderState, inquiry: Inquiry, ms: number): void {
    const wait = Math.min(ms, this.#untilProof(state));
    inquiry.cancelTimer = this.parts.clock.schedule(wait, () => void this.#round(state, inquiry));
  }

  /** How long until the venue's ignorance proves that an order never arrived; endless when that is no question. */
  #untilProof(state: OrderState): number {
    const left = this.#lastArrival(state) - this.parts.clock.now();
    return state.exists || left <= 0 ? Number.POSITIVE_INFINITY : left;
  }

  #lastArrival(state: OrderState): number {
    return (this.#sentAt.get(state) ?? state.view.createdAt) + (this.parts.options.arrivalMs ?? 5000);
  }

  async #round(state: OrderState, inquiry: Inquiry): Promise<void> {
    if (this.parts.signal.aborted) return;
    try {
      inquiry.owed = 0;
      await this.#askOnce(state, inquiry);
    } catch (err) {
      // The desk closes: nobody asks again, and the next start does.
      if (this.parts.signal.aborted) return;
      inquiry.owed = 1;
      this.parts.logger.warn({ err, clientOrderId: state.clientOrderId }, 'asking about an order failed; it is asked again');
    }
    if (this.#done(state, inquiry)) {
      this.#inquiries.delete(state);
      return;
    }
    inquiry.waitMs = Math.min(inquiry.waitMs * 2, this.parts.options.maxMs ?? 2000);
    this.#schedule(state, inquiry, inquiry.waitMs);
  }

  #done(state: OrderState, inquiry: Inquiry): boolean {
    if (this.parts.signal.aborted) return true;
    if (inquiry.owed > 0 || inquiry.missed > 0 || !state.view.fillsComplete) return false;
    if (state.final) {
      this.#sentAt.delete(state);
      this.#cancelWanted.delete(state);
      return true;
    }
    return state.exists && !this.#cancelWanted.has(state);
  }

  async #askOnce(state: OrderState, inquiry: Inquiry): Promise<void> {
    const { lanes, trading, signal, ledger } = this.parts;
    if (!state.final || !state.exists) {
      const order = await lanes.run('read', () => trading.getOrder(refOf(state), { signal })).result;
      if (order) {
        inquiry.missed = 0;
        ledger.add(state, { kind: 'order', order });
      } else this.#absent(state, inquiry);
    }
    if (!state.view.fillsComplete) await this.#askFills(state);
    if (this.#cancelWanted.has(state) && state.exists && !state.final) await this.#cancelAgain(state);
  }

  #absent(state: OrderState, inquiry: Inquiry): void {
    const { clock, ledger } = this.parts;
    if (state.exists) {
      inquiry.missed++;
      if (inquiry.missed < FORGOTTEN_AFTER) return;
      ledger.add(state, { kind: 'gone' });
      inquiry.missed = 0;
      return;
    }
    if (!this.#awaited.has(state) && clock.now() >= this.#lastArrival(state)) ledger.add(state, { kind: 'absent' });
  }

  async #askFills(state: OrderState): Promise<void> {
    const { venueOrderId } = state.view;
    if (venueOrderId === null) return;
    const { lanes, trading, signal, ledger } = this.parts;
    const ask = (query: FillQuery) => lanes.run('read', () => trading.fills(state.symbol, { ...query, signal })).result;
    const take = (fill: Fill) => {
      if (fill.venueOrderId === venueOrderId) ledger.add(state, { kind: 'fill', fill });
    };
    const page = await ask({ venueOrderId });
    page.forEach(take);
    if (state.view.fillsComplete || page.length < FULL_PAGE) return;
    // Venues give the fills of one order by one page only.
    for await (const fill of fillsSince(ask, firstFillOf(state, page))) {
      take(fill);
      if (state.view.fillsComplete) return;
    }
  }

  /** Cancelling twice is the same as once, so unlike an order a cancel may be repeated. */
  async #cancelAgain(state: OrderState): Promise<void> {
    const { lanes, trading, signal, ledger } = this.parts;
    const outcome = await lanes.run('cancel', () => trading.cancelOrder(refOf(state), { signal })).result;
    if (outcome.status === 'accepted' && outcome.order) ledger.add(state, { kind: 'order', order: outcome.order });
  }
}

/** From when on an order can have been filled, by any clock, ms. */
function firstFillOf({ view }: OrderState, page: readonly Fill[]): number {
  const since = view.createdAt > 0 ? view.createdAt : Math.min(...page.map(({ time }) => time));
  return Math.max(0, since - CLOCKS_APART_MS);
}

/** How the venue is asked about an order: by our id, which it had before it gave its own. */
export function refOf(state: OrderState): { symbol: string; clientOrderId: string; venueOrderId?: string } {
  const { clientOrderId, symbol } = state;
  const { venueOrderId } = state.view;
  return venueOrderId === null ? { symbol, clientOrderId } : { symbol, clientOrderId, venueOrderId };
}

/** An order as the venue sent it, when it concerns us. */
export function ownIdOf(trading: AnyTrading, { clientOrderId }: Pick<Order, 'clientOrderId'>): string | null {
  return clientOrderId !== null && trading.ownsClientOrderId(clientOrderId) ? clientOrderId : null;
}
