import type { Side } from '../engine/types.js';
import type { Account } from './account.js';
import type { Position } from './position.js';
import { absolute, MONEY_SCALE, RATE_SCALE, share, type Terms, toMoney, toMoneyUp, VALUE_SCALE } from './terms.js';
import type { Leg, UserOrder } from './types.js';

/** What valuing an account needs to know of the markets. */
export interface Quotes {
  terms(symbol: string): Terms;
  /** Mark price in ticks. */
  mark(symbol: string): number;
}

/** The open part of an order, or of one that asks to be taken. */
export interface Working {
  readonly symbol: string;
  readonly side: Side;
  readonly leg: Leg;
  readonly reduceOnly: boolean;
  readonly price: number;
  readonly lots: number;
}

/** Cross margin of one settle asset, as money. */
export interface Margin {
  /** What the balance leaves beside isolated positions, plus unrealised profit at mark of the others. */
  readonly equity: bigint;
  readonly unrealized: bigint;
  /** What isolated positions have set aside, and their unrealised profit. */
  readonly isolated: bigint;
  readonly isolatedUnrealized: bigint;
  /** Taken by positions and open orders at their leverage. */
  readonly initial: bigint;
  /** The part of it that positions take. */
  readonly positions: bigint;
  /** Below this equity the venue liquidates. */
  readonly maintenance: bigint;
}

/** True when an order can only make its position smaller. */
export function isReducing(order: Pick<Working, 'side' | 'leg' | 'reduceOnly'>): boolean {
  return order.reduceOnly || (order.leg === 'long' && order.side === 'sell') || (order.leg === 'short' && order.side === 'buy');
}

/** How many lots of its position an order of this side and leg could close. */
export function closableLots(size: number, side: Side): number {
  return Math.max(0, side === 'sell' ? size : -size);
}

export function marginOf(account: Account, asset: string, quotes: Quotes, maintenanceRate: bigint): Margin {
  const sums = {
    cross: { wallet: 0n, unrealized: 0n, maintenance: 0n },
    isolated: { wallet: 0n, unrealized: 0n, maintenance: 0n },
  };
  for (const position of account.positions) {
    const { terms, wallet } = position;
    if (terms.settle !== asset || position.size === 0) continue;
    const { unrealized, maintenance } = atMark(position, quotes, maintenanceRate);
    const sum = sums[account.isIsolated(terms.symbol) ? 'isolated' : 'cross'];
    sum.wallet += wallet;
    sum.unrealized += unrealized;
    sum.maintenance += maintenance;
  }
  const { cross, isolated } = sums;
  return {
    equity: account.balance(asset).total - isolated.wallet + cross.unrealized,
    unrealized: cross.unrealized,
    isolated: isolated.wallet,
    isolatedUnrealized: isolated.unrealized,
    initial: initialMargin(account, asset, quotes),
    positions: initialMargin(account, asset, quotes, { orders: false }),
    maintenance: cross.maintenance,
  };
}

/** Profit of a position at mark, and the maintenance that it demands. */
export function atMark(position: Position, quotes: Quotes, maintenanceRate: bigint) {
  const mark = quotes.mark(position.terms.symbol);
  const exposure = position.exposure(mark);
  const maintenance = toMoney(share(absolute(exposure), maintenanceRate));
  return { mark, exposure, unrealized: position.unrealized(mark), maintenance };
}

/** One position at mark. */
export interface PositionRisk {
  /** Ticks. */
  readonly mark: number;
  /** Value units, signed as the position. */
  readonly exposure: bigint;
  /** Money, all three. */
  readonly unrealized: bigint;
  readonly initial: bigint;
  readonly maintenance: bigint;
  /** Ticks with a fraction, all else staying as it is; 0 when no price would liquidate. */
  readonly liquidationPrice: number;
}

export function riskOf(account: Account, position: Position, quotes: Quotes, maintenanceRate: bigint): PositionRisk {
  const { terms, wallet } = position;
  const now = atMark(position, quotes, maintenanceRate);
  const initial = ceilMoney(absolute(now.exposure), account.leverage(terms.symbol));
  const all = marginOf(account, terms.settle, quotes, maintenanceRate);
  const others = all.equity - now.unrealized - (all.maintenance - now.maintenance);
  const cushion = account.isIsolated(terms.symbol) ? wallet : others;
  return { ...now, initial, liquidationPrice: ruinousPrice(position, cushion, maintenanceRate) };
}

