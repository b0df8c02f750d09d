import type { LedgerEntry, OrderCause, UserOrder } from '@speed-protocol/simulator';
import { padEight } from '../trading/bodies.js';
import { detailsOf } from '../trading/details.js';
import { balancesOf, type Entry, entryOf, type Happening, type UserEvent } from './happening.js';
import { money, type OrderText, statusOf } from './order-text.js';

/** Spot's user-data events of one happening, in the order in which the venue sends them. */
export function spotEvents(happening: Happening): readonly UserEvent[] {
  const order = entryOf(happening, 'order');
  return [
    ...(order ? [executionReport(happening, order)] : []),
    ...happening.entries.filter(isDeposit).map((entry) => balanceUpdate(happening, entry)),
    ...accountPosition(happening),
  ];
}

/** `x` of the causes that are not refusals. */
const EXECUTION: Readonly<Record<OrderCause, string>> = {
  new: 'NEW',
  trade: 'TRADE',
  amended: 'REPLACED',
  canceled: 'CANCELED',
  countdown: 'CANCELED',
  liquidation: 'CANCELED',
  expired: 'EXPIRED',
  'reduce-only': 'EXPIRED',
  triggered: 'NEW',
  'self-trade': 'TRADE_PREVENTION',
  'would-take': 'EXPIRED',
};

const NOTHING = money(0n);

function executionReport(happening: Happening, { cause, order, id, time }: Entry<'order'>): UserEvent {
  const text = happening.text(order.symbol);
  const canceled = EXECUTION[cause] === 'CANCELED';
  const reason = cause === 'expired' ? expiryReason(order) : undefined;
  const details = detailsOf(order);
  const worksSince = order.trigger ? order.triggeredAt : order.createdAt;
  return {
    e: 'executionReport',
    E: happening.now,
    s: order.symbol,
    c: canceled ? (happening.cancelId(order) ?? order.clientId) : order.clientId,
    S: order.side.toUpperCase(),
    o: details.type,
    f: details.timeInForce,
    q: text.size(order.size),
    p: text.price(order.price),
    P: padEight(order.trigger?.price ?? '0'),
    F: NOTHING,
    g: -1,
    C: canceled ? order.clientId : (happening.formerId(order) ?? ''),
    x: EXECUTION[cause],
    X: statusOf(order),
    r: 'NONE',
    i: order.id,
    ...execution(text, entryOf(happening, 'fill')),
    z: text.size(order.filled),
    T: time,
    I: id,
    w: isOpen(order) && worksSince !== undefined,
    M: entryOf(happening, 'fill') !== undefined,
    O: order.createdAt,
    Z: text.filledValue(order),
    Q: padEight(details.quoteOrderQty),
    ...(worksSince !== undefined && { W: worksSince }),
    V: details.selfTradePreventionMode,
    ...(reason !== undefined && { eR: reason }),
  };
}

function isOpen({ status }: UserOrder): boolean {
  return status === 'open' || status === 'partially-filled';
}

/** What one execution changed; zeros without one. */
function execution(text: OrderText, fill: Entry<'fill'> | undefined): Record<string, unknown> {
  if (!fill) return { l: NOTHING, L: NOTHING, n: '0', N: null, t: -1, m: false, Y: NOTHING };
  const { price, size, fee, feeAsset, tradeId, liquidity } = fill;
  return {
    l: text.size(size),
    L: text.price(price),
    n: money(fee),
    N: feeAsset,
    t: tradeId,
    m: liquidity === 'maker',
    Y: text.value(price, size),
  };
}

/** Why what was left of an order did not stay. */
function expiryReason({ kind, timeInForce }: UserOrder): string {
  if (kind === 'market') return 'INSUFFICIENT_LIQUIDITY';
  return timeInForce === 'FOK' ? 'UNFILLED_FOK_ORDER_EXPIRED' : 'UNFILLED_IOC_QUANTITY_EXPIRED';
}

function isDeposit(entry: LedgerEntry): entry is Entry<'balance'> {
  return entry.kind === 'balance' && entry.cause === 'deposit';
}

function balanceUpdate({ now }: Happening, { asset, change, time }: Entry<'balance'>): UserEvent {
  return { e: 'balanceUpdate', E: now, a: asset, d: money(change), T: time };
}

/** Free and locked of the assets that moved. */
function accountPosition(happening: Happening): readonly UserEvent[] {
  const balances = balancesOf(happening);
  if (balances.length === 0) return [];
  const B = balances.map(({ asset, total, locked }) => ({ a: asset, f: money(total - locked), l: money(locked) }));
  return [{ e: 'outboundAccountPosition', E: happening.now, u: balances.at(-1)!.time, B }];
}
