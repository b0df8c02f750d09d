import type { AccountEvent, Fill, Order } from '@speed-protocol/core';
import { averageOf, exactOf, exactUnlessZero, type PrivatePlace } from '@speed-protocol/wire';
import {
  kindFromWire,
  legFromWire,
  marginModeFromWire,
  orderSideFromWire,
  spotBalance,
  statusFromWire,
} from '../order-formats.js';
import type {
  WireAccountPosition,
  WireAccountUpdate,
  WireExecutionReport,
  WireOrderTradeUpdate,
  WireTradeLite,
} from '../types.js';

type Handler<W> = (wire: W, place: PrivatePlace) => readonly AccountEvent[];

/** Nothing to tell, or nothing that moves an order, a fill, a position or a balance. */
const silent: Handler<unknown> = () => [];

/**
 * Private events by their `e`. A message that tells a fill and what it made of the order gives the fill first: an order that
 * is `FILLED` is then known with all its fills.
 */
const HANDLERS: Readonly<Record<string, Handler<never>>> = {
  executionReport,
  outboundAccountPosition,
  // A deposit, withdrawal or transfer as a difference; the balance itself comes in an event of its own.
  balanceUpdate: silent,
  externalLockUpdate: silent,
  listStatus: silent,
  eventStreamTerminated: silent,
  ORDER_TRADE_UPDATE: orderTradeUpdate,
  TRADE_LITE: tradeLite,
  ACCOUNT_UPDATE: accountUpdate,
  ACCOUNT_CONFIG_UPDATE: silent,
  MARGIN_CALL: silent,
  // Conditional orders are not placed here; what they trigger is an order like any other.
  ALGO_UPDATE: silent,
  STRATEGY_UPDATE: silent,
  GRID_UPDATE: silent,
  CONDITIONAL_ORDER_TRIGGER_REJECT: silent,
  listenKeyExpired: silent,
};

/**
 * The events of a private message; `undefined` when it is of no known kind.
 * @throws SpeedError `protocol` or TypeError when it lacks what its kind must have
 */
export function privateEvents(wire: { readonly e?: unknown }, place: PrivatePlace): readonly AccountEvent[] | undefined {
  return isPrivate(wire) ? (HANDLERS[String(wire.e)] as Handler<unknown>)(wire, place) : undefined;
}

/** The message without the wrapper that spot's subscriptions and combined streams put around it. */
export function payloadOf(message: unknown): { readonly e?: unknown } {
  if (typeof message !== 'object' || message === null) return {};
  const { event, data } = message as { readonly event?: unknown; readonly data?: unknown };
  const inner = event ?? data;
  return (typeof inner === 'object' && inner !== null ? inner : message) as { readonly e?: unknown };
}

/** Messages that say that there will be no more on this connection. */
const ENDINGS: ReadonlySet<unknown> = new Set(['listenKeyExpired', 'eventStreamTerminated', 'serverShutdown']);

/** The ending that a message is; `undefined` when it is none. */
export function endOf(message: unknown): string | undefined {
  const { e } = payloadOf(message);
  return ENDINGS.has(e) ? String(e) : undefined;
}

/** The events of a message of the stream. */
export function streamEvents(message: unknown, place: PrivatePlace): readonly AccountEvent[] {
  const wire = payloadOf(message);
  // The fill of a TRADE_LITE comes again with fee and order a moment later.
  return wire.e === 'TRADE_LITE' ? [] : (privateEvents(wire, place) ?? []);
}

/** True for the kinds of {@link privateEvents}. */
export function isPrivate({ e }: { readonly e?: unknown }): boolean {
  return typeof e === 'string' && Object.hasOwn(HANDLERS, e);
}

function where(place: PrivatePlace, venueSymbol: string, venueTime: number) {
  const { venue, receivedAt } = place;
  return { venue, symbol: place.symbolOf(venueSymbol), venueSymbol, venueTime, receivedAt };
}

function executionReport(wire: WireExecutionReport, place: PrivatePlace): readonly AccountEvent[] {
  const at = where(place, wire.s, wire.E);
  const kind = kindFromWire(wire.o, wire.f);
  const clientOrderId = (wire.x === 'CANCELED' && wire.C) || wire.c || null;
  const order: Order = {
    venue: place.venue,
    symbol: at.symbol ?? wire.s,
    clientOrderId,
    venueOrderId: String(wire.i),
    side: orderSideFromWire(wire.S),
    ...kind,
    status: statusFromWire(wire.X),
    price: kind.type === 'market' ? null : exactUnlessZero(wire.p, 'p'),
    amount: exactOf(wire.q, 'q'),
    filled: exactOf(wire.z, 'z'),
    averagePrice: averageOf(exactOf(wire.Z, 'Z'), exactOf(wire.z, 'z')),
    reduceOnly: null,
    positionSide: null,
    reason: wire.eR ?? (wire.r === 'NONE' ? null : wire.r),
    updatedAt: wire.T,
  };
  const events: AccountEvent[] = [];
  if (wire.x === 'TRADE') {
    const { price, fee, feeCurrency, liquidity } = tradeOf(wire);
    const pnl = { realizedPnl: null, positionSide: null };
    const fill = fillOf(order, { tradeId: String(wire.t), amount: exactOf(wire.l, 'l'), price, time: wire.T });
    events.push({ type: 'fill', ...at, fill: { ...fill, fee, feeCurrency, liquidity, ...pnl } });
  }
  events.push({ type: 'order', ...at, order });
  return events;
}

