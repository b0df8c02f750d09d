import type { PrivateEvent } from '@speed-protocol/core';
import type { InstrumentCache } from '@speed-protocol/wire';
import type { KnownOrders } from '../known-orders.js';
import { balancesOf, fillOf, orderOf, positionOf } from '../order-formats.js';
import type { CcxtBalances, CcxtOrder, CcxtPosition, CcxtTrade } from '../types.js';

/** Where private events come from, and what is known of their orders. */
interface PrivatePlace {
  readonly venue: string;
  readonly receivedAt: number;
  readonly reference: InstrumentCache;
  readonly orders: KnownOrders;
}

export interface PrivateRow {
  /** Method of ccxt pro. */
  readonly watch: string;
  readonly read: (told: unknown, place: PrivatePlace) => readonly PrivateEvent[];
}

/** What an account tells of itself; orders first, so that fills know whose they are. */
export const PRIVATE_ROWS: readonly PrivateRow[] = [
  { watch: 'watchOrders', read: (told, place) => (told as CcxtOrder[]).map((order) => orderEvent(order, place)) },
  { watch: 'watchMyTrades', read: (told, place) => (told as CcxtTrade[]).map((trade) => fillEvent(trade, place)) },
  { watch: 'watchBalance', read: balanceEvents },
  { watch: 'watchPositions', read: (told, place) => (told as CcxtPosition[]).map((position) => positionEvent(position, place)) },
];

function base(symbol: string | undefined, venueTime: number | undefined, { venue, receivedAt, reference }: PrivatePlace) {
  const venueSymbol = reference.bySymbol.get(symbol ?? '')?.venueSymbol ?? symbol ?? '';
  return { venue, symbol: symbol ?? null, venueSymbol, venueTime: venueTime ?? null, receivedAt };
}

function orderEvent(told: CcxtOrder, place: PrivatePlace): PrivateEvent {
  const order = orderOf(place.venue, told.symbol ?? '', told);
  place.orders.learn(order.venueOrderId, order.clientOrderId);
  return { type: 'order', ...base(told.symbol, order.updatedAt, place), order };
}

function fillEvent(trade: CcxtTrade, place: PrivatePlace): PrivateEvent {
  const fill = fillOf(place.venue, trade.symbol ?? '', trade, place.orders.clientId(trade.order ?? ''));
  place.orders.learnTrade(fill.tradeId, fill.time);
  return { type: 'fill', ...base(trade.symbol, trade.timestamp, place), fill };
}

/** ccxt tells all balances with every change of one. */
function balanceEvents(told: unknown, { venue, receivedAt }: PrivatePlace): readonly PrivateEvent[] {
  const { timestamp } = told as { readonly timestamp?: number };
  const venueTime = timestamp ?? null;
  return balancesOf(venue, told as CcxtBalances).map((balance) => ({ type: 'balance', venue, venueTime, receivedAt, balance }));
}

function positionEvent(told: CcxtPosition, place: PrivatePlace): PrivateEvent {
  return { type: 'position', ...base(told.symbol, told.timestamp, place), position: positionOf(place.venue, told) };
}
