import type { BookSide } from '../engine/book-side.js';
import type { Market } from '../market/market.js';
import type { Account } from './account.js';
import { closableLots, initialMargin, isReducing, marginOf, type Quotes, type Working } from './margin.js';
import { holdOf } from './settlement.js';
import { type Terms, toMoney } from './terms.js';
import { reaches } from './triggers.js';
import type { AccountRates, Leg, OrderRequest, RefusalReason, UserOrder } from './types.js';

/** An order with its numbers read, not yet allowed. */
export interface Draft {
  readonly request: OrderRequest;
  readonly leg: Leg;
  readonly price: number | undefined;
  /** Beyond this a market order takes nothing. */
  readonly bound: number | undefined;
  readonly lots: number;
}

/** What the checks look at. */
export interface Scene {
  readonly account: Account;
  readonly market: Market;
  readonly terms: Terms;
  readonly quotes: Quotes;
  readonly rates: AccountRates;
  readonly sharedClientIds: boolean;
}

type Check = (draft: Draft, scene: Scene) => RefusalReason | undefined;

/** Reads the numbers of a request. */
export function draftOrder(request: OrderRequest, terms: Terms): Draft | RefusalReason {
  const lots = terms.lots(request.size);
  if (lots === undefined) return 'bad-size';
  const price = request.kind === 'limit' ? terms.ticks(request.price ?? '') : undefined;
  if (request.kind === 'limit' && price === undefined) return 'bad-price';
  if (request.kind === 'market' && request.price !== undefined) return 'bad-price';
  const bound = request.bound === undefined ? undefined : terms.ticks(request.bound);
  if (request.bound !== undefined && (bound === undefined || request.kind === 'limit')) return 'bad-price';
  return { request, leg: request.positionSide ?? 'net', price, bound, lots };
}

/** All that a new order has to pass, cheapest first. */
export function refuseOrder(draft: Draft, scene: Scene): RefusalReason | undefined {
  for (const check of CHECKS) {
    const reason = check(draft, scene);
    if (reason) return reason;
  }
  return undefined;
}

/** What new numbers for a working order have to pass. */
export function refuseAmendment(order: UserOrder, price: number, size: number, scene: Scene): RefusalReason | undefined {
  const lots = size - order.filled;
  if (lots <= 0) return 'size-already-filled';
  if (price === order.price && size === order.size) return 'no-change';
  if (belowMinimum(scene.terms, price, size) && !isReducing(order)) return 'min-notional';
  if (wouldTake(order, price, scene.market)) return 'would-take';
  if (isReducing(order) && lots > reducibleLots(order, scene)) return 'reduce-only';
  if (scene.terms.derivative) return refuseMargin({ ...order, price, lots }, scene, order);
  const asset = order.side === 'buy' ? scene.terms.quote : scene.terms.base;
  const more = holdOf({ ...order, price, size }, scene.terms) - holdOf(order, scene.terms);
  return more > scene.account.free(asset) ? 'insufficient-balance' : undefined;
}

/** Lots that one more reducing order (or this one) may have: what the others leave of the position. */
function reducibleLots(order: Pick<Working, 'symbol' | 'side' | 'leg'>, { account, terms }: Scene): number {
  const taken = account
    .openOrders(order.symbol)
    .filter((other) => other !== order && other.price !== undefined && other.side === order.side && other.leg === order.leg)
    .filter(isReducing)
    .reduce((sum, other) => sum + other.size - other.filled, 0);
  return closableLots(account.position(terms, order.leg).size, order.side) - taken;
}

const positionSide: Check = ({ leg }, { account, terms }) => {
  const allowed = terms.derivative && account.hedgeMode ? leg !== 'net' : leg === 'net';
  return allowed ? undefined : 'position-side';
};

const clientId: Check = ({ request }, { account, sharedClientIds }) =>
  !sharedClientIds && request.clientId !== undefined && account.uses(request.clientId) ? 'duplicate-client-id' : undefined;

const reduceOnly: Check = (draft, scene) => {
  const { request } = draft;
  if (request.reduceOnly && !scene.terms.derivative) return 'not-a-derivative';
  if (request.reduceOnly && scene.account.hedgeMode) return 'reduce-only-in-hedge-mode';
  const working = workingOf(draft, 1);
  return isReducing(working) && draft.lots > reducibleLots(working, scene) ? 'reduce-only' : undefined;
};

