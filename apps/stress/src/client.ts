import { type ClientAccount, SpeedClient } from '@speed-protocol/client';
import type { OrderView } from '@speed-protocol/protocol';
import { KnownOrders } from './orders.js';
import { causeOf, judge, type Verdict, wasNotSent } from './outcome.js';
import type { ClientResult, Market, OrderResult, StressOptions } from './types.js';

/** What all clients of a run share. */
export interface Run {
  readonly options: StressOptions;
  readonly ordersPerClient: number;
  readonly timeoutMs: number;
  /** Begins every name of an order, so that those of this run can be told from others. */
  readonly prefix: string;
  /** Since the run began, ms. */
  now(): number;
  onConnected(): void;
  onPlaced(): void;
  onDone(result: OrderResult): void;
}

const BACKOFF = { minMs: 50, maxMs: 2000 };
/** How long the server may take to answer when time is up and it is asked a last time, ms. */
const LAST_LOOK_MS = 5000;

/** One client of the run: connects as anybody would, and trades one order after the other. */
export class StressClient {
  readonly #known: KnownOrders;
  readonly #client: SpeedClient;
  readonly #account: ClientAccount;
  readonly #orders: OrderResult[] = [];
  #reconnects = 0;

  constructor(
    private readonly number: number,
    private readonly market: Market,
    private readonly run: Run,
  ) {
    const { url, token, openSocket } = run.options;
    this.#known = new KnownOrders(run.now);
    this.#client = new SpeedClient(url, {
      ...{ token, openSocket, reconnect: BACKOFF, timeoutMs: run.timeoutMs },
      onState: (state) => {
        if (state === 'waiting') this.#reconnects++;
      },
    });
    this.#account = this.#client.account(market.account);
  }

  async trade(): Promise<ClientResult> {
    const { number: client, run } = this;
    const begun = run.now();
    try {
      await this.#client.onAccounts(this.#known.listen, { follow: 'own' });
    } catch (error) {
      this.#refuseAll(error);
      return { client, connectMs: null, reconnects: this.#reconnects, orders: this.#orders };
    }
    const connectMs = run.now() - begun;
    run.onConnected();
    for (let at = 0; at < run.ordersPerClient; at++) this.#done(await this.#order(at));
    await this.#client[Symbol.asyncDispose]();
    return { client, connectMs, reconnects: this.#reconnects, orders: this.#orders };
  }

  /** Gives up: what is not final by then is unknown. */
  leave(): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }

  /** A client that never connected sent none of its orders. */
  #refuseAll(error: unknown): void {
    const verdict: Verdict = { outcome: 'error', cause: `not connected: ${causeOf(error)}` };
    for (let at = 0; at < this.run.ordersPerClient; at++)
      this.#done(this.#result(new Attempt(this.#ref(at), this.run.now()), verdict));
  }

  #done(result: OrderResult): void {
    this.#orders.push(result);
    this.run.onDone(result);
  }

  async #order(at: number): Promise<OrderResult> {
    const attempt = new Attempt(this.#ref(at), this.run.now());
    this.#known.expect(attempt.ref);
    const time = AbortSignal.timeout(this.run.timeoutMs);
    const { signal: stop } = this.run.options;
    const signal = stop ? AbortSignal.any([time, stop]) : time;
    try {
      await this.#place(attempt, at, signal);
    } catch (error) {
      if (wasNotSent(error)) return this.#result(attempt, { outcome: 'error', cause: causeOf(error) });
      // Nobody knows whether it was placed: events will tell, or the record of the server.
      attempt.problem = causeOf(error);
    }
    return this.#conclude(attempt, signal);
  }

  async #place(attempt: Attempt, at: number, signal: AbortSignal): Promise<void> {
    const { run } = this;
    this.#known.onRelist = () => void this.#look(attempt.ref).catch(() => undefined);
    const placing = this.#account.place({ ...this.#wish(at), ref: attempt.ref }, { signal });
    run.onPlaced();
    const order = await placing;
    attempt.placeMs = run.now() - attempt.sentAt;
    this.#known.note(order);
    if (run.options.cancel) await this.#cancel(attempt, order, signal);
  }

  /** A cancel that fails says nothing of the order: its own state does. */
  async #cancel(attempt: Attempt, { clientOrderId }: OrderView, signal: AbortSignal): Promise<void> {
    const { run } = this;
    const begun = run.now();
    try {
      const { order } = await this.#account.cancel(clientOrderId, { signal });
      attempt.cancelMs = run.now() - begun;
      this.#known.note(order);
    } catch (error) {
      attempt.problem = `cancel: ${causeOf(error)}`;
    }
  }

  async #conclude(attempt: Attempt, signal: AbortSignal): Promise<OrderResult> {
    const { ref } = attempt;
    await this.#known.final(ref, signal);
    const finalAt = this.#known.finalAt(ref);
    if (finalAt !== undefined) attempt.finalMs = finalAt - attempt.sentAt;
    else if (!this.run.options.signal?.aborted) await this.#look(ref).catch(() => undefined);
    const verdict = judge(this.#known.get(ref), attempt.problem);
    return this.#result(attempt, verdict, finalAt === undefined && verdict.outcome !== 'unknown');
  }

  /** Asks the server for its record of an order. */
  async #look(ref: string): Promise<void> {
    const settings = { timeoutMs: Math.min(this.run.timeoutMs, LAST_LOOK_MS) };
    const id = this.#known.get(ref)?.clientOrderId;
    if (id !== undefined) return this.#known.note((await this.#account.order(id, settings)).order);
    const orders = await this.#account.orders({ symbol: this.market.symbol }, settings);
    for (const order of orders) if (order.ref === ref) this.#known.note(order);
  }

  #ref(at: number): string {
    return `${this.run.prefix}-${this.number}-${at}`;
  }

  /** Buys and sells in turn: the run as a whole leaves no position behind, and eats both sides of the book. */
  #wish(at: number) {
    const { symbol, amount, restingBuy, restingSell } = this.market;
    const side = (this.number + at) % 2 === 0 ? ('buy' as const) : ('sell' as const);
    if (!this.run.options.cancel) return { symbol, side, amount, type: 'market' as const };
    return { symbol, side, amount, type: 'limit' as const, price: side === 'buy' ? restingBuy : restingSell };
  }

  #result({ ref, sentAt, placeMs, cancelMs, finalMs }: Attempt, verdict: Verdict, untold = false): OrderResult {
    const { account, venue, symbol } = this.market;
    const clientOrderId = this.#known.get(ref)?.clientOrderId ?? null;
    this.#known.forget(ref);
    const times = { sentAt, placeMs, cancelMs, finalMs };
    return { client: this.number, account, venue, symbol, ref, clientOrderId, ...verdict, ...times, untold };
  }
}

/** An order on its way. */
class Attempt {
  placeMs: number | null = null;
  cancelMs: number | null = null;
  finalMs: number | null = null;
  problem: string | undefined;

  constructor(
    readonly ref: string,
    readonly sentAt: number,
  ) {}
}
