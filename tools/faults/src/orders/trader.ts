import { type Clock, SpeedError } from '@speed-protocol/core';
import { type FaultSpec, Random } from '@speed-protocol/simulator';
import { drawStep, type Step } from './plan.js';
import type { Seat } from './seat.js';

export interface TraderOptions {
  readonly seed: number;
  readonly venue: string;
  readonly clock: Clock;
  /** Mean ms between two orders. */
  readonly everyMs: number;
  /** True when the next order is to be hit by a fault. */
  wantsFault(): boolean;
  /** @returns the fault's id */
  inject(fault: FaultSpec): number | Promise<number>;
  /** Called with every order that is on its way, and the id of the fault that waits for it. */
  onPlaced(clientOrderId: string, faultId: number | null): void;
}

/** Places orders by a plan that follows from the seed, cancels some, changes some; the seat may change under it. */
export class Trader {
  /** What is still to be done, and the answers that are still to come. */
  readonly #doing = new Set<Promise<void>>();
  readonly #answers = new Set<Promise<void>>();
  /** Unexpected errors, in words. */
  readonly problems: string[] = [];

  constructor(
    private readonly options: TraderOptions,
    private readonly seat: () => Promise<Seat>,
  ) {}

  /** Places the orders from one number of the plan to another; resolves when they are sent, answered or not. */
  async run(from: number, to: number): Promise<void> {
    for (let n = from; n < to; n++) {
      const random = new Random(this.options.seed, `orders/${this.options.venue}/${n}`);
      await this.#sleep(random.exponential(this.options.everyMs));
      const seat = await this.seat();
      const step = drawStep(random, seat.markets, seat.connector, this.options.wantsFault());
      this.#follow(this.#doing, this.#begin(seat, step));
    }
  }

  /** Resolves when all that follows from the orders is done, and every answer has come. */
  async answered(): Promise<void> {
    while (this.#doing.size + this.#answers.size > 0) await Promise.race([...this.#doing, ...this.#answers]);
  }

  async #begin(seat: Seat, { request, fault, cancelAfterMs, amendAfterMs }: Step): Promise<void> {
    const clientOrderId = seat.connector.trading!.newClientOrderId();
    const spec = fault && { ...fault.spec, venue: seat.venue, ...(fault.aimed && { clientId: clientOrderId }) };
    this.options.onPlaced(clientOrderId, spec && (await this.options.inject(spec)));
    this.#follow(this.#answers, seat.account.place({ ...request, clientOrderId }));
    if (cancelAfterMs !== null) this.#follow(this.#doing, this.#cancel(clientOrderId, cancelAfterMs));
    if (amendAfterMs !== null) this.#follow(this.#doing, this.#amend(clientOrderId, amendAfterMs));
  }

  async #cancel(clientOrderId: string, afterMs: number): Promise<void> {
    await this.#sleep(afterMs);
    const { account } = await this.seat();
    this.#follow(this.#answers, account.cancel(clientOrderId));
  }

  /** A change that leaves the order away from the market. */
  async #amend(clientOrderId: string, afterMs: number): Promise<void> {
    await this.#sleep(afterMs);
    const { account, markets } = await this.seat();
    const { symbol, side, status } = account.order(clientOrderId);
    const market = markets.find((each) => each.instrument.symbol === symbol);
    if (status !== 'OPEN' || !market || side === null) return;
    const change = { price: market.price(side, 0.002), amount: market.amount(5) };
    this.#follow(this.#answers, account.amend(clientOrderId, change));
  }

  #follow(where: Set<Promise<void>>, work: Promise<unknown>): void {
    const done: Promise<void> = work
      .then(
        () => {},
        (error: unknown) => this.#note(error),
      )
      .finally(() => where.delete(done));
    where.add(done);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.schedule(ms, resolve));
  }

  /** A seat that closes refuses what has not left; an order that never got on record is unknown to the next seat. */
  #note(error: unknown): void {
    if (SpeedError.is(error, 'unavailable') && error.outcomeKnown) return;
    if (SpeedError.is(error, 'not-found')) return;
    this.problems.push(`${this.options.venue}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
