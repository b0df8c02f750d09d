import type { FillQuery, Instrument, NewOrder, OrderRef } from '@speed-protocol/core';
import {
  asRow,
  type Command,
  cell,
  type Entry,
  fillsFromNewest,
  type Lane,
  orderNames,
  type Params,
  pagesOfEach,
  type Row,
  type VenueTrading,
} from '@speed-protocol/wire';
import type { BybitConfig } from './config.js';
import type { EndpointName } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { BybitExchange } from './exchange.js';
import { pageFromWire } from './formats.js';
import { fillFromWire, isFill, orderFromWire, orderToWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';
import { CONTRACTS, categoryOf } from './symbols.js';
import type { WireBatch, WireList } from './types.js';
import { orderRequest } from './websocket/account-socket.js';

const ORDER_ID = cell.text('orderId');

const ORDER_PAGE = 50;
const FILL_PAGE = 100;
/** Fills of one question at most. */
const FILL_WINDOW_MS = 7 * 86_400_000;

/** Commands by route, and their names on the order socket. */
const COMMANDS = {
  placeOrder: { op: 'order.create', lane: 'place' },
  amendOrder: { op: 'order.amend', lane: 'amend' },
  cancelOrder: { op: 'order.cancel', lane: 'cancel' },
  placeOrders: { op: 'order.create-batch', lane: 'place' },
  cancelOrders: { op: 'order.cancel-batch', lane: 'cancel' },
} as const satisfies Partial<Record<EndpointName, { op: string; lane: Lane }>>;
type CommandName = keyof typeof COMMANDS;

/** Orders of the venue. https://bybit-exchange.github.io/docs/v5/order/create-order */
export function tradingOf(exchange: BybitExchange, config: BybitConfig): VenueTrading {
  const { venue } = exchange;
  const { recvWindowMs, orderIdPrefix } = config;

  const request = (endpoint: CommandName, body: object, params: Command['params']): Command => {
    const { op, lane } = COMMANDS[endpoint];
    return { endpoint, lane, params, write: orderRequest(op, body, recvWindowMs) };
  };
  const command = (endpoint: CommandName, instrument: Instrument, fields: Params): Command => {
    const params = { ...exchange.nameOf(instrument), ...fields };
    return request(endpoint, params, params);
  };
  /** Orders of one product. */
  const batch = <T>(endpoint: CommandName, entries: readonly Entry<T>[], fieldsOf: (entry: Entry<T>) => Params): Command => {
    const orders = entries.map((entry) => ({ symbol: entry.instrument.venueSymbol, ...fieldsOf(entry) }));
    const body = { category: categoryOf(entries[0]!.instrument), request: orders };
    return request(endpoint, body, () => JSON.stringify(body));
  };
  const read = (endpoint: EndpointName, params: Params): Command => ({ endpoint, lane: 'read', params });

  return {
    errors: ERRORS,
    ids: ORDER_IDS,
    orderIdPrefix,
    place: (order, instrument) => command('placeOrder', instrument, orderToWire(order, instrument)),
    cancel: (ref, instrument) => command('cancelOrder', instrument, namesOf(ref)),
    amend: (ref, { price, amount }, instrument) => command('amendOrder', instrument, { ...namesOf(ref), price, qty: amount }),
    /** An acknowledgement: what becomes of the order the stream tells. */
    accepted: (body) => ({ venueOrderId: ORDER_ID(asRow(body)), order: null }),
    /** 500 at once, which is as many as there may be of one symbol. */
    cancelAll: (instrument) => [{ endpoint: 'cancelAll', lane: 'cancel', params: exchange.nameOf(instrument) }],
    noOrder: new Set(['110001', '170213']),
    /** Orders that have ended lately are found with the open ones, others in the history. */
    async order(ref, instrument, ask) {
      const params = { ...exchange.nameOf(instrument), ...namesOf(ref) };
      for (const endpoint of ['orders', 'orderHistory'] as const) {
        const order = await ask(read(endpoint, params), ({ list: [row] }: WireList<Row>) =>
          row ? orderFromWire(venue, instrument.symbol, row) : null,
        );
        if (order) return order;
      }
      return null;
    },
    openOrders: (instrument, ask) => {
      const asked = instrument ? [exchange.nameOf(instrument)] : [{ category: 'spot' }, ...CONTRACTS];
      const page = (params: Params) => ask(read('orders', { ...params, limit: ORDER_PAGE }), pageFromWire);
      return exchange.rowsOf('orders', asked, page, orderFromWire);
    },
    /** Window by window, newest first. */
    async fills(instrument, query, ask) {
      const params = { ...exchange.nameOf(instrument), orderId: query.venueOrderId, limit: FILL_PAGE };
      const page = pagesOfEach(windowsOf(query, exchange.venueNow()), (window, cursor: string | undefined) =>
        ask(read('fills', { ...params, ...window, cursor }), (body: WireList<Row>) => {
          const { rows, next } = pageFromWire(body);
          return { rows: rows.filter(isFill), next };
        }),
      );
      // Ids have no order.
      const rows = await fillsFromNewest(page, query, { isFirst: ({ execId }) => execId === query.fromId });
      return exchange.read('fills', () => rows.map((row) => fillFromWire(venue, instrument.symbol, row)));
    },
    batch: {
      place: (entries: readonly Entry<NewOrder>[]) =>
        batch('placeOrders', entries, ({ item, instrument }) => orderToWire(item, instrument)),
      cancel: (entries: readonly Entry<OrderRef>[]) => batch('cancelOrders', entries, ({ item }) => namesOf(item)),
      groupOf: ({ instrument }) => categoryOf(instrument),
      rows: (body) => {
        const { list, codes } = body as WireBatch;
        return codes.map(({ code, msg }, i) => ({ fault: { retCode: code, retMsg: msg }, body: list[i] }));
      },
    },
  };
}

/** Spans to ask for, newest first; without a beginning the venue's own, the last seven days. */
function windowsOf({ since }: FillQuery, now: number): readonly Params[] {
  if (since === undefined) return [{}];
  const first = Math.floor(since);
  const count = Math.max(1, Math.ceil((now - first) / FILL_WINDOW_MS));
  const starts = Array.from({ length: count }, (_, i) => first + i * FILL_WINDOW_MS).reverse();
  return starts.map((startTime) => ({ startTime, endTime: startTime + FILL_WINDOW_MS - 1 }));
}

const namesOf = orderNames({ client: 'orderLinkId', venue: 'orderId' });
