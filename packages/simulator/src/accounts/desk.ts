import type { NewOrder, Side, Submission, Trade } from '../engine/types.js';
import type { Market } from '../market/market.js';
import type { Account, OrderRecord } from './account.js';
import { type Draft, draftOrder, lacksFunds, refuseAmendment, refuseOrder, type Scene, wouldTake } from './intake.js';
import type { OrderCause } from './ledger.js';
import { closableLots, isReducing, type Quotes } from './margin.js';
import type { Position } from './position.js';
import { type Settlement, snapshot } from './settlement.js';
import type { Terms } from './terms.js';
import type { Triggers } from './triggers.js';
import type { Answer, Condition, OrderRequest, RefusalReason, UserOrder, UserOrderRef } from './types.js';

/** An open market as accounts see it. */
export interface Floor {
  readonly market: Market;
  readonly terms: Terms;
  /** Ticks; moves once a second. */
  mark: number;
}

/** New numbers for a working limit order, as decimal text; what is absent stays. `size` counts what is filled already. */
export interface AmendRequest {
  readonly price?: string | undefined;
  readonly size?: string | undefined;
  /** A new client order id. */
  readonly clientId?: string | undefined;
}

export interface DeskOptions {
  readonly settlement: Settlement;
  readonly quotes: Quotes;
  readonly account: (id: string) => Account | undefined;
  readonly drawClientId: () => string;
  readonly sharedClientIds: boolean;
  readonly liquidationPrefix: string;
  readonly triggers: Triggers;
}

/** Takes orders of accounts into the markets, and settles what the markets do with them. */
export class OrderDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  place(account: Account, floor: Floor, request: OrderRequest): Answer<UserOrder> {
    const draft = draftOrder(request, floor.terms);
    if (typeof draft === 'string') return this.refuse(account, 'place', request.symbol, draft, request);
    const reason = refuseOrder(draft, this.#scene(account, floor));
    if (reason) return this.refuse(account, 'place', request.symbol, reason, request);
    const order = this.#accept(account, floor, draft, 'user');
    if (request.trigger) this.#sleep(account, floor, order, request.trigger);
    else if (draft.price !== undefined && wouldTake(request, draft.price, floor.market)) this.#turnAway(account, floor, order);
    else this.#settleOutcome(account, floor, order, floor.market.submit(engineOrder(order)));
    return { ok: true, value: snapshot(order) };
  }

