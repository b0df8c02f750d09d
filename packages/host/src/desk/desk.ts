import { setMaxListeners } from 'node:events';
import {
  type Amendment,
  type CommandOutcome,
  type Fill,
  type PrivateEvent,
  SpeedError,
  silentLogger,
  systemClock,
} from '@speed-protocol/core';
import { attempt } from './attempt.js';
import { Audit } from './audit.js';
import { Cancelling } from './cancelling.js';
import { Exposure } from './exposure.js';
import { Lanes } from './lanes.js';
import { Listening } from './listening.js';
import { type DeskListener, OrderLedger, unknownOrder } from './order-ledger.js';
import type { DeskOrder, OrderState } from './order-state.js';
import { Placing } from './placing.js';
import { Reconciler } from './reconcile.js';
import { refOf, type SettleParts, Settler } from './settle.js';
import type { OrderDeskOptions, OrderRequest } from './types.js';

const DEFAULTS = { slots: 1000, questions: 16, auditMs: 3000, fillOverlapMs: 60_000, keepMs: 86_400_000 };

/**
 * Orders of one account. Every intent is on record before it is sent, nothing is sent twice, and whatever the answers
 * leave open is asked for until it is known.
 */
export class OrderDesk implements AsyncDisposable {
  readonly #abort = new AbortController();
  readonly #ledger: OrderLedger;
  readonly #parts: SettleParts;
  readonly #settler: Settler;
  readonly #exposure: Exposure;
  readonly #placing: Placing;
  readonly #cancelling: Cancelling;
  readonly #listening: Listening;
  readonly #audit: Audit;
  #stream: AsyncDisposable | null = null;
  #closing: Promise<void> | null = null;

