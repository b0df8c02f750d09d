import type { OrderCause, UserOrder } from '@speed-protocol/simulator';
import { positionSideOf } from '../trading/bodies.js';
import { detailsOf } from '../trading/details.js';
import { type Entry, entryOf, type Happening, type UserEvent } from './happening.js';
import { money, type OrderText, statusOf } from './order-text.js';

/** `x` of the causes. */
const EXECUTION: Readonly<Record<OrderCause, string>> = {
  new: 'NEW',
  trade: 'TRADE',
  amended: 'AMENDMENT',
  canceled: 'CANCELED',
  countdown: 'CANCELED',
  liquidation: 'CANCELED',
  expired: 'EXPIRED',
  'reduce-only': 'EXPIRED',
  triggered: 'NEW',
  'self-trade': 'EXPIRED',
  'would-take': 'EXPIRED',
};

export function orderTradeUpdate(happening: Happening, { cause, order, time }: Entry<'order'>): UserEvent {
  const text = happening.text(order.symbol);
  const { terms } = text;
  const forced = order.origin === 'liquidation';
  const details = detailsOf(order);
  const o = {
    s: order.symbol,
    c: order.clientId,
    S: order.side.toUpperCase(),
    o: order.kind.toUpperCase(),
    f: details.timeInForce,
    q: text.size(order.size),
    p: text.price(order.price),
    ap: text.mean(order.filledValue, order.filled),
    sp: details.stopPrice ?? '0',
    x: forced && cause === 'trade' ? 'CALCULATED' : EXECUTION[cause],
    X: statusOf(order),
    i: order.id,
    ...execution(text, entryOf(happening, 'fill')),
    z: text.size(order.filled),
    T: time,
    ...openValue(text, order),
    ...(terms.inverse && { ma: terms.settle }),
    R: order.reduceOnly,
    wt: details.workingType ?? 'CONTRACT_PRICE',
    ot: details.origType ?? details.type,
    ps: positionSideOf(order),
    cp: details.closePosition ?? false,
    pP: false,
    si: 0,
    ss: 0,
    V: details.selfTradePreventionMode,
    pm: details.priceMatch,
    ...(!terms.inverse && { gtd: details.goodTillDate }),
    er: expireReason(cause, order),
  };
  return { e: 'ORDER_TRADE_UPDATE', E: happening.now, T: time, o };
}

/** What one execution changed; zeros, and no fee, without one. */
function execution(text: OrderText, fill: Entry<'fill'> | undefined): Record<string, unknown> {
  if (!fill) return { l: text.size(0), L: '0', t: 0, m: false, rp: '0' };
  const { price, size, fee, feeAsset, tradeId, liquidity, profit } = fill;
  return {
    l: text.size(size),
    L: text.price(price),
    N: feeAsset,
    n: money(fee),
    t: tradeId,
    m: liquidity === 'maker',
    rp: money(profit),
  };
}

/** Worth of what is still open, on the side where it is. */
function openValue(text: OrderText, order: UserOrder): { readonly b: string; readonly a: string } {
  const open = order.price !== undefined && (order.status === 'open' || order.status === 'partially-filled');
  const value = open ? text.value(order.price!, order.size - order.filled) : '0';
  return order.side === 'buy' ? { b: value, a: '0' } : { b: '0', a: value };
}

/** The venue's numbers for why an order expired; "0" when it did not. */
function expireReason(cause: OrderCause, { kind, origin }: UserOrder): string {
  if (cause === 'self-trade') return '1';
  if (cause === 'reduce-only') return '4';
  if (cause !== 'expired') return '0';
  if (origin === 'liquidation') return '5';
  return kind === 'market' ? '9' : '2';
}

/** The fast, short word of a fill. */
export function tradeLite(happening: Happening): readonly UserEvent[] {
  const [entry, fill] = [entryOf(happening, 'order'), entryOf(happening, 'fill')];
  if (!entry || !fill) return [];
  const { order, time } = entry;
  const text = happening.text(order.symbol);
  const { l, L, t, m } = execution(text, fill);
  return [
    {
      e: 'TRADE_LITE',
      E: happening.now,
      T: time,
      s: order.symbol,
      q: text.size(order.size),
      p: text.price(order.price),
      m,
      c: order.clientId,
      S: order.side.toUpperCase(),
      L,
      l,
      t,
      i: order.id,
    },
  ];
}

/** A conditional order: what queries say of it, in short names. */
export function algoUpdate(happening: Happening): readonly UserEvent[] {
  const entry = entryOf(happening, 'conditional');
  if (!entry) return [];
  const { conditional, time } = entry;
  const algo = happening.algo(conditional);
  const o = {
    caid: algo.clientAlgoId,
    aid: algo.algoId,
    at: algo.algoType,
    o: algo.orderType,
    s: algo.symbol,
    S: algo.side,
    ps: algo.positionSide,
    f: algo.timeInForce,
    q: algo.quantity,
    X: algo.algoStatus,
    ai: algo.actualOrderId,
    ap: algo.actualPrice,
    aq: algo.actualQty,
    act: algo.actualType,
    tp: algo.triggerPrice,
    p: algo.price,
    V: algo.selfTradePreventionMode,
    wt: algo.workingType,
    pm: algo.priceMatch,
    cp: algo.closePosition,
    pP: algo.priceProtect,
    R: algo.reduceOnly,
    tt: algo.triggerTime,
    gtd: algo.goodTillDate,
    rm: conditional.reason ?? '',
    ...(conditional.request.trail && { ia: conditional.active }),
  };
  return [{ e: 'ALGO_UPDATE', E: happening.now, T: time, o }];
}
