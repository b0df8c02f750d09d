import { BookSide } from './book-side.js';
import type { Level, RestingOrder } from './level.js';
import type { EngineSink, NewOrder, OrderStatus, Rejection, Side, Submission, Trade } from './types.js';

export interface EngineOptions {
  readonly sink: EngineSink;
  /** Time stamped on trades, ms since epoch. */
  readonly now: () => number;
  readonly firstOrderId?: number;
  readonly firstTradeId?: number;
}

/**
 * A limit order book for one symbol with price-time priority, in whole ticks and lots. It knows owners but no accounts:
 * whoever may place an order is decided before it comes here.
 */
export class MatchingEngine {
  readonly bids = new BookSide('buy');
  readonly asks = new BookSide('sell');
  readonly #orders = new Map<number, RestingOrder>();
  readonly #sink: EngineSink;
  readonly #now: () => number;
  #nextOrderId: number;
  #nextTradeId: number;

  constructor(options: EngineOptions) {
    this.#sink = options.sink;
    this.#now = options.now;
    this.#nextOrderId = options.firstOrderId ?? 1;
    this.#nextTradeId = options.firstTradeId ?? 1;
  }

  /** Number of resting orders. */
  get openOrders(): number {
    return this.#orders.size;
  }

  /** The id that the next submitted order gets. */
  get nextOrderId(): number {
    return this.#nextOrderId;
  }

  /** A resting order; its fields are read-only for callers. */
  order(id: number): Readonly<RestingOrder> | undefined {
    return this.#orders.get(id);
  }

  sideOf(side: Side): BookSide {
    return side === 'buy' ? this.bids : this.asks;
  }

  /** Takes an id for an order that comes later. */
  reserveId(): number {
    return this.#nextOrderId++;
  }

  /**
   * Matches an order and rests what is left, as its time in force says.
   * @param id one from {@link reserveId}; by default the next
   */
  submit(order: NewOrder, id = this.reserveId()): Submission {
    const rejection = this.#refuse(order);
    if (rejection) return { orderId: id, status: 'rejected', filled: 0, resting: 0, fills: NO_TRADES, rejection };
    return this.#execute(id, order, 0);
  }

  /** Takes an order off the book. @returns the lots that were still open, or `undefined` when it is not there */
  cancel(id: number): number | undefined {
    const order = this.#orders.get(id);
    if (!order) return undefined;
    const { side, level } = this.#place(order);
    this.#unlink(order, side, level);
    return order.remaining;
  }

  /**
   * Changes price, size (total, fills included) or both. Only a smaller size at the same price keeps its place in the
   * queue; everything else is a cancel and a new order under the same id, which may match.
   * @returns `undefined` when the order is not on the book
   */
  amend(id: number, change: { readonly price?: number; readonly size?: number }): Submission | undefined {
    const order = this.#orders.get(id);
    if (!order) return undefined;
    const price = change.price ?? order.price;
    const size = change.size ?? order.size;
    const filled = order.size - order.remaining;
    const rejection = refuseNumbers(price, size - filled);
    if (rejection) {
      return { orderId: id, status: 'rejected', filled, resting: order.remaining, fills: NO_TRADES, rejection };
    }
    if (price === order.price && size <= order.size) return this.#shrink(order, size);
    this.cancel(id);
    return this.#execute(id, { ...order, price, size: size - filled, clientId: order.clientId }, filled);
  }

  /**
   * Trades what is left of a resting order at its own price, whoever stands before it: a deal that passes the book.
   * @returns `undefined` when it is not on the book, or may not fill whole
   */
  fill(id: number, owner: string): Trade | undefined {
    const maker = this.#orders.get(id);
    if (!maker || (this.#sink.allowance?.(maker) ?? maker.remaining) < maker.remaining) return undefined;
    const { side, level } = this.#place(maker);
    const size = maker.remaining;
    const taker = { owner, side: maker.side === 'buy' ? 'sell' : 'buy', size } as const;
    const trade = this.#trade(this.#nextOrderId++, taker, maker, size);
    const before = level.total;
    this.#reduce(maker, level, size);
    this.#sink.onTrade(trade);
    if (level.count === 0) side.drop(level);
    this.#sink.onLevel(side.side, level.price, before, level.total);
    return trade;
  }

  #refuse(order: NewOrder): Rejection | undefined {
    const rejection = refuseNumbers(order.price ?? 1, order.size);
    if (rejection) return rejection;
    if (order.postOnly && order.price !== undefined && this.#opposite(order.side).crossedBy(order.price)) return 'would-take';
    return undefined;
  }

  #execute(id: number, order: NewOrder, alreadyFilled: number): Submission {
    const timeInForce = order.price === undefined && order.timeInForce !== 'FOK' ? 'IOC' : (order.timeInForce ?? 'GTC');
    const opposite = this.#opposite(order.side);
    if (timeInForce === 'FOK' && opposite.available(order.price, order.size) < order.size) {
      return { orderId: id, status: 'expired', filled: alreadyFilled, resting: 0, fills: NO_TRADES };
    }
    const { fills, prevented } = this.#match(id, order, opposite);
    const taken = fills.reduce((sum, fill) => sum + fill.size, 0);
    const resting = timeInForce === 'GTC' && !prevented ? order.size - taken : 0;
    const filled = alreadyFilled + taken;
    if (resting > 0) this.#rest(id, order, resting, alreadyFilled + order.size);
    const status = statusOf(filled, taken === order.size, resting);
    return { orderId: id, status, filled, resting, fills, ...(prevented && { prevented }) };
  }

  #match(id: number, order: NewOrder, opposite: BookSide): Match {
    if (order.price !== undefined && !opposite.crossedBy(order.price)) return NO_MATCH;
    const match: Match = { fills: [], prevented: false };
    let open = order.size;
    for (let level = opposite.best; level && open > 0 && !match.prevented; level = opposite.best) {
      if (order.price !== undefined && !opposite.crossedBy(order.price)) break;
      open -= this.#matchLevel(id, order, open, opposite, level, match);
    }
    return match;
  }

