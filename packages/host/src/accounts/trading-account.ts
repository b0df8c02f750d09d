import {
  type Amendment,
  type AnyAccount,
  type AnyTrading,
  type Balance,
  type CallOptions,
  type Clock,
  type CommandOutcome,
  type Connector,
  FINAL_STATUSES,
  type Fill,
  type Logger,
  type Position,
  type PrivateEvent,
  SpeedError,
} from '@speed-protocol/core';
import type { OrderDesk } from '../desk/desk.js';
import type { Journal } from '../desk/journal.js';
import type { DeskEvent } from '../desk/order-ledger.js';
import type { DeskOrder } from '../desk/order-state.js';
import type { OrderRequest } from '../desk/types.js';
import { PnlMonitor } from '../pnl/monitor.js';
import type { MonitorParts, PnlUpdate, PnlWatch } from '../pnl/types.js';
import { cancelAll, type Deadline } from './cancel-all.js';
import type { Context } from './context.js';
import { DeadMansSwitch } from './dead-mans-switch.js';
import type { Holdings } from './holdings.js';
import type { Prices } from './prices.js';
import { shutDown } from './shutdown.js';
import type {
  AccountListener,
  AccountNews,
  CancelReport,
  OrderFilter,
  ShutdownOptions,
  ShutdownReport,
  TradingAccountOptions,
} from './types.js';

/** What a {@link TradingAccount} is put together from. */
export interface AccountParts {
  readonly options: TradingAccountOptions;
  readonly connector: Connector;
  readonly trading: AnyTrading;
  readonly account: AnyAccount;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: Journal;
  readonly holdings: Holdings;
  readonly prices: Prices;
  readonly context: Context;
}

/** How long cancelling and closing may take unless told otherwise, ms. */
const TIMEOUT_MS = 30_000;

/** One account of one venue: its orders, what it owns, what its orders have brought, and the way to stop all of it. */
export class TradingAccount implements AsyncDisposable {
  readonly id: string;
  readonly venue: string;
  readonly environment: string;
  readonly #listeners = new Set<AccountListener>();
  #desk: OrderDesk | null = null;
  #monitor: PnlMonitor | null = null;
  #switch: DeadMansSwitch | null = null;
  #killed: string | null = null;
  #closing: Promise<void> | null = null;

  /** Use `openTradingAccount`. */
  constructor(private readonly parts: AccountParts) {
    const { id, venue, environment } = parts.options;
    this.id = id;
    this.venue = venue;
    this.environment = environment;
  }

  /** Puts the account to work; once, by whoever makes it. */
  async begin(openDesk: (onPrivate: (event: PrivateEvent) => void) => Promise<OrderDesk>): Promise<void> {
    this.#desk = await openDesk((event) => this.#hear(event));
    this.#desk.on((event) => this.#tell(newsOf(event)));
    this.#monitor = this.#monitorOf(this.#desk);
    this.#switch = this.#switchOf(this.#desk);
  }

