import type { Account, Market, OrderAct, OrderRequest, UserOrder } from '@speed-protocol/simulator';
import type { Params } from '../rest/params.js';
import { type Call, Done, type RouteContext } from '../rest/route.js';

import { say, VenueError } from '../venue-error.js';
import { orderRow, userTradeRow } from './bodies.js';
import { detailsOf, type FillRecord, type WireDetails } from './desk.js';
import { agreed } from './refusals.js';

const TYPES = ['limit', 'market', 'market_limit'] as const;
const TIMES = ['good_til_cancelled', 'good_til_day', 'fill_or_kill', 'immediate_or_cancel'] as const;
const LABEL_LENGTH = 64;
const DAY = 86_400_000;
/** Orders that are good for a day end at 08:00 UTC. */
const SETTLEMENT = 8 * 3_600_000;

/** `private/buy` and `private/sell`. */
export const place =
  (side: 'buy' | 'sell') =>
  (context: RouteContext, call: Call): Done => {
    const account = call.account!;
    const { params } = call;
    checkValidity(params, context.now());
    const market = context.market(params);
    const request = readOrder(market, side, params, connectionOf(call), context.now());
    const order = agreed(context.desk.accounts.place(account, request));
    return new Done(withTrades(context, account, order), [actOf(account, 'place', order)]);
  };

/** Later than its `valid_until` a command is not looked at. @throws VenueError 13888 */
function checkValidity(params: Params, now: number): void {
  if (params.integer('valid_until', Number.MAX_SAFE_INTEGER) < now) throw new VenueError(13888, 'timed_out');
}

function connectionOf({ session }: Call): number {
  return (session as { readonly id?: number } | undefined)?.id ?? 0;
}

function readOrder(market: Market, side: 'buy' | 'sell', params: Params, connection: number, now: number): OrderRequest {
  const order_type = params.word('type', TYPES, 'limit');
  const time_in_force = params.word('time_in_force', TIMES, 'good_til_cancelled');
  const label = params.text('label') ?? '';
  if (label.length > LABEL_LENGTH) throw say.wrong('label', 'must be at most 64 characters');
  const [postOnly, reject_post_only] = [params.flag('post_only'), params.flag('reject_post_only')];
  const kind = order_type === 'limit' ? 'limit' : 'market';
  const price = kind === 'limit' ? params.decimal('price') : undefined;
  if (kind === 'limit' && price === undefined) throw new VenueError(10011, 'price_not_allowed');
  const details: WireDetails = { label, order_type, time_in_force, reject_post_only, connection };
  return {
    symbol: market.listing.venueSymbol,
    side,
    kind,
    size: amountOf(market, params),
    price: postOnly && !reject_post_only ? passivePrice(market, side, price!) : price,
    timeInForce: time_in_force === 'fill_or_kill' ? 'FOK' : time_in_force === 'immediate_or_cancel' ? 'IOC' : undefined,
    postOnly: kind === 'limit' && postOnly,
    ...(market.listing.kind !== 'spot' && { reduceOnly: params.flag('reduce_only') }),
    ...(label !== '' && { clientId: label }),
    ...(time_in_force === 'good_til_day' && { expiresAt: nextSettlement(now) }),
    details,
    selfTrade: 'expire-maker',
  };
}

function nextSettlement(now: number): number {
  return Math.floor((now - SETTLEMENT) / DAY) * DAY + SETTLEMENT + DAY;
}

/** `amount`, or as many `contracts`; both must agree. */
function amountOf({ listing }: Market, params: Params): string {
  const [amount, contracts] = [params.decimal('amount'), params.decimal('contracts')];
  const counted = contracts === undefined ? undefined : multiple(listing.lotSize, contracts);
  if (amount !== undefined && counted !== undefined && Number(amount) !== Number(counted)) {
    throw say.wrong('amount', 'amount and contracts do not agree');
  }
  const found = amount ?? counted;
  if (found === undefined) throw say.missing('amount');
  return found;
}

