import type { Amendment, Instrument, Order, OrderRef } from '@speed-protocol/core';
import type { BatchSpec, Command, Entry, Lane, Params, Question, VenueTrading } from '@speed-protocol/wire';
import type { BinanceConfig, VenueId } from './config.js';
import type { EndpointName } from './endpoints.js';
import { errorsOf } from './errors.js';
import type { BinanceExchange } from './exchange.js';
import { fillFromWire, orderFromWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';
import { orderParams, orderQuery, orderRequest, SIDES, type SocketStamp, socketRequest } from './order-text.js';
import { readFills } from './own-fills.js';
import { RecentSides } from './recent-sides.js';
import type { WireAmended, WireFill, WireOrder } from './types.js';

/** Methods of the order socket where products differ; absent where only REST has them. */
const METHODS: Readonly<Record<VenueId, { readonly amend: string; readonly cancelAll?: string; readonly open?: string }>> = {
  binance: { amend: 'order.amend.keepPriority', cancelAll: 'openOrders.cancelAll', open: 'openOrders.status' },
  binanceusdm: { amend: 'order.modify' },
  binancecoinm: { amend: 'order.modify' },
};

type Ask = Question<SocketStamp>;

/** Orders of one venue. https://developers.binance.com/docs: "Trade" of each product. */
export function tradingOf(exchange: BinanceExchange, { orderIdPrefix }: BinanceConfig): VenueTrading<SocketStamp> {
  const { venue } = exchange;
  const isSpot = venue === 'binance';
  const methods = METHODS[venue];
  const sides = new RecentSides();
  const about = (instrument: Instrument, ref: OrderRef) => ({ ...exchange.nameOf(instrument), ...namesOf(ref) });
  const order = (ref: OrderRef, instrument: Instrument, ask: Ask): Promise<Order> =>
    ask(command('order', 'read', about(instrument, ref), 'order.status'), (wire: WireOrder) =>
      orderFromWire(venue, instrument.symbol, wire),
    );

  return {
    errors: errorsOf(venue),
    ids: ORDER_IDS[venue],
    orderIdPrefix,
    place: (placed, instrument) => {
      if (!isSpot) sides.remember(placed);
      return {
        endpoint: 'placeOrder',
        lane: 'place',
        params: () => orderQuery(venue, placed, instrument),
        write: (stamp) => orderRequest(venue, placed, instrument, stamp),
      };
    },
    cancel: (ref, instrument) => command('cancelOrder', 'cancel', about(instrument, ref), 'order.cancel'),
    amend: async (ref, change, instrument, ask) => {
      const ours = () => order(ref, instrument, ask);
      const terms = isSpot ? await keptTerms(ref, change, ours) : await fullTerms(sides, ref, change, ours);
      return command('amendOrder', 'amend', { ...about(instrument, ref), ...terms }, methods.amend);
    },
    accepted: (body, symbol) => {
      const { amendedOrder, transactTime } = body as Partial<WireAmended>;
      const wire = amendedOrder ?? (body as WireOrder);
      const found = orderFromWire(venue, symbol, transactTime === undefined ? wire : { ...wire, updateTime: transactTime });
      return { venueOrderId: found.venueOrderId, order: found };
    },
    cancelAll: (instrument) => {
      const named = exchange.nameOf(instrument);
      const all = command('cancelAllOrders', 'cancel', named, methods.cancelAll);
      // Futures keep those that wait for a price apart.
      return isSpot ? [all] : [all, command('cancelAllConditional', 'cancel', named)];
    },
    // Spot's way to say so.
    noneToCancel: new Set(['-2011']),
    noOrder: new Set(['-2013']),
    order,
    openOrders: (instrument, ask) => {
      const params = instrument ? exchange.nameOf(instrument) : {};
      return ask(command('openOrders', 'read', params, methods.open), (rows: readonly WireOrder[]) =>
        rows.map((row) => orderFromWire(venue, exchange.unified(row.symbol), row)),
      );
    },
    async fills(instrument, query, ask) {
      const fetch = (params: Params) =>
        ask(command('fills', 'read', { ...exchange.nameOf(instrument), ...params }), (rows: readonly WireFill[]) => rows);
      const rows = await readFills(venue, fetch, query, exchange.venueNow());
      return exchange.read('fills', () => rows.map((row) => fillFromWire(venue, instrument.symbol, row)));
    },
    batch: isSpot ? undefined : batchOf(venue, sides),
    cancelAllAfter: (instrument, ms) =>
      command('cancelAllAfter', 'cancel', { ...exchange.nameOf(instrument), countdownTime: ms }),
  };
}

function command(endpoint: EndpointName, lane: Lane, params: Params, method?: string): Command<SocketStamp> {
  const write = (stamp: SocketStamp) => socketRequest(method!, params, stamp);
  return { endpoint, lane, params, write: method === undefined ? undefined : write };
}

/** The client order id wins: of both, futures would go by the other. */
function namesOf({ clientOrderId, venueOrderId }: OrderRef): Params {
  return clientOrderId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientOrderId };
}

/** Spot wants an id to keep. */
async function keptTerms(ref: OrderRef, { amount }: Amendment, order: () => Promise<Order>): Promise<Params> {
  return { newQty: amount, newClientOrderId: ref.clientOrderId ?? (await order()).clientOrderId };
}

/** Futures want everything said, the side included. */
async function fullTerms(sides: RecentSides, ref: OrderRef, change: Amendment, order: () => Promise<Order>): Promise<Params> {
  const side = sides.of(ref.clientOrderId);
  if (side && change.price !== undefined && change.amount !== undefined) {
    return { side: SIDES[side], quantity: change.amount, price: change.price };
  }
  const found = await order();
  const { price = found.price, amount = found.amount } = change;
  return { side: SIDES[found.side], quantity: amount, price };
}

/** A request of cancels holds orders of one symbol, named in one way. */
function batchOf(venue: VenueId, sides: RecentSides): BatchSpec<SocketStamp> {
  return {
    place: (entries) => {
      for (const { item } of entries) sides.remember(item);
      const orders = entries.map(({ item, instrument }) => orderParams(venue, item, instrument));
      return command('placeOrders', 'place', { batchOrders: JSON.stringify(orders) });
    },
    cancel: (entries) => command('cancelOrders', 'cancel', listOf(entries)),
    groupOf: ({ item }) => ('side' in item ? '' : `${item.symbol} ${item.clientOrderId === undefined}`),
    rows: (body) => (body as readonly unknown[]).map((row) => ({ fault: row, body: row })),
  };
}

function listOf(entries: readonly Entry<OrderRef>[]): Params {
  const { instrument, item } = entries[0]!;
  const symbol = instrument.venueSymbol;
  if (item.clientOrderId !== undefined) {
    return { symbol, origClientOrderIdList: JSON.stringify(entries.map((entry) => entry.item.clientOrderId)) };
  }
  // Written by hand: as numbers, and exact however long.
  return { symbol, orderIdList: `[${entries.map((entry) => entry.item.venueOrderId).join(',')}]` };
}
