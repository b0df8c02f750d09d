import type { Order } from '@speed-protocol/core';
import type { OrderState } from './order-state.js';
import type { Placing } from './placing.js';
import type { SettleParts, Settler } from './settle.js';

export interface AuditOptions {
  /** ms between two audits. */
  readonly auditMs: number;
  /** How long final orders are kept, ms. */
  readonly keepMs: number;
}

/** Every so many audits each order that is not settled is asked about by itself, whatever the lists say. */
const THOROUGH_EVERY = 8;
/** Up to so many symbols are listed one by one: venues ask a multiple for a list of all. */
const SINGLE_LISTS = 5;

/** Catches what a healthy stream never said, and lets go of what is long over. */
export class Audit {
  #cancelTimer: () => void = () => {};
  #listing = false;
  #count = 0;
  readonly #seenAt = new WeakMap<OrderState, number>();

  constructor(
    private readonly parts: SettleParts,
    private readonly settler: Settler,
    private readonly placing: Placing,
    private readonly options: AuditOptions,
  ) {}

  start(): void {
    this.#cancelTimer = this.parts.clock.schedule(this.options.auditMs, () => {
      this.#run();
      this.start();
    });
  }

  stop(): void {
    this.#cancelTimer();
  }

  #run(): void {
    if (++this.#count % THOROUGH_EVERY === 0) this.#askAll();
    else if (!this.#listing) void this.#compareLists();
    this.#forget();
  }

  #askAll(): void {
    for (const state of this.parts.ledger.unsettled()) if (!this.placing.has(state)) this.settler.ask(state, true);
  }

  /** What works here has to be on the venue's lists, as it is here; what is not is asked about. */
  async #compareLists(): Promise<void> {
    const working = [...this.parts.ledger.unsettled()].filter((state) => state.exists && !state.final);
    if (working.length === 0) return;
    this.#listing = true;
    try {
      const listed = this.#take(await this.#lists(new Set(working.map(({ symbol }) => symbol))));
      for (const state of working) if (!state.settled && !listed.has(state)) this.settler.ask(state, true);
    } catch (err) {
      this.parts.logger.warn({ err }, 'working orders could not be compared with the venue; the next audit tries again');
    } finally {
      this.#listing = false;
    }
  }

  async #lists(symbols: ReadonlySet<string>): Promise<readonly Order[]> {
    const { lanes, trading, signal } = this.parts;
    const asked = symbols.size > SINGLE_LISTS ? [undefined] : [...symbols];
    const lists = asked.map((symbol) => lanes.run('read', () => trading.openOrders(symbol, { signal })).result);
    return (await Promise.all(lists)).flat();
  }

  #take(orders: readonly Order[]): ReadonlySet<OrderState> {
    const listed = new Set<OrderState>();
    for (const order of orders) {
      const state = this.parts.ledger.find(order);
      if (!state) continue;
      listed.add(state);
      this.parts.ledger.add(state, { kind: 'order', order });
      if (!state.view.fillsComplete) this.settler.ask(state, true);
    }
    return listed;
  }

  #forget(): void {
    const { clock, logger, ledger } = this.parts;
    const over = clock.now() - this.options.keepMs;
    const past: OrderState[] = [];
    for (const state of ledger.all()) if (state.settled && this.#bornAt(state) < over) past.push(state);
    if (past.length > 0) ledger.forget(past).catch((err: unknown) => logger.warn({ err }, 'compacting the journal failed'));
  }

  /** Of an adopted order nobody knows when it was placed: since it was first seen here. */
  #bornAt(state: OrderState): number {
    if (state.view.createdAt > 0) return state.view.createdAt;
    const seenAt = this.#seenAt.get(state) ?? this.parts.clock.now();
    this.#seenAt.set(state, seenAt);
    return seenAt;
  }
}