  get desk(): OrderDesk {
    if (!this.#desk) throw new SpeedError('unavailable', `The account "${this.id}" is not open yet`);
    return this.#desk;
  }

  /**
   * Sends an order once; as {@link OrderDesk.place}, and only while the account is not killed.
   * @throws SpeedError `unavailable` (killed or closed), `not-found` (symbol), `invalid-request` (checks, limits);
   *   nothing was sent
   */
  async place(request: OrderRequest): Promise<DeskOrder> {
    this.#assertAlive();
    if (!this.parts.context.ready(request)) await this.parts.context.prepare(request);
    this.#assertAlive();
    return this.desk.place(request);
  }

  /**
   * Sends several orders, recorded by one write and sent in the venue's batches where it has them.
   * @throws SpeedError as {@link place}, for any of them; nothing was sent then
   */
  async placeAll(requests: readonly OrderRequest[]): Promise<readonly DeskOrder[]> {
    this.#assertAlive();
    await Promise.all(requests.map((each) => this.parts.context.prepare(each)));
    this.#assertAlive();
    return this.desk.placeAll(requests);
  }

  /** @throws SpeedError `not-found` */
  cancel(clientOrderId: string): Promise<CommandOutcome> {
    return this.desk.cancel(clientOrderId);
  }

  /** @throws SpeedError as {@link OrderDesk.amend}; `unavailable` when killed */
  async amend(clientOrderId: string, change: Amendment): Promise<CommandOutcome> {
    this.#assertAlive();
    return this.desk.amend(clientOrderId, change);
  }

  /** Cancels all that works, orders of others on the same account included, waits for the end of ours, and reads back. */
  cancelAll(symbol?: string, options: CallOptions & { readonly timeoutMs?: number } = {}): Promise<CancelReport> {
    return this.#cancelAll(symbol, this.#deadline(options));
  }

  /** @throws SpeedError `not-found` */
  order(clientOrderId: string): DeskOrder {
    return this.desk.order(clientOrderId);
  }

  /** The order that was placed with a tag; `undefined` when none is on record. */
  tagged(tag: string): DeskOrder | undefined {
    return this.desk.tagged(tag);
  }

  /** Orders on record, oldest first. */
  orders({ symbol, open }: OrderFilter = {}): readonly DeskOrder[] {
    return this.desk.orders().filter((each) => {
      if (symbol !== undefined && each.symbol !== symbol) return false;
      return open === undefined || open !== FINAL_STATUSES.has(each.status);
    });
  }

  /** @throws SpeedError `not-found` */
  fills(clientOrderId: string): readonly Fill[] {
    return this.desk.fills(clientOrderId);
  }

  /** Balances as the venue says now. @throws SpeedError when it cannot be asked */
  async balances(): Promise<readonly Balance[]> {
    await this.parts.holdings.refresh();
    return this.parts.holdings.balances;
  }

  /** Open positions as the venue says now; none on spot. @throws SpeedError when it cannot be asked */
  async positions(symbol?: string): Promise<readonly Position[]> {
    await this.parts.holdings.refresh();
    return symbol === undefined ? this.parts.holdings.positions : this.parts.holdings.legs(symbol);
  }

  /**
   * Tells the profit and loss of what an order opened, on every change, until that is closed or the watch is disposed.
   * @throws SpeedError `not-found`
   */
  watchPnl(clientOrderId: string, on: (pnl: PnlUpdate) => void): PnlWatch {
    if (!this.#monitor) throw new SpeedError('unavailable', `The account "${this.id}" is not open yet`);
    return this.#monitor.watch(clientOrderId, on);
  }

  get killed(): boolean {
    return this.#killed !== null;
  }

  /** No new orders and no amendments from now on; what works is cancelled. */
  async kill(reason: string): Promise<void> {
    if (this.#killed === null) {
      this.#killed = reason;
      this.parts.logger.warn({ account: this.id, reason }, 'trading was stopped');
      this.#tell({ type: 'killed', reason });
    }
    await this.cancelAll();
  }

  /** Takes {@link kill} back. */
  resume(): void {
    if (this.#killed === null) return;
    this.#killed = null;
    this.#tell({ type: 'resumed' });
  }

  /** Stops trading: cancels all, closes positions reduce-only, and reports what the venue says afterwards. */
  async shutdown(options: ShutdownOptions = {}): Promise<ShutdownReport> {
    this.#killed ??= 'shut down';
    const deadline = this.#deadline(options);
    const parts = {
      desk: this.desk,
      cancelAll: () => this.#cancelAll(undefined, deadline),
      positions: () => this.positions(),
      prepare: (order: OrderRequest) => this.parts.context.prepare(order),
    };
    return shutDown(parts, options.flatten ?? true, deadline);
  }

  /** Calls `listener` on whatever happens, synchronously; the returned function ends that. */
  on(listener: AccountListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops asking and listening; orders stay as they are. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #cancelAll(symbol: string | undefined, deadline: Deadline): Promise<CancelReport> {
    const openOrders = (of?: string) => this.parts.trading.openOrders(of, { signal: deadline.signal });
    const besides = this.parts.holdings.positions.map((each) => each.symbol);
    return cancelAll({ desk: this.desk, besides, openOrders }, symbol, deadline);
  }

  #deadline({ timeoutMs = TIMEOUT_MS, signal }: CallOptions & { readonly timeoutMs?: number | undefined }): Deadline {
    const { clock } = this.parts;
    return { clock, at: clock.now() + timeoutMs, signal };
  }

  #monitorOf(desk: OrderDesk): PnlMonitor {
    const { connector, clock, logger, context, prices } = this.parts;
    const instrument = (symbol: string) => context.instrumentOf(symbol);
    const watchPrice: MonitorParts['watchPrice'] = (symbol, on) => prices.watch(symbol, on);
    return new PnlMonitor({ accountId: this.id, connector, desk, clock, logger, instrument, watchPrice });
  }

  #switchOf(desk: OrderDesk): DeadMansSwitch | null {
    const { trading, clock, logger, options } = this.parts;
    const { deadMansSwitchMs: ms } = options;
    const cancelAll = () => this.cancelAll();
    return ms === undefined ? null : new DeadMansSwitch({ desk, trading, clock, logger, ms, cancelAll });
  }

  #hear(event: PrivateEvent): void {
    this.#switch?.hear(event);
    this.parts.holdings.hear(event);
    this.#monitor?.hear(event);
    if (event.type === 'balance') this.#tell({ type: 'balance', balance: event.balance });
    else if (event.type === 'position') this.#tell({ type: 'position', position: event.position });
    else if (event.type === 'stream') this.#tell({ type: 'stream', state: event.state, reason: event.reason });
  }

  #tell(news: AccountNews): void {
    const event = { ...news, accountId: this.id, venue: this.venue };
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (err) {
        this.parts.logger.error({ err }, 'a listener of a trading account threw');
      }
    }
  }

  #assertAlive(): void {
    const reason = this.#closing ? 'closed' : this.#killed;
    if (reason === null) return;
    throw new SpeedError('unavailable', `Trading on "${this.id}" is stopped (${reason}); nothing was sent. Cancels still go`, {
      venue: this.venue,
      outcomeKnown: true,
    });
  }

  async #close(): Promise<void> {
    this.#listeners.clear();
    this.#monitor?.[Symbol.dispose]();
    this.#switch?.[Symbol.dispose]();
    await this.#desk?.[Symbol.asyncDispose]();
    await this.parts.prices[Symbol.asyncDispose]();
    await this.parts.journal[Symbol.asyncDispose]();
  }
}

function newsOf(event: DeskEvent): AccountNews {
  return event;
}