  /** Ends an order that may not take before it is on the book; its id is taken already. */
  #turnAway(account: Account, floor: Floor, order: OrderRecord): void {
    floor.market.engine.reserveId();
    this.#finish(account, floor, order, 'would-take');
  }

  /** Keeps an order off the book until its price is there; its id is taken already. */
  #sleep(account: Account, floor: Floor, order: OrderRecord, { by, direction, price }: Condition): void {
    const { market, terms } = floor;
    market.engine.reserveId();
    const fire = () => {
      if (!isOpen(order)) return;
      order.triggeredAt = timeOf(market);
      this.#options.settlement.noteAndHold(account, order, terms, { cause: 'triggered', time: timeOf(market) });
      if (lacksFunds(order, this.#scene(account, floor))) this.#finish(account, floor, order, 'expired');
      else this.#settleOutcome(account, floor, order, market.submit(engineOrder(order), order.id));
    };
    this.#options.triggers.add({ symbol: terms.symbol, by, direction, price: terms.ticks(price) as number, fire });
  }

  /** Ends an order that gave way to one of the same account. */
  prevent(floor: Floor, owner: string, id: number): void {
    const account = this.#options.account(owner);
    const order = account?.order({ symbol: floor.terms.symbol, id });
    if (account && order) this.#finish(account, floor, order, 'self-trade');
  }

  amend(account: Account, floor: Floor, ref: UserOrderRef, change: AmendRequest): Answer<UserOrder> {
    const { terms, market } = floor;
    const order = account.order(ref);
    if (!order || !isOpen(order)) return this.refuse(account, 'amend', ref.symbol, 'unknown-order');
    const price = change.price === undefined ? order.price : terms.ticks(change.price);
    const size = change.size === undefined ? order.size : terms.lots(change.size);
    if (price === undefined) return this.refuse(account, 'amend', ref.symbol, 'bad-price');
    if (size === undefined) return this.refuse(account, 'amend', ref.symbol, 'bad-size');
    const reason = refuseAmendment(order, price, size, this.#scene(account, floor));
    if (reason) return this.refuse(account, 'amend', ref.symbol, reason);
    if (change.clientId !== undefined && change.clientId !== order.clientId && account.uses(change.clientId)) {
      return this.refuse(account, 'amend', ref.symbol, 'duplicate-client-id');
    }
    if (change.clientId !== undefined) account.rename(order, change.clientId);
    Object.assign(order, { price, size });
    this.#options.settlement.noteAndHold(account, order, terms, { cause: 'amended', time: timeOf(market) });
    const outcome = market.amend(order.id, { price, size });
    if (outcome) this.#settleOutcome(account, floor, order, outcome);
    return { ok: true, value: snapshot(order) };
  }

  cancel(account: Account, floor: Floor, ref: UserOrderRef, cause: OrderCause = 'canceled'): Answer<UserOrder> {
    const order = account.order(ref);
    if (!order || !isOpen(order)) return this.refuse(account, 'cancel', ref.symbol, 'unknown-order');
    floor.market.cancel(order.id);
    this.#finish(account, floor, order, cause);
    return { ok: true, value: snapshot(order) };
  }

  /** Whether anybody would take a position over within reach of mark. */
  canLiquidate({ market, mark }: Floor, { size }: Pick<Position, 'size'>): boolean {
    const { side, price } = forcedTerms(size, mark);
    return market.engine.sideOf(side === 'buy' ? 'sell' : 'buy').crossedBy(price);
  }

  /** Sends what is left of a position into the book, as far as {@link LIQUIDATION_REACH} from mark. */
  liquidate(account: Account, floor: Floor, position: Pick<Position, 'size' | 'leg'>): void {
    const { side, price } = forcedTerms(position.size, floor.mark);
    const clientId = this.#options.liquidationPrefix + this.#options.drawClientId();
    const request = { symbol: floor.terms.symbol, side, kind: 'limit', size: '', timeInForce: 'IOC', clientId } as const;
    const draft = { request, leg: position.leg, price, bound: undefined, lots: Math.abs(position.size) };
    const order = this.#accept(account, floor, draft, 'liquidation');
    floor.market.liquidate(side, draft.lots, price, account.id);
    if (isOpen(order)) this.#finish(account, floor, order, 'expired');
  }

  /** Settles both ends of a trade, where they belong to accounts. */
  trade(floor: Floor, trade: Trade): void {
    for (const [owner, id] of [
      [trade.maker, trade.makerOrderId],
      [trade.taker, trade.takerOrderId],
    ] as const) {
      const account = this.#options.account(owner);
      const order = account?.order({ symbol: floor.terms.symbol, id });
      if (account && order) this.#options.settlement.fill(account, order, floor.terms, trade);
    }
  }

  /** How many lots a resting order may still fill; less than is left when it would open what it may only reduce. */
  allowance(floor: Floor, owner: string, id: number, remaining: number): number {
    const account = this.#options.account(owner);
    const order = account?.order({ symbol: floor.terms.symbol, id });
    if (!account || !order || !isReducing(order)) return remaining;
    return Math.min(remaining, closableLots(account.position(floor.terms, order.leg).size, order.side));
  }

  /** Ends reducing orders, newest first, that no longer have a position to reduce. */
  trimReducing(account: Account, floor: Floor): void {
    const room = new Map<string, number>();
    for (const order of account.openOrders(floor.terms.symbol).filter(isReducing)) {
      const key = `${order.leg}/${order.side}`;
      const left = room.get(key) ?? closableLots(account.position(floor.terms, order.leg).size, order.side);
      const lots = order.size - order.filled;
      if (lots > left) this.cancel(account, floor, order, 'reduce-only');
      else room.set(key, left - lots);
    }
  }

  refuse(
    account: Account,
    action: 'place' | 'amend' | 'cancel',
    symbol: string,
    reason: RefusalReason,
    request?: OrderRequest,
  ): Answer<never> {
    this.#options.settlement.ledger.append(account.id, { kind: 'refusal', action, reason, symbol, request });
    return { ok: false, reason };
  }

  /** Registers the order under the id that the engine gives next: its fills come before the engine's answer. */
  #accept(account: Account, { market, terms }: Floor, draft: Draft, origin: UserOrder['origin']): OrderRecord {
    const { request, leg, price, lots } = draft;
    const time = timeOf(market);
    const order: OrderRecord = {
      id: market.engine.nextOrderId,
      account: account.id,
      symbol: terms.symbol,
      clientId: request.clientId ?? this.#options.drawClientId(),
      side: request.side,
      kind: request.kind,
      timeInForce: request.timeInForce ?? (request.kind === 'market' ? 'IOC' : 'GTC'),
      postOnly: request.postOnly ?? false,
      reduceOnly: request.reduceOnly ?? false,
      leg,
      origin,
      createdAt: time,
      price,
      size: lots,
      filled: 0,
      filledValue: 0n,
      status: 'open',
      updatedAt: time,
      details: request.details,
      ...(request.trigger && { trigger: request.trigger }),
      selfTrade: request.selfTrade,
      bound: draft.bound,
      hold: 0n,
      workload: 0n,
    };
    account.keep(order);
    this.#options.settlement.noteAndHold(account, order, terms, { cause: 'new', time });
    return order;
  }

  /** What neither filled nor rests has expired. */
  #settleOutcome(account: Account, floor: Floor, order: OrderRecord, { resting, prevented }: Submission): void {
    if (resting === 0 && isOpen(order)) this.#finish(account, floor, order, prevented ? 'self-trade' : 'expired');
  }

  #finish(account: Account, floor: Floor, order: OrderRecord, cause: OrderCause): void {
    const status = EXPIRIES.has(cause) ? 'expired' : 'canceled';
    this.#options.settlement.finish(account, order, floor.terms, { status, cause, time: timeOf(floor.market) });
  }

  #scene(account: Account, { market, terms }: Floor): Scene {
    const { quotes, settlement, sharedClientIds } = this.#options;
    return { account, market, terms, quotes, rates: settlement.rates, sharedClientIds };
  }
}

/** Causes that end an order by themselves. */
const EXPIRIES: ReadonlySet<OrderCause> = new Set(['expired', 'reduce-only', 'self-trade', 'would-take']);

/** How far from mark a forced order goes. */
const LIQUIDATION_REACH = 0.05;

function forcedTerms(size: number, mark: number): { readonly side: Side; readonly price: number } {
  const side = size > 0 ? 'sell' : 'buy';
  const reach = side === 'sell' ? 1 - LIQUIDATION_REACH : 1 + LIQUIDATION_REACH;
  return { side, price: Math.max(1, Math.round(mark * reach)) };
}

function isOpen({ status }: UserOrder): boolean {
  return status === 'open' || status === 'partially-filled';
}

function timeOf(market: Market): number {
  return Math.floor(market.now());
}

function engineOrder(order: OrderRecord): NewOrder {
  const { account: owner, side, size, price, timeInForce, postOnly, clientId, selfTrade, bound } = order;
  return { owner, side, size, price: price ?? bound, timeInForce, postOnly, clientId, selfTrade };
}