  private constructor(private readonly options: OrderDeskOptions) {
    const { trading, journal, clock = systemClock, logger = silentLogger } = options;
    const { slots = DEFAULTS.slots, questions = DEFAULTS.questions } = options;
    const lanes = new Lanes({ commands: slots, questions });
    this.#ledger = new OrderLedger(journal, logger);
    const { signal } = this.#abort;
    // Every question listens to it, and many are asked at a time.
    setMaxListeners(0, signal);
    this.#parts = { trading, ledger: this.#ledger, lanes, clock, logger, signal, options: options.settle ?? {} };
    this.#settler = new Settler(this.#parts);
    this.#exposure = new Exposure(this.#ledger, options.contextOf);
    this.#placing = new Placing(this.#parts, this.#settler, options.batchSize ?? 0);
    this.#cancelling = new Cancelling(this.#parts, this.#settler, this.#placing);
    const { orphans = 'adopt', fillOverlapMs = DEFAULTS.fillOverlapMs } = options;
    const reconciler = new Reconciler(this.#parts, this.#settler, { orphans, overlapMs: fillOverlapMs });
    this.#listening = new Listening(this.#parts, this.#settler, reconciler);
    const { auditMs = DEFAULTS.auditMs, keepMs = DEFAULTS.keepMs } = options;
    this.#audit = new Audit(this.#parts, this.#settler, this.#placing, { auditMs, keepMs });
  }

  /**
   * Takes back what was on record, listens to the account, and starts to make both agree with the venue.
   * @throws SpeedError when the journal cannot be read or the stream refuses
   */
  static async open(options: OrderDeskOptions): Promise<OrderDesk> {
    const desk = new OrderDesk(options);
    try {
      await desk.#begin();
    } catch (error) {
      await desk[Symbol.asyncDispose]();
      throw error;
    }
    return desk;
  }

  /**
   * Sends an order once. What came of it is in the status of the result: `REJECTED` only on proof, `UNKNOWN` while the
   * desk still asks.
   * @throws SpeedError `invalid-request` (refused by the checks, naming legal values) or `unavailable` (the intent cannot
   *   be put on record, or the desk is closed); nothing was sent
   */
  async place(request: OrderRequest): Promise<DeskOrder> {
    const [order] = await this.placeAll([request]);
    return order!;
  }

  /**
   * Sends several orders, recorded by one write and sent in the venue's batches where it has them. The results are in
   * the order of the requests.
   * @throws SpeedError as {@link place}, for any of them; nothing was sent then
   */
  async placeAll(requests: readonly OrderRequest[]): Promise<readonly DeskOrder[]> {
    this.#assertOpen();
    const release = this.#exposure.reserve(requests);
    const leaving = await this.#placing.record(requests).finally(release);
    return this.#placing.send(leaving);
  }

  /**
   * Cancels an order of this desk. An order that has not left yet is taken back; one whose answer is still awaited is
   * cancelled as soon as the venue shows it.
   * @throws SpeedError `not-found`
   */
  async cancel(clientOrderId: string): Promise<CommandOutcome> {
    return this.#cancelling.cancel(this.#known(clientOrderId));
  }

  /**
   * Cancels whatever works in a symbol by one command, orders of others on the same account included, and sees to it
   * that those of this desk end.
   */
  cancelSymbol(symbol: string): Promise<CommandOutcome> {
    return this.#cancelling.cancelSymbol(symbol);
  }

  /**
   * Changes a working order.
   * @throws SpeedError `not-found`, `unsupported`, `invalid-request` (the checks), `unavailable` (not put on record)
   */
  async amend(clientOrderId: string, change: Amendment): Promise<CommandOutcome> {
    this.#assertOpen();
    const state = this.#known(clientOrderId);
    const { lanes, trading } = this.#parts;
    if (!trading.amendOrder) throw new SpeedError('unsupported', 'This venue cannot amend orders; cancel and place a new one');
    this.#exposure.checkAmended(state, change);
    await this.#ledger.addFirst(state, { kind: 'amend', amount: change.amount ?? null });
    const outcome = await lanes.run('amend', () => attempt(() => trading.amendOrder!(refOf(state), change))).result;
    if (outcome.status === 'accepted' && outcome.order) this.#ledger.add(state, { kind: 'order', order: outcome.order });
    else this.#settler.ask(state);
    return outcome;
  }

  /** @throws SpeedError `not-found` */
  order(clientOrderId: string): DeskOrder {
    return this.#known(clientOrderId).view;
  }

  /** The order that was placed with a tag; `undefined` when none is on record. */
  tagged(tag: string): DeskOrder | undefined {
    return this.#ledger.tagged(tag)?.view;
  }

  /** Every order on record, those that are final included. */
  orders(): readonly DeskOrder[] {
    return Array.from(this.#ledger.all(), (each) => each.view);
  }

  /** Orders that are not final, or whose fills are not all known. */
  unsettled(): readonly DeskOrder[] {
    return Array.from(this.#ledger.unsettled(), (each) => each.view);
  }

  /** @throws SpeedError `not-found` */
  fills(clientOrderId: string): readonly Fill[] {
    return [...this.#known(clientOrderId).fills];
  }

  /** Calls `listener` on every change, synchronously; the returned function ends that. */
  on(listener: DeskListener): () => void {
    return this.#ledger.on(listener);
  }

  /** Stops asking and listening. Orders stay as they are, at the venue and on record. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #begin(): Promise<void> {
    await this.#ledger.replay();
    const lost = { kind: 'connection', message: 'the process ended before an answer came' } as const;
    for (const state of [...this.#ledger.unsettled()]) {
      if (state.view.status === 'PENDING') this.#ledger.add(state, { kind: 'unknown', reason: lost });
    }
    this.#audit.start();
    this.#stream = (await this.options.account?.subscribe((event) => this.#hear(event))) ?? null;
    // The stream has asked for it already where it has just come up: open orders are dear at some venues.
    if (!this.#listening.isReconciling) this.#listening.reconcile();
  }

  #hear(event: PrivateEvent): void {
    this.#listening.hear(event);
    this.options.onPrivate?.(event);
  }

  #known(clientOrderId: string): OrderState {
    const state = this.#ledger.get(clientOrderId);
    if (!state) throw unknownOrder(clientOrderId);
    return state;
  }

  #assertOpen(): void {
    if (this.#closing) throw new SpeedError('unavailable', 'The order desk is closed; nothing was sent', { outcomeKnown: true });
  }

  async #close(): Promise<void> {
    this.#abort.abort();
    this.#placing.withdrawAll();
    this.#audit.stop();
    this.#listening.stop();
    this.#settler.stop();
    // Answers still under way are true and go on record, but nobody is told any more.
    this.#ledger.mute();
    await this.#stream?.[Symbol.asyncDispose]();
  }
}
