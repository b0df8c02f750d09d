import type { UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { pairOf } from '../text.js';
import { VenueError } from '../venue-error.js';
import { type Action, byProduct } from './action.js';
import type { TradingDesk } from './desk.js';
import { orderRefOf } from './order-params.js';
import { say } from './refusals.js';

/** Times that an order may be amended on futures. */
const MAX_AMENDMENTS = 10_000;

/** What one amendment changed. Price in ticks, size in lots. */
interface Amendment {
  /** Unique per venue, rising. */
  readonly id: number;
  readonly time: number;
  readonly before: Terms;
  readonly after: Terms;
}

type Terms = Pick<UserOrder, 'price' | 'size' | 'clientId'>;

/** Amendments of all orders of a venue. */
export class Amendments {
  readonly #byOrder = new Map<string, Amendment[]>();
  #lastId = 0;

  /** @returns the id that it got */
  add(before: Terms, after: UserOrder): number {
    const list = [...this.of(after), { id: ++this.#lastId, time: after.updatedAt, before, after }];
    this.#byOrder.set(`${after.symbol}/${after.id}`, list);
    return this.#lastId;
  }

  of({ symbol, id }: Pick<UserOrder, 'symbol' | 'id'>): readonly Amendment[] {
    return this.#byOrder.get(`${symbol}/${id}`) ?? [];
  }

  /** @throws VenueError -5026 when an order has been amended too often */
  refuseMore(order: UserOrder): void {
    if (this.of(order).length >= MAX_AMENDMENTS) throw new VenueError(-5026, 'Exceed maximum modify order limit.');
  }
}

/** The amendments of the order that a request names, from an id on, at most as many as it wants. */
function pageOf(desk: TradingDesk, account: Parameters<Action>[1]['account'], params: Params, from: number) {
  const order = account.order(orderRefOf(params));
  if (!order) throw say.unknownOrder();
  const limit = params.integer('limit', { min: 1, max: 1000 }) ?? 500;
  const rows = desk.amendments.of(order).map((amendment, index) => ({ order, ...amendment, count: index + 1 }));
  return rows.filter(({ id }) => id >= from).slice(0, limit);
}

/** `GET orderAmendment`: latest first. */
const futures: Action = (desk, { account }, params) =>
  pageOf(desk, account, params, 0)
    .reverse()
    .map(({ id, order, time, before, after, count }) => {
      const text = desk.text(order.symbol);
      return {
        amendmentId: id,
        symbol: order.symbol,
        pair: pairOf(order.symbol),
        orderId: order.id,
        clientOrderId: order.clientId,
        time,
        amendment: {
          price: { before: text.price(before.price ?? 0), after: text.price(after.price ?? 0) },
          origQty: { before: text.size(before.size), after: text.size(after.size) },
          count,
        },
      };
    });

/** `GET order/amendments`: from `fromExecutionId` on. */
const spot: Action = (desk, { account }, params) =>
  pageOf(desk, account, params, params.integer('fromExecutionId') ?? 0).map(({ id, order, time, before, after }) => ({
    symbol: order.symbol,
    orderId: order.id,
    executionId: id,
    origClientOrderId: before.clientId,
    newClientOrderId: after.clientId,
    origQty: desk.text(order.symbol).size(before.size),
    newQty: desk.text(order.symbol).size(after.size),
    time,
  }));

export const AMENDMENT_ACTIONS = { 'order.amendments': byProduct(spot, futures) } satisfies Record<string, Action>;
