import { type Instrument, type NewOrder, type OrderRef, SpeedError } from '@speed-protocol/core';
import {
  type Command,
  fullPage,
  type Lane,
  type Params,
  type Question,
  readPages,
  type Stamp,
  type VenueTrading,
  wantedFills,
} from '@speed-protocol/wire';
import type { DeribitConfig } from './config.js';
import { type EndpointName, EXPIRING_METHODS, methodOf } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { DeribitExchange } from './exchange.js';
import { tradeNumber } from './formats.js';
import { fillFromWire, orderFromWire, orderToWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';
import type { WireFill, WireOrder, WirePlaced, WireTrades } from './types.js';
import { rpcExact } from './websocket/commands.js';

const PAGE = 1_000;

type Rows<W> = readonly W[];

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
      const row = (body as Partial<WirePlaced>).order ?? (body as WireOrder);
      return { venueOrderId: row.order_id, order: orderFromWire(venue, symbol, row) };
    },
    cancelAll: (instrument) => [command('cancelAll', 'cancel', exchange.nameOf(instrument))],
    noOrder: new Set(['10004']),
    order: (ref, instrument, ask) => findOrder(ref, instrument, ask),
    openOrders: (instrument, ask) => {
      const question = instrument ? read('openOrdersOf', exchange.nameOf(instrument)) : read('openOrders', {});
      return ask(question, (rows: Rows<WireOrder>) =>
        rows.map((row) => orderFromWire(venue, exchange.unified(row.instrument_name), row)),
      );
    },
    /** Pages come newest first; a day back. */
    async fills(instrument, query, ask) {
      const { fromId, since = 0, venueOrderId, limit = Number.POSITIVE_INFINITY } = query;
      const first = fromId === undefined ? 0 : tradeNumber(fromId);
      const isOlder = ({ trade_id, timestamp }: WireFill) => timestamp < since || tradeNumber(trade_id) < first;
      const newest = fromId === undefined && since === 0 ? limit : Number.POSITIVE_INFINITY;
      const rows =
        venueOrderId === undefined
          ? await readPages(
              (end_seq: number | undefined) => fillsPage(instrument, end_seq, ask),
              (page, all) => page.some(isOlder) || all.length >= newest,
            )
          : await ask(read('fillsOfOrder', { order_id: venueOrderId, sorting: 'desc' }), rowsOf);
      return exchange.read('fills', () =>
        wantedFills(distinct(rows), query, isOlder).map((row) => fillFromWire(venue, instrument.symbol, row)),
      );
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
      return ask(read('order', { order_id: venueOrderId }), (row: WireOrder) => orderFromWire(venue, symbol, row));
    }
    return ask(read('ordersByLabel', labelOf(clientOrderId, instrument)), (rows: Rows<WireOrder>) => {
      const own = rows.filter(({ instrument_name }) => instrument_name === venueSymbol);
      const [row] = own.toSorted((a, b) => b.creation_timestamp - a.creation_timestamp);
      return row === undefined ? null : orderFromWire(venue, symbol, row);
    });
  }

  /** The last row of a page begins the next one: one trade may be two fills of ours. */
  function fillsPage(instrument: Instrument, end_seq: number | undefined, ask: Question) {
    const params = { ...exchange.nameOf(instrument), count: PAGE, sorting: 'desc', end_seq };
    return ask(read('fills', params), (body: WireTrades<WireFill>) => fullPage(rowsOf(body), PAGE, ({ trade_seq }) => trade_seq));
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
function rowsOf(body: Rows<WireFill> | WireTrades<WireFill>): Rows<WireFill> {
  return 'trades' in body ? body.trades : body;
}

function distinct(rows: Rows<WireFill>): Rows<WireFill> {
  return [...new Map(rows.map((row) => [`${row.trade_id} ${row.order_id}`, row])).values()];
}