function multiple(size: string, count: string): string {
  return String(Number((Number(size) * Number(count)).toFixed(10)));
}

/** A post-only order that would take is moved to the nearest price at which it rests. */
function passivePrice({ engine, grid }: Market, side: 'buy' | 'sell', price: string): string {
  const opposite = side === 'buy' ? engine.asks : engine.bids;
  const ticks = grid.exactTicks(price);
  if (ticks === undefined || !opposite.best || !opposite.crossedBy(ticks)) return price;
  return grid.formatPrice(opposite.best.price + (side === 'buy' ? -1 : 1));
}

/** `private/edit`: the amount must be given, a price that is absent stays; the order keeps its id. */
export function edit(context: RouteContext, call: Call): Done {
  const { params } = call;
  return amend(context, call, required(context, call.account!, params.required('order_id')));
}

/** `private/edit_by_label`: of several open orders with a label none is changed. */
export function editByLabel(context: RouteContext, call: Call): Done {
  const { listing } = context.market(call.params);
  const all = context.desk.labelled(call.account!, call.params.required('label'));
  const open = all.filter((order) => order.symbol === listing.venueSymbol && isOpen(order));
  if (open.length === 0) throw say.noOrder();
  if (open.length > 1) throw new VenueError(10029, 'not_owner_of_order', { reason: 'several orders have this label' });
  return amend(context, call, open[0]!);
}

function amend(context: RouteContext, { params, account }: Call, order: UserOrder): Done {
  checkValidity(params, context.now());
  const market = context.desk.market(order.symbol);
  const price = params.decimal('price');
  const passive = price !== undefined && order.postOnly && !detailsOf(order).reject_post_only;
  const change = { size: amountOf(market, params), price: passive ? passivePrice(market, order.side, price) : price };
  const amended = agreed(context.desk.accounts.amend(account!, order, change));
  context.desk.noteReplaced(amended);
  return new Done(withTrades(context, account!, amended), [actOf(account!, 'amend', amended)]);
}

export function cancel(context: RouteContext, { account, params }: Call): Done {
  const order = required(context, account!, params.required('order_id'));
  const ended = agreed(context.desk.accounts.cancel(account!, order));
  return new Done(orderRow(context, ended), [actOf(account!, 'cancel', ended)]);
}

/** All open orders that a call is about; how many there were. */
export const cancelWhere =
  (chosen: (context: RouteContext, params: Params) => (order: UserOrder) => boolean) =>
  (context: RouteContext, { account, params }: Call): Done => {
    const isChosen = chosen(context, params);
    const { accounts } = context.desk;
    const ended = account!
      .openOrders()
      .filter(isChosen)
      .flatMap((order) => {
        const answer = accounts.cancel(account!, order);
        return answer.ok ? [answer.value] : [];
      });
    return new Done(
      ended.length,
      ended.map((order) => actOf(account!, 'cancel', order)),
    );
  };

/** @throws VenueError 10004 */
export function required({ desk }: RouteContext, account: Account, orderId: string): UserOrder {
  const order = desk.order(account, orderId);
  if (!order) throw say.noOrder();
  return order;
}

export function isOpen({ status }: UserOrder): boolean {
  return status === 'open' || status === 'partially-filled';
}

/** An order, and what it has traded at once. */
function withTrades(context: RouteContext, account: Account, order: UserOrder): unknown {
  const own = ({ symbol, orderId }: FillRecord) => symbol === order.symbol && orderId === order.id;
  const fills = context.desk.fills(account.id).filter((fill) => own(fill) && fill.time >= order.updatedAt);
  return { order: orderRow(context, order), trades: fills.map((fill) => userTradeRow(context, account, fill)) };
}

function actOf(account: Account, action: OrderAct['action'], order: UserOrder): OrderAct {
  const { symbol, id, clientId } = order;
  return { action, account: account.id, symbol, orderId: String(id), clientId, done: true };
}