/** The price at which a position's maintenance eats up the cushion (money) and its own profit. */
function ruinousPrice({ terms, size, cost }: Position, cushion: bigint, maintenanceRate: bigint): number {
  if (size === 0) return 0;
  const sign = Math.sign(size);
  const rate = Number(maintenanceRate) / 10 ** RATE_SCALE;
  const atOne = Number(terms.value(1, Math.abs(size)));
  const free = Number(cushion) * 10 ** (VALUE_SCALE - MONEY_SCALE);
  const price = terms.inverse
    ? (atOne * (sign + rate)) / (free + sign * Number(cost))
    : (sign * Number(cost) - free) / (atOne * (sign - rate));
  return price > 0 && Number.isFinite(price) ? price : 0;
}

/** What an order could add to its position, at its own price: 0 where it adds nothing, or no longer works. */
export function workloadOf(
  order: Pick<UserOrder, 'status' | 'price' | 'size' | 'filled' | 'side' | 'leg' | 'reduceOnly'>,
  terms: Terms,
): bigint {
  const open = order.status === 'open' || order.status === 'partially-filled';
  if (!terms.derivative || !open || order.price === undefined || isReducing(order)) return 0n;
  return terms.value(order.price, order.size - order.filled);
}

/** Orders as they would be: one more, one less. */
export interface OrdersAfter {
  /** False leaves the open orders out. */
  readonly orders?: boolean;
  readonly added?: Working | undefined;
  readonly removed?: UserOrder | undefined;
}

interface LegExposure {
  readonly symbol: string;
  position: bigint;
  buys: bigint;
  sells: bigint;
}

/**
 * Money that positions and open orders take: per leg the larger of what buys or what sells could make of it. What an
 * isolated position has is set aside already; there only what orders would add counts.
 */
export function initialMargin(account: Account, asset: string, quotes: Quotes, after: OrdersAfter = {}): bigint {
  let sum = 0n;
  for (const { symbol, position, buys, sells } of exposures(account, asset, quotes, after)) {
    const [bought, sold] = [absolute(position + buys), absolute(position - sells)];
    const largest = bought > sold ? bought : sold;
    const aside = account.isIsolated(symbol) ? absolute(position) : 0n;
    sum += ceilMoney(largest - aside, account.leverage(symbol));
  }
  return sum;
}

function exposures(account: Account, asset: string, quotes: Quotes, after: OrdersAfter): Iterable<LegExposure> {
  const { orders = true, added, removed } = after;
  const legs = new Map<string, LegExposure>();
  const legOf = (symbol: string, leg: Leg): LegExposure => {
    const found = legs.get(`${symbol}/${leg}`) ?? { symbol, position: 0n, buys: 0n, sells: 0n };
    legs.set(`${symbol}/${leg}`, found);
    return found;
  };
  const count = ({ symbol, leg, side }: Pick<Working, 'symbol' | 'leg' | 'side'>, value: bigint) => {
    legOf(symbol, leg)[side === 'buy' ? 'buys' : 'sells'] += value;
  };
  for (const position of account.positions) {
    const { terms, leg, size } = position;
    if (terms.settle === asset && size !== 0) legOf(terms.symbol, leg).position += position.exposure(quotes.mark(terms.symbol));
  }
  for (const { terms, leg, buys, sells } of orders ? account.workloads : []) {
    if (terms.settle !== asset) continue;
    count({ symbol: terms.symbol, leg, side: 'buy' }, buys);
    count({ symbol: terms.symbol, leg, side: 'sell' }, sells);
  }
  if (added && !isReducing(added)) count(added, quotes.terms(added.symbol).value(added.price, added.lots));
  if (removed) count(removed, -workloadOf(removed, quotes.terms(removed.symbol)));
  return legs.values();
}

/** A value divided by a leverage, as money, rounded up. */
export function ceilMoney(value: bigint, leverage: number): bigint {
  const by = BigInt(leverage);
  return (toMoneyUp(value) + by - 1n) / by;
}
