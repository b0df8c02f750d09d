import { type Instrument, type NewOrder, type OrderRef, SpeedError } from '@speed-protocol/core';
import {
  type Command,
  cell,
  fillsFromNewest,
  fullPage,
  type Lane,
  type Params,
  type Question,
  type Row,
  type Stamp,
  tradeNumber,
  type VenueTrading,
} from '@speed-protocol/wire';
import type { DeribitConfig } from './config.js';
import { type EndpointName, EXPIRING_METHODS, methodOf } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { DeribitExchange } from './exchange.js';
import { fillFromWire, orderFromWire, orderToWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';
import type { WirePlaced, WireTrades } from './types.js';
import { rpcExact } from './websocket/commands.js';

const PAGE = 1_000;

type Rows = readonly Row[];

const [CREATED, TIME, TRADE_ID] = [cell.time('creation_timestamp'), cell.time('timestamp'), cell.text('trade_id')];

/** Orders of the venue. https://docs.deribit.com/#trading */
export function tradingOf(exchange: DeribitExchange, config: DeribitConfig): VenueTrading {
  const { venue } = exchange;
  const { recvWindowMs, orderIdPrefix } = config;

  /** Orders and amendments that come late are refused; a cancel is always welcome. */
  const command = (endpoint: EndpointName, lane: Lane, params: Params): Command => {
    const method = methodOf(endpoint);
    const expires = EXPIRING_METHODS.includes(method);
    const write = ({ id, timestamp }: Stamp) =>
      rpcExact(id, method, expires ? { ...params, valid_until: timestamp + recvWindowMs } : params);
    return { endpoint, lane, params, write };
  };
  const read = (endpoint: EndpointName, params: Params): Command => ({ endpoint, lane: 'read', params });

  return {
    errors: ERRORS,
    ids: ORDER_IDS,
    orderIdPrefix,
    place: (order: NewOrder, instrument) =>
      command(order.side, 'place', { ...exchange.nameOf(instrument), ...orderToWire(order) }),
    cancel: ({ venueOrderId, clientOrderId }, instrument) =>
      venueOrderId === undefined
        ? command('cancelByLabel', 'cancel', labelOf(clientOrderId, instrument))
        : command('cancel', 'cancel', { order_id: venueOrderId }),
    /** The venue wants an amount whatever is changed. */
    async amend(ref, { price, amount }, instrument, ask) {
      const { venueOrderId, clientOrderId } = ref;
      const fields = { amount: amount ?? (await amountOf(ref, instrument, ask)), price };
      return venueOrderId === undefined
        ? command('editByLabel', 'amend', { ...exchange.nameOf(instrument), label: clientOrderId, ...fields })
        : command('edit', 'amend', { order_id: venueOrderId, ...fields });
    },
    accepted: (body, symbol) => {
      // By label the venue counts what it has cancelled.
      if (typeof body === 'number') return body > 0 ? { venueOrderId: null, order: null } : nothingCancelled(venue);
      const order = orderFromWire(venue, symbol, (body as Partial<WirePlaced>).order ?? (body as Row));
      return { venueOrderId: order.venueOrderId, order };
    },
    cancelAll: (instrument) => [command('cancelAll', 'cancel', exchange.nameOf(instrument))],
    noOrder: new Set(['10004']),
    order: (ref, instrument, ask) => findOrder(ref, instrument, ask),
    openOrders: (instrument, ask) => {
      const question = instrument ? read('openOrdersOf', exchange.nameOf(instrument)) : read('openOrders', {});
      return ask(question, (rows: Rows) =>
        rows.map((row) => orderFromWire(venue, exchange.unified(String(row['instrument_name'])), row)),
      );
    },
    /** Pages come newest first; a day back. */
    async fills(instrument, query, ask) {
      const { fromId, since = 0, venueOrderId } = query;
      const first = fromId === undefined ? 0 : tradeNumber(fromId);
      const isOlder = (row: Row) => TIME(row) < since || tradeNumber(TRADE_ID(row)) < first;
      const ofOrder = { order_id: venueOrderId, sorting: 'desc' };
      const page = (end_seq: number | undefined) =>
        venueOrderId === undefined
          ? fillsPage(instrument, end_seq, ask)
          : ask(read('fillsOfOrder', ofOrder), (body: FillsBody) => ({ rows: fillsIn(body), next: undefined }));
      const rows = await fillsFromNewest(page, query, { isOlder, keyOf: (row) => `${TRADE_ID(row)} ${String(row['order_id'])}` });
      return exchange.read('fills', () => rows.map((row) => fillFromWire(venue, instrument.symbol, row)));
    },
  };

  /** @throws SpeedError `not-found` */
  async function amountOf(ref: OrderRef, instrument: Instrument, ask: Question): Promise<string> {
    const order = await findOrder(ref, instrument, ask);
    if (order) return order.amount;
    throw new SpeedError('not-found', `${venue} knows no such order of ${instrument.symbol}`, { venue, outcomeKnown: true });
  }

  /** Of several orders with one label the newest. */
  function findOrder({ venueOrderId, clientOrderId }: OrderRef, instrument: Instrument, ask: Question) {
    const { symbol, venueSymbol } = instrument;
    if (venueOrderId !== undefined) {
      return ask(read('order', { order_id: venueOrderId }), (row: Row) => orderFromWire(venue, symbol, row));
    }
    return ask(read('ordersByLabel', labelOf(clientOrderId, instrument)), (rows: Rows) => {
      const own = rows.filter(({ instrument_name }) => instrument_name === venueSymbol);
      const [row] = own.toSorted((a, b) => CREATED(b) - CREATED(a));
      return row === undefined ? null : orderFromWire(venue, symbol, row);
    });
  }

  /** The last row of a page begins the next one: one trade may be two fills of ours. */
  function fillsPage(instrument: Instrument, end_seq: number | undefined, ask: Question) {
    const params = { ...exchange.nameOf(instrument), count: PAGE, sorting: 'desc', end_seq };
    return ask(read('fills', params), (body: FillsBody) => fullPage(fillsIn(body), PAGE, ({ trade_seq }) => Number(trade_seq)));
  }
}

/** Labels are looked for among the orders of one currency. */
function labelOf(label: string | undefined, { settle, base }: Instrument): Params {
  return { currency: settle ?? base, label };
}

function nothingCancelled(venue: string): SpeedError {
  return new SpeedError('not-found', `${venue} has no open order with this label`, { venue, outcomeKnown: true });
}

/** A list, or one in an envelope. */
type FillsBody = Rows | WireTrades;
const fillsIn = (body: FillsBody): Rows => ('trades' in body ? body.trades : body);