function outboundAccountPosition(wire: WireAccountPosition, { venue, receivedAt }: PrivatePlace): readonly AccountEvent[] {
  return wire.B.map(({ a, f, l }) => ({
    type: 'balance',
    venue,
    venueTime: wire.E,
    receivedAt,
    balance: spotBalance(venue, a, f, l),
  }));
}

/** A liquidation is `CALCULATED` and fills as well. */
const FILLING: ReadonlySet<string> = new Set(['TRADE', 'CALCULATED']);

function orderTradeUpdate(wire: WireOrderTradeUpdate, place: PrivatePlace): readonly AccountEvent[] {
  const { o } = wire;
  const at = where(place, o.s, wire.E);
  const kind = kindFromWire(o.ot ?? o.o, o.f);
  const expiry = o.er === undefined || String(o.er) === '0' ? null : String(o.er);
  const order: Order = {
    venue: place.venue,
    symbol: at.symbol ?? o.s,
    clientOrderId: o.c || null,
    venueOrderId: String(o.i),
    side: orderSideFromWire(o.S),
    ...kind,
    status: statusFromWire(o.X),
    price: kind.type === 'market' ? null : exactUnlessZero(o.p, 'p'),
    amount: exactOf(o.q, 'q'),
    filled: exactOf(o.z, 'z'),
    averagePrice: exactUnlessZero(o.ap, 'ap'),
    reduceOnly: o.R,
    positionSide: legFromWire(o.ps),
    reason: expiry,
    updatedAt: o.T,
  };
  const events: AccountEvent[] = [];
  if (FILLING.has(o.x) && Number(o.l) > 0) {
    const { price, fee, feeCurrency, liquidity } = tradeOf(o);
    const pnl = { realizedPnl: o.rp === undefined ? null : exactOf(o.rp, 'rp'), positionSide: order.positionSide };
    const fill = fillOf(order, { tradeId: String(o.t), amount: exactOf(o.l, 'l'), price, time: o.T });
    events.push({ type: 'fill', ...at, fill: { ...fill, fee, feeCurrency, liquidity, ...pnl } });
  }
  events.push({ type: 'order', ...at, order });
  return events;
}

/** Neither fee nor position side is said here; the order's own event follows. */
function tradeLite(wire: WireTradeLite, place: PrivatePlace): readonly AccountEvent[] {
  const at = where(place, wire.s, wire.E);
  const fill: Fill = {
    venue: place.venue,
    symbol: at.symbol ?? wire.s,
    tradeId: String(wire.t),
    venueOrderId: String(wire.i),
    clientOrderId: wire.c || null,
    side: orderSideFromWire(wire.S),
    price: exactOf(wire.L, 'L'),
    amount: exactOf(wire.l, 'l'),
    fee: null,
    feeCurrency: null,
    liquidity: wire.m ? 'maker' : 'taker',
    realizedPnl: null,
    positionSide: null,
    time: wire.T,
  };
  return [{ type: 'fill', ...at, fill }];
}

function accountUpdate(wire: WireAccountUpdate, place: PrivatePlace): readonly AccountEvent[] {
  const { venue, receivedAt } = place;
  const { B = [], P = [] } = wire.a;
  const balances = B.map(({ a, wb }): AccountEvent => {
    const balance = { venue, currency: a, total: exactOf(wb, 'wb'), free: null };
    return { type: 'balance', venue, venueTime: wire.E, receivedAt, balance };
  });
  const positions = P.map((row): AccountEvent => {
    const at = where(place, row.s, wire.E);
    const position = {
      venue,
      symbol: at.symbol ?? row.s,
      positionSide: legFromWire(row.ps),
      amount: exactOf(row.pa, 'pa'),
      entryPrice: exactUnlessZero(row.ep, 'ep'),
      markPrice: null,
      liquidationPrice: null,
      unrealizedPnl: exactOf(row.up, 'up'),
      leverage: null,
      marginMode: marginModeFromWire(row.mt),
      updatedAt: wire.T,
    };
    return { type: 'position', ...at, position };
  });
  return [...balances, ...positions];
}

function tradeOf(wire: { readonly L: string; readonly n?: string | null; readonly N?: string | null; readonly m: boolean }) {
  return {
    price: exactOf(wire.L, 'L'),
    // No fee is said as an absent one.
    fee: exactOf(wire.n ?? '0', 'n'),
    feeCurrency: wire.N ?? null,
    liquidity: wire.m ? ('maker' as const) : ('taker' as const),
  };
}

function fillOf(order: Order, trade: Pick<Fill, 'tradeId' | 'amount' | 'price' | 'time'>) {
  const { venue, symbol, venueOrderId, clientOrderId, side } = order;
  return { venue, symbol, venueOrderId, clientOrderId, side, ...trade };
}