const trigger: Check = ({ request }, { market, terms, quotes }) => {
  if (!request.trigger) return undefined;
  const price = terms.ticks(request.trigger.price);
  if (price === undefined) return 'bad-price';
  const mark = quotes.mark(terms.symbol);
  const now = request.trigger.by === 'mark' ? mark : (market.tape.trades.at(-1)?.price ?? mark);
  return reaches({ ...request.trigger, price }, now) ? 'would-trigger' : undefined;
};

/** A sleeping order meets the book later. */
const liquidity: Check = ({ request, price, bound }, { market }) => {
  if (request.trigger) return undefined;
  const side = opposite(market, request.side);
  if (bound !== undefined) return side.crossedBy(bound) ? undefined : 'no-liquidity';
  if (price === undefined) return side.best ? undefined : 'no-liquidity';
  return request.wouldTake !== 'expire' && wouldTake(request, price, market) ? 'would-take' : undefined;
};

/** Whether a post-only order would meet somebody now. */
export function wouldTake({ side, postOnly }: Pick<OrderRequest, 'side' | 'postOnly'>, price: number, market: Market): boolean {
  return (postOnly ?? false) && opposite(market, side).crossedBy(price);
}

const notional: Check = (draft, { terms, market }) => {
  const price = draft.price ?? priceOfTrigger(draft, terms) ?? (opposite(market, draft.request.side).best?.price as number);
  return belowMinimum(terms, price, draft.lots) && !isReducing(workingOf(draft, price)) ? 'min-notional' : undefined;
};

const funds: Check = (draft, scene) => {
  const { terms, market, account } = scene;
  const { side } = draft.request;
  if (terms.derivative) return refuseMargin(workingOf(draft, draft.price ?? worstPrice(draft, market)), scene);
  if (side === 'sell') return terms.baseMoney(draft.lots) > account.free(terms.base) ? 'insufficient-balance' : undefined;
  const cost = draft.price === undefined ? sweepCost(draft, scene) : toMoney(terms.value(draft.price, draft.lots));
  return cost > account.free(terms.quote) ? 'insufficient-balance' : undefined;
};

/** What an order that was not held for lacks when it wakes up. */
export function lacksFunds(order: UserOrder, scene: Scene): boolean {
  const { leg, price, size: lots, side, symbol, kind } = order;
  const draft = { request: { side, symbol, kind, size: '' }, leg, price, bound: undefined, lots };
  return price === undefined && funds(draft, scene) !== undefined;
}

const CHECKS: readonly Check[] = [positionSide, clientId, trigger, liquidity, notional, reduceOnly, funds];

function priceOfTrigger({ request }: Draft, terms: Terms): number | undefined {
  return request.trigger && terms.ticks(request.trigger.price);
}

function workingOf({ request, leg, lots }: Draft, price: number): Working {
  return { symbol: request.symbol, side: request.side, leg, reduceOnly: request.reduceOnly ?? false, price, lots };
}

/** An order that takes no more margin than before is always allowed. */
function refuseMargin(
  working: Working,
  { account, quotes, terms, rates }: Scene,
  instead?: UserOrder,
): RefusalReason | undefined {
  const after = initialMargin(account, terms.settle, quotes, { added: working, removed: instead });
  const { equity, initial } = marginOf(account, terms.settle, quotes, rates.maintenance);
  return after > initial && after > equity ? 'insufficient-margin' : undefined;
}

function belowMinimum(terms: Terms, price: number, lots: number): boolean {
  return terms.minNotional > 0n && terms.value(price, lots) < terms.minNotional;
}

function opposite(market: Market, side: UserOrder['side']): BookSide {
  return market.engine.sideOf(side === 'buy' ? 'sell' : 'buy');
}

/** The levels that a market order of this size would take, with the lots it takes from each. */
function* sweep({ request, bound, lots }: Draft, market: Market): Generator<readonly [price: number, lots: number]> {
  const side = opposite(market, request.side);
  let open = lots;
  for (let rank = 0; open > 0 && rank < side.depth; rank++) {
    const { price, total } = side.at(rank)!;
    if (bound !== undefined && (request.side === 'buy' ? price > bound : price < bound)) return;
    const taken = Math.min(open, total);
    open -= taken;
    yield [price, taken];
  }
}

function worstPrice(draft: Draft, market: Market): number {
  let worst = 0;
  for (const [price] of sweep(draft, market)) worst = price;
  return worst;
}

function sweepCost(draft: Draft, { market, terms }: Scene): bigint {
  let cost = 0n;
  for (const [price, lots] of sweep(draft, market)) cost += terms.value(price, lots);
  return toMoney(cost);
}
