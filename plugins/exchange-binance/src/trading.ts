import type { Amendment, Instrument, NewOrder, Order, OrderRef, OrderSide } from '@speed-protocol/core';
import type { BatchSpec, Command, Entry, Lane, Params, Question, Row, VenueTrading } from '@speed-protocol/wire';
import { type BinanceConfig, type Column, ofVenue } from './config.js';
import type { EndpointName } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { BinanceExchange } from './exchange.js';
import { readFills } from './fills.js';
import { fillFromWire, orderFromWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';
import { orderParams, orderQuery, orderRequest, SIDES, type SocketStamp, socketRequest } from './order-text.js';

type Rows = readonly Row[];
type Ask = Question<SocketStamp>;

interface CommandRow {
  readonly lane: Lane;
  /** On the order socket; absent where only REST has it. */
  readonly method?: Column<string | undefined>;
}

/** Methods that spot alone has. */
const ofSpot = (method: string) => [method, undefined, undefined] as const;

/** Commands by route, and their names on the order socket. */
const COMMANDS = {
  placeOrders: { lane: 'place' },
  cancelOrder: { lane: 'cancel', method: 'order.cancel' },
  cancelOrders: { lane: 'cancel' },
  cancelAllOrders: { lane: 'cancel', method: ofSpot('openOrders.cancelAll') },
  // Futures keep those that wait for a price apart.
  cancelAllConditional: { lane: 'cancel' },
  cancelAllAfter: { lane: 'cancel' },
  amendOrder: { lane: 'amend', method: ['order.amend.keepPriority', 'order.modify', 'order.modify'] },
  order: { lane: 'read', method: 'order.status' },
  openOrders: { lane: 'read', method: ofSpot('openOrders.status') },
  fills: { lane: 'read' },
} as const satisfies Partial<Record<EndpointName, CommandRow>>;

/** Orders of one venue. https://developers.binance.com/docs: "Trade" of each product. */
export function tradingOf(exchange: BinanceExchange, { orderIdPrefix }: BinanceConfig): VenueTrading<SocketStamp> {
  const { venue } = exchange;
  const isSpot = venue === 'binance';
  const sides = new RecentSides();

  const command = (endpoint: keyof typeof COMMANDS, params: Params): Command<SocketStamp> => {
    const { lane, method }: CommandRow = COMMANDS[endpoint];
    const name = ofVenue(method, venue);
    return { endpoint, lane, params, write: name === undefined ? undefined : (stamp) => socketRequest(name, params, stamp) };
  };
  const about = (instrument: Instrument, ref: OrderRef) => ({ ...exchange.nameOf(instrument), ...namesOf(ref) });
  const toOrder = (row: Row) => orderFromWire(venue, exchange.unified(String(row['symbol'])), row);
  const order = (ref: OrderRef, instrument: Instrument, ask: Ask): Promise<Order> =>
    ask(command('order', about(instrument, ref)), (row: Row) => orderFromWire(venue, instrument.symbol, row));
  /** A request of cancels holds orders of one symbol, named in one way. */
  const batch: BatchSpec<SocketStamp> = {
    place: (entries) => {
      for (const { item } of entries) sides.remember(item);
      const orders = entries.map(({ item, instrument }) => orderParams(venue, item, instrument));
      return command('placeOrders', { batchOrders: JSON.stringify(orders) });
    },
    cancel: (entries) => command('cancelOrders', listOf(entries)),
    groupOf: ({ item }) => ('side' in item ? '' : `${item.symbol} ${item.clientOrderId === undefined}`),
    rows: (body) => (body as Rows).map((row) => ({ fault: row, body: row })),
  };

  return {
    errors: ERRORS[venue],
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
    cancel: (ref, instrument) => command('cancelOrder', about(instrument, ref)),
    amend: async (ref, change, instrument, ask) => {
      const found = () => order(ref, instrument, ask);
      const terms = isSpot ? await keptTerms(ref, change, found) : await fullTerms(sides, ref, change, found);
      return command('amendOrder', { ...about(instrument, ref), ...terms });
    },
    accepted: (body, symbol) => {
      const found = orderFromWire(venue, symbol, orderIn(body as Row));
      return { venueOrderId: found.venueOrderId, order: found };
    },
    cancelAll: (instrument) => {
      const named = exchange.nameOf(instrument);
      return [command('cancelAllOrders', named), ...(isSpot ? [] : [command('cancelAllConditional', named)])];
    },
    // Spot's way to say so.
    noneToCancel: new Set(['-2011']),
    noOrder: new Set(['-2013']),
    order,
    openOrders: (instrument, ask) =>
      ask(command('openOrders', instrument ? exchange.nameOf(instrument) : {}), (rows: Rows) => rows.map(toOrder)),
    async fills(instrument, query, ask) {
      const fetch = (params: Params) =>
        ask(command('fills', { ...exchange.nameOf(instrument), ...params }), (rows: Rows) => rows);
      const rows = await readFills(venue, fetch, query, exchange.venueNow());
      return exchange.read('fills', () => rows.map((row) => fillFromWire(venue, instrument.symbol, row)));
    },
    batch: isSpot ? undefined : batch,
    cancelAllAfter: (instrument, ms) => command('cancelAllAfter', { ...exchange.nameOf(instrument), countdownTime: ms }),
  };
}

/** Of spot's amendments the order stands inside. */
function orderIn(body: Row): Row {
  const { amendedOrder, transactTime } = body;
  return amendedOrder ? { ...(amendedOrder as Row), updateTime: transactTime } : body;
}

/** The client order id wins: of both, futures would go by the other. */
function namesOf({ clientOrderId, venueOrderId }: OrderRef): Params {
  return clientOrderId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientOrderId };
}

/** Written by hand: as numbers, and exact however long. */
function listOf(entries: readonly Entry<OrderRef>[]): Params {
  const { instrument, item } = entries[0]!;
  const symbol = instrument.venueSymbol;
  if (item.clientOrderId === undefined)
    return { symbol, orderIdList: `[${entries.map((each) => each.item.venueOrderId).join(',')}]` };
  return { symbol, origClientOrderIdList: JSON.stringify(entries.map((each) => each.item.clientOrderId)) };
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

/** Orders remembered, once or twice as many. */
const KEPT = 1_000;

/** By which side our last orders were placed: an amendment of futures must name it. */
class RecentSides {
  /** Two generations: the older one is dropped whole, because dropping one by one makes a map slow. */
  #sides = new Map<string, OrderSide>();
  #older = new Map<string, OrderSide>();

  remember({ clientOrderId, side }: NewOrder): void {
    if (this.#sides.size >= KEPT) {
      this.#older = this.#sides;
      this.#sides = new Map();
    }
    this.#sides.set(clientOrderId, side);
  }

  of(clientOrderId = ''): OrderSide | undefined {
    return this.#sides.get(clientOrderId) ?? this.#older.get(clientOrderId);
  }
}
