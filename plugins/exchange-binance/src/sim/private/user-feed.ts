import { type Account, Hub, type LedgerEntry, type Market, type UserOrder } from '@speed-protocol/simulator';
import type { Family } from '../products.js';
import { algoOrder } from '../trading/algo-bodies.js';
import type { TradingDesk } from '../trading/desk.js';
import { inverseEvents, linearEvents } from './futures-events.js';
import { entryOf, type Happening, type UserEvent } from './happening.js';
import { OrderText } from './order-text.js';
import { spotEvents } from './spot-events.js';

/** Hears the user-data events of one account, as JSON text. */
export interface UserListener {
  hear(event: UserEvent, json: string): void;
}

/** Decides whether an order's events are kept from its owner: the `silent-fill` fault. */
export type Silencer = (order: UserOrder, filled: boolean) => boolean;

const EVENTS: Readonly<Record<Family, (happening: Happening) => readonly UserEvent[]>> = {
  spot: spotEvents,
  linear: linearEvents,
  inverse: inverseEvents,
};

/**
 * The user-data events of one product, from the ledger of its accounts. They leave once the request that caused them has been
 * answered: an answer goes out before the events that follow from it, as on the venue.
 */
export class UserFeed {
  readonly #desk: TradingDesk;
  readonly #silenced: Silencer;
  readonly #hub = new Hub<UserListener>();
  readonly #texts = new Map<Market, OrderText>();
  /** Of open orders, as they were told last. */
  readonly #clientIds = new Map<string, string>();
  #waiting: (() => void)[] = [];

  constructor(desk: TradingDesk, silenced: Silencer) {
    this.#desk = desk;
    this.#silenced = silenced;
    desk.accounts.ledger.listen((entries) => this.#hear(entries));
  }

  /** Events of an account from now on. */
  add(account: string, listener: UserListener): void {
    this.#hub.add(account, listener);
  }

  remove(account: string, listener: UserListener): void {
    this.#hub.remove(account, listener);
  }

  /** Tells an account of something that is in no ledger. */
  push(account: string, event: UserEvent): void {
    this.tell([...this.#hub.of(account)], event);
  }

  /** Tells some listeners, after what waits already. */
  tell(listeners: readonly UserListener[], event: UserEvent): void {
    if (listeners.length === 0) return;
    const json = JSON.stringify(event);
    this.#defer(() => {
      for (const listener of listeners) listener.hear(event, json);
    });
  }

  /** Runs something after what waits already, when the running request has been answered. */
  #defer(act: () => void): void {
    if (this.#waiting.push(act) > 1) return;
    queueMicrotask(() => {
      const due = this.#waiting;
      this.#waiting = [];
      for (const each of due) each();
    });
  }

  #hear(entries: readonly LedgerEntry[]): void {
    this.#tellOf(entries);
    for (const entry of entries) if (entry.kind === 'order') this.#remember(entry.order);
  }

  #remember({ symbol, id, clientId, status }: UserOrder): void {
    const open = status === 'open' || status === 'partially-filled';
    if (open) this.#clientIds.set(`${symbol}/${id}`, clientId);
    else this.#clientIds.delete(`${symbol}/${id}`);
  }

  #formerId({ symbol, id, clientId }: UserOrder): string | undefined {
    const before = this.#clientIds.get(`${symbol}/${id}`);
    return before === clientId ? undefined : before;
  }

  #tellOf(entries: readonly LedgerEntry[]): void {
    const id = entries[0]!.account;
    const account = this.#hub.has(id) ? this.#desk.accounts.get(id) : undefined;
    if (!account) return;
    const happening = this.#happening(account, entries);
    const order = entryOf(happening, 'order')?.order;
    if (order && this.#silenced(order, entryOf(happening, 'fill') !== undefined)) return;
    for (const event of EVENTS[this.#desk.product.family](happening)) this.push(id, event);
  }

  #happening(account: Account, entries: readonly LedgerEntry[]): Happening {
    return {
      account,
      entries,
      now: Math.floor(this.#desk.context.venue.clock.now()),
      text: (symbol) => this.#text(symbol),
      unrealized: (symbol, leg) =>
        account.position(this.#desk.terms(symbol), leg).unrealized(this.#desk.accounts.mark(symbol) as number),
      algo: (conditional) => algoOrder(this.#desk, account, conditional),
      formerId: (order) => this.#formerId(order),
      cancelId: (order) => this.#desk.cancelIdOf(order),
    };
  }

  #text(symbol: string): OrderText {
    const market = this.#desk.market(symbol);
    const text = this.#texts.get(market) ?? new OrderText(this.#desk.text(symbol), this.#desk.terms(symbol));
    this.#texts.set(market, text);
    return text;
  }
}