  #matchLevel(id: number, taker: NewOrder, wanted: number, side: BookSide, level: Level, match: Match): number {
    const before = level.total;
    let open = wanted;
    while (open > 0 && level.head) {
      const maker = level.head;
      if (this.#restrict(maker, level)) continue;
      if (taker.selfTrade && maker.owner === taker.owner) {
        if (taker.selfTrade !== 'expire-taker') this.#prevent(maker, level);
        match.prevented = taker.selfTrade !== 'expire-maker';
        if (match.prevented) break;
        continue;
      }
      const size = Math.min(open, maker.remaining);
      open -= size;
      this.#reduce(maker, level, size);
      const trade = this.#trade(id, taker, maker, size);
      match.fills.push(trade);
      this.#sink.onTrade(trade);
    }
    if (level.count === 0) side.drop(level);
    this.#sink.onLevel(side.side, level.price, before, level.total);
    return wanted - open;
  }

  /** Takes an order off the book that its own owner would have taken. */
  #prevent(maker: RestingOrder, level: Level): void {
    this.#reduce(maker, level, maker.remaining);
    this.#sink.onPrevented?.(maker);
  }

  /** Takes away what a maker may no longer fill. @returns true when nothing of it is left */
  #restrict(maker: RestingOrder, level: Level): boolean {
    const allowed = this.#sink.allowance?.(maker) ?? maker.remaining;
    if (allowed >= maker.remaining) return false;
    maker.size -= maker.remaining - allowed;
    this.#reduce(maker, level, maker.remaining - allowed);
    return allowed === 0;
  }

  /** Takes lots off an order, and the order off its level when none are left. */
  #reduce(maker: RestingOrder, level: Level, size: number): void {
    if (size === maker.remaining) {
      level.remove(maker);
      this.#orders.delete(maker.id);
      maker.remaining = 0;
      return;
    }
    maker.remaining -= size;
    level.total -= size;
  }

  #trade(takerId: number, taker: NewOrder, maker: RestingOrder, size: number): Trade {
    return {
      id: this.#nextTradeId++,
      price: maker.price,
      size,
      side: taker.side,
      time: this.#now(),
      takerOrderId: takerId,
      makerOrderId: maker.id,
      taker: taker.owner,
      maker: maker.owner,
    };
  }

  #rest(id: number, order: NewOrder, remaining: number, size: number): void {
    const price = order.price as number;
    const resting: RestingOrder = {
      id,
      owner: order.owner,
      clientId: order.clientId,
      side: order.side,
      selfTrade: order.selfTrade,
      price,
      size,
      remaining,
      previous: undefined,
      next: undefined,
    };
    const level = this.sideOf(order.side).ensure(price);
    const before = level.total;
    level.append(resting);
    this.#orders.set(id, resting);
    this.#sink.onLevel(order.side, price, before, level.total);
  }

  #shrink(order: RestingOrder, size: number): Submission {
    const { level } = this.#place(order);
    const cut = order.size - size;
    const before = level.total;
    order.size = size;
    order.remaining -= cut;
    level.total -= cut;
    if (cut > 0) this.#sink.onLevel(order.side, order.price, before, level.total);
    const filled = size - order.remaining;
    return {
      orderId: order.id,
      status: statusOf(filled, false, order.remaining),
      filled,
      resting: order.remaining,
      fills: NO_TRADES,
    };
  }

  #unlink(order: RestingOrder, side: BookSide, level: Level): void {
    const before = level.total;
    level.remove(order);
    this.#orders.delete(order.id);
    if (level.count === 0) side.drop(level);
    this.#sink.onLevel(order.side, order.price, before, level.total);
  }

  #place(order: RestingOrder): { side: BookSide; level: Level } {
    const side = this.sideOf(order.side);
    return { side, level: side.get(order.price) as Level };
  }

  #opposite(side: Side): BookSide {
    return side === 'buy' ? this.asks : this.bids;
  }
}

/** What an order met on the other side. */
interface Match {
  readonly fills: Trade[];
  /** It stopped before an order of its own owner. */
  prevented: boolean;
}

const NO_MATCH: Match = Object.freeze({ fills: [], prevented: false });
const NO_TRADES: readonly Trade[] = Object.freeze([]);

function refuseNumbers(price: number, size: number): Rejection | undefined {
  if (!Number.isSafeInteger(price) || price <= 0) return 'bad-price';
  if (!Number.isSafeInteger(size) || size <= 0) return 'bad-size';
  return undefined;
}

function statusOf(filled: number, whole: boolean, resting: number): OrderStatus {
  if (whole) return 'filled';
  if (resting === 0) return 'expired';
  return filled > 0 ? 'partially-filled' : 'open';
}
