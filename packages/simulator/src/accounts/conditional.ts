import type { Account } from './account.js';
import type { Floor } from './desk.js';
import type { Ledger } from './ledger.js';
import { closableLots } from './margin.js';
import { reaches, type Trigger, type Triggers } from './triggers.js';
import type { Answer, Condition, OrderDetails, OrderRequest, RefusalReason, UserOrder } from './types.js';

/** `finished`: the order that it became has ended. */
type ConditionalStatus = 'waiting' | 'triggered' | 'finished' | 'canceled' | 'rejected' | 'expired';

/** Trails the best price since it was activated, and triggers when the price turns back by this fraction of it. */
export interface Trail {
  /** Decimal fraction, e.g. `0.01`. */
  readonly callback: string;
  /** Decimal text; absent: active from the start. */
  readonly activation?: string | undefined;
}

/** An order that is placed when a price is reached; it holds nothing until then. */
export interface ConditionalRequest {
  /** What to place; the size is that of the position when `closesPosition`. */
  readonly order: OrderRequest;
  readonly by: Condition['by'];
  readonly direction: Condition['direction'];
  /** Decimal text; absent on trailing ones. */
  readonly price?: string | undefined;
  readonly trail?: Trail | undefined;
  readonly closesPosition?: boolean | undefined;
  /** Unique among the account's waiting ones. */
  readonly clientId?: string | undefined;
  readonly details?: OrderDetails | undefined;
}

/** A conditional order as the venue knows it. */
export interface ConditionalOrder {
  /** Unique per venue. */
  readonly id: number;
  readonly account: string;
  readonly clientId: string;
  readonly request: ConditionalRequest;
  readonly status: ConditionalStatus;
  /** Trailing ones wait to become active. */
  readonly active: boolean;
  /** Price that it waits for now, ticks. */
  readonly price: number;
  /** The order that it became. */
  readonly orderId: number | undefined;
  /** Why the order was refused. */
  readonly reason: RefusalReason | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly triggeredAt: number | undefined;
}

type Mutable = { -readonly [K in keyof ConditionalOrder]: ConditionalOrder[K] };
export type ConditionalCause = 'new' | 'activated' | 'triggered' | 'finished' | 'canceled' | 'rejected' | 'expired';

export interface ConditionalOptions {
  readonly ledger: Ledger;
  readonly triggers: Triggers;
  readonly firstId: number;
  readonly drawClientId: () => string;
  readonly place: (account: Account, request: OrderRequest) => Answer<UserOrder>;
}

/** The conditional orders of all accounts of a venue. */
export class ConditionalOrders {
  readonly #options: ConditionalOptions;
  readonly #byAccount = new Map<string, Map<number, Mutable>>();
  readonly #triggers = new Map<Mutable, Trigger>();
  /** Those whose order still works. */
  readonly #placed = new Set<{ readonly conditional: Mutable; readonly account: Account }>();
  #nextId: number;

  constructor(options: ConditionalOptions) {
    this.#options = options;
    this.#nextId = options.firstId;
  }

  place(account: Account, floor: Floor, request: ConditionalRequest, price: number): Answer<ConditionalOrder> {
    const clientId = request.clientId ?? this.#options.drawClientId();
    if (this.waiting(account).some((other) => other.clientId === clientId)) return no('duplicate-client-id');
    const now = Math.floor(floor.market.now());
    const conditional: Mutable = {
      id: this.#nextId++,
      account: account.id,
      clientId,
      request,
      status: 'waiting',
      active: request.trail?.activation === undefined,
      price,
      orderId: undefined,
      reason: undefined,
      createdAt: now,
      updatedAt: now,
      triggeredAt: undefined,
    };
    this.#of(account).set(conditional.id, conditional);
    const trigger = this.#triggerOf(account, floor, conditional);
    this.#triggers.set(conditional, trigger);
    this.#options.triggers.add(trigger);
    this.#note(conditional, 'new', now);
    return { ok: true, value: { ...conditional } };
  }

  cancel(account: Account, conditional: ConditionalOrder, now: number): Answer<ConditionalOrder> {
    const own = this.#of(account).get(conditional.id);
    if (own?.status !== 'waiting') return no('unknown-order');
    this.#drop(own);
    own.status = 'canceled';
    this.#note(own, 'canceled', now);
    return { ok: true, value: { ...own } };
  }

  /** By id, else the latest with this client id. */
  find(account: Account, ref: { readonly id?: number | undefined; readonly clientId?: string | undefined }) {
    if (ref.id !== undefined) return this.#of(account).get(ref.id);
    return this.all(account).findLast(({ clientId }) => clientId === ref.clientId);
  }

  /** All of an account, oldest first. */
  all(account: Account): readonly ConditionalOrder[] {
    return [...this.#of(account).values()];
  }

  waiting(account: Account): readonly ConditionalOrder[] {
    return this.all(account).filter(({ status }) => status === 'waiting');
  }

  /** Notices which of the placed orders have ended. */
  settle(now: number): void {
    for (const placed of this.#placed) {
      const { conditional, account } = placed;
      const order = account.order({ symbol: conditional.request.order.symbol, id: conditional.orderId });
      if (order?.status === 'open' || order?.status === 'partially-filled') continue;
      this.#placed.delete(placed);
      conditional.status = 'finished';
      this.#note(conditional, 'finished', now);
    }
  }

  #fire(account: Account, floor: Floor, conditional: Mutable): void {
    const now = Math.floor(floor.market.now());
    this.#triggers.delete(conditional);
    conditional.triggeredAt = now;
    const request = this.#orderOf(account, floor, conditional);
    if (!request) {
      conditional.status = 'expired';
      this.#note(conditional, 'expired', now);
      return;
    }
    conditional.status = 'triggered';
    const answer = this.#options.place(account, request);
    if (answer.ok) {
      conditional.orderId = answer.value.id;
      this.#placed.add({ conditional, account });
    } else Object.assign(conditional, { status: 'rejected', reason: answer.reason });
    this.#note(conditional, answer.ok ? 'triggered' : 'rejected', now);
  }

  /** What to place; `undefined` when it would close a position that is not there. */
  #orderOf(account: Account, { market, terms }: Floor, { request, clientId }: Mutable): OrderRequest | undefined {
    const order = { ...request.order, clientId };
    if (!request.closesPosition) return order;
    const size = account.findPosition(terms.symbol, order.positionSide ?? 'net')?.size ?? 0;
    const lots = closableLots(size, order.side);
    return lots === 0 ? undefined : { ...order, size: market.grid.formatSize(lots) };
  }

  #triggerOf(account: Account, floor: Floor, conditional: Mutable): Trigger {
    const { request } = conditional;
    const { by, direction } = request;
    const trigger: Trigger = {
      symbol: request.order.symbol,
      by,
      direction,
      price: conditional.price,
      fire: () => this.#fire(account, floor, conditional),
    };
    return request.trail ? this.#trailing(floor, conditional, trigger, request.trail) : trigger;
  }

  /** A sale trails the highest price from below, a purchase the lowest from above. */
  #trailing(floor: Floor, conditional: Mutable, trigger: Trigger, { callback, activation }: Trail): Trigger {
    const falls = trigger.direction === 'fall';
    const turn = 1 + (falls ? -1 : 1) * Number(callback);
    const start = activation === undefined ? undefined : (floor.terms.ticks(activation) as number);
    let best: number | undefined;
    trigger.price = falls ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    trigger.follow = (price) => {
      if (!conditional.active) {
        if (!reaches({ direction: falls ? 'rise' : 'fall', price: start as number }, price)) return;
        conditional.active = true;
        this.#note(conditional, 'activated', Math.floor(floor.market.now()));
      }
      best = best === undefined ? price : falls ? Math.max(best, price) : Math.min(best, price);
      trigger.price = best * turn;
      conditional.price = Math.round(trigger.price);
    };
    return trigger;
  }

  #drop(conditional: Mutable): void {
    const trigger = this.#triggers.get(conditional);
    if (trigger) this.#options.triggers.remove(trigger);
    this.#triggers.delete(conditional);
  }

  #of(account: Account): Map<number, Mutable> {
    const own = this.#byAccount.get(account.id) ?? new Map<number, Mutable>();
    this.#byAccount.set(account.id, own);
    return own;
  }

  #note(conditional: Mutable, cause: ConditionalCause, now: number): void {
    conditional.updatedAt = now;
    const entry = { kind: 'conditional', cause, conditional: Object.freeze({ ...conditional }) } as const;
    this.#options.ledger.append(conditional.account, entry);
  }
}

function no(reason: RefusalReason): { readonly ok: false; readonly reason: RefusalReason } {
  return { ok: false, reason };
}
