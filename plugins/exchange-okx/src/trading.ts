import type { Instrument, NewOrder } from '@speed-protocol/core';
import {
  type Command,
  cell,
  fillsFromNewest,
  fullPage,
  type Lane,
  orderNames,
  type Params,
  type Row,
  readPages,
  type VenueTrading,
} from '@speed-protocol/wire';
import type { MarginModes } from './account.js';
import type { OkxConfig } from './config.js';
import type { EndpointName } from './endpoints.js';
import { ERRORS } from './errors.js';
import type { OkxExchange } from './exchange.js';
import { fillFromWire, orderFromWire, orderToWire } from './order-formats.js';
import { ORDER_IDS } from './order-ids.js';

const PAGE = 100;
const [ORDER_ID, TRADE_ID, BILL_ID] = [cell.text('ordId'), cell.text('tradeId'), cell.text('billId')];

type Rows = readonly Row[];

/** Commands by route, and their names on the order socket. */
const COMMANDS = {
  placeOrder: { op: 'order', lane: 'place' },
  placeOrders: { op: 'batch-orders', lane: 'place' },
  amendOrder: { op: 'amend-order', lane: 'amend' },
  cancelOrder: { op: 'cancel-order', lane: 'cancel' },
  cancelOrders: { op: 'batch-cancel-orders', lane: 'cancel' },
} as const satisfies Partial<Record<EndpointName, { op: string; lane: Lane }>>;

/** One order of a request, as both ways have it but for the instrument's name. */
interface Element {
  readonly instrument: Instrument;
  readonly fields: Params;
}

/** Orders of the venue. https://www.okx.com/docs-v5/en/#order-book-trading-trade */
export function tradingOf(exchange: OkxExchange, config: OkxConfig, modes: MarginModes): VenueTrading {
  const { venue } = exchange;
  const { recvWindowMs, orderIdPrefix } = config;

  /** Sockets name an instrument by its number. Orders and amendments that come late are refused; a cancel is always welcome. */
  const writeOf = (endpoint: keyof typeof COMMANDS, elements: readonly Element[]): Command['write'] => {
    const { op, lane } = COMMANDS[endpoint];
    const args = elements.map(({ instrument, fields }) => ({ instIdCode: exchange.codeOf(instrument), ...fields }));
    if (args.some(({ instIdCode }) => instIdCode === undefined)) return undefined;
    return ({ id, timestamp }) =>
      JSON.stringify({ id, op, args, expTime: lane === 'cancel' ? undefined : String(timestamp + recvWindowMs) });
  };
  const command = (endpoint: keyof typeof COMMANDS, instrument: Instrument, fields: Params): Command => ({
    endpoint,
    lane: COMMANDS[endpoint].lane,
    params: { ...exchange.nameOf(instrument), ...fields },
    write: writeOf(endpoint, [{ instrument, fields }]),
  });
  const batch = (endpoint: 'placeOrders' | 'cancelOrders', elements: readonly Element[]): Command => {
    const orders = elements.map(({ instrument, fields }) => ({ ...exchange.nameOf(instrument), ...fields }));
    const params = { orders: JSON.stringify(orders), count: orders.length };
    return { endpoint, lane: COMMANDS[endpoint].lane, params, write: writeOf(endpoint, elements) };
  };
  const fieldsOf = (order: NewOrder, instrument: Instrument) => orderToWire(order, modes.of(instrument));
  const read = (endpoint: EndpointName, params: Params): Command => ({ endpoint, lane: 'read', params });
  const toOrder = (row: Row) => orderFromWire(venue, exchange.unified(String(row['instId'])), row);

  return {
    errors: ERRORS,
    ids: ORDER_IDS,
    orderIdPrefix,
    place: (order, instrument) => command('placeOrder', instrument, fieldsOf(order, instrument)),
    cancel: (ref, instrument) => command('cancelOrder', instrument, namesOf(ref)),
    amend: (ref, { price, amount }, instrument) =>
      command('amendOrder', instrument, { ...namesOf(ref), newPx: price, newSz: amount }),
    accepted: (rows) => {
      const [row] = rows as Rows;
      if (row?.sCode !== '0') throw new TypeError('no word of success in the answer');
      return { venueOrderId: ORDER_ID(row), order: null };
    },
    batch: {
      place: (entries) =>
        batch(
          'placeOrders',
          entries.map(({ item, instrument }) => ({ instrument, fields: fieldsOf(item, instrument) })),
        ),
      cancel: (entries) =>
        batch(
          'cancelOrders',
          entries.map(({ item, instrument }) => ({ instrument, fields: namesOf(item) })),
        ),
      rows: (rows) => (rows as Rows).map((row) => ({ fault: { code: row.sCode, msg: row.sMsg }, body: [row] })),
    },
    noOrder: new Set(['51603']),
    order: (ref, instrument, ask) =>
      ask(read('order', { ...exchange.nameOf(instrument), ...namesOf(ref) }), ([row]: Rows) => toOrder(row!)),
    async openOrders(instrument, ask) {
      const instId = instrument?.venueSymbol;
      const rows = await readPages((after: string | undefined) =>
        ask(read('openOrders', { instId, after, limit: PAGE }), (page: Rows) => fullPage(page, PAGE, ORDER_ID)),
      );
      return exchange.read('openOrders', () => rows.map(toOrder));
    },
    /** Pages come newest first; three days back. */
    async fills({ symbol, venueSymbol: instId }, query, ask) {
      const { fromId, since, venueOrderId: ordId } = query;
      const begin = since === undefined ? undefined : Math.floor(since);
      const isOlder = (row: Row) => fromId !== undefined && BigInt(TRADE_ID(row)) < BigInt(fromId);
      const page = (after: string | undefined) =>
        ask(read('fills', { instId, ordId, begin, after, limit: PAGE }), (rows: Rows) => fullPage(rows, PAGE, BILL_ID));
      const rows = await fillsFromNewest(page, query, { isOlder });
      return exchange.read('fills', () => rows.map((row) => fillFromWire(venue, symbol, row)));
    },
  };
}

const namesOf = orderNames({ client: 'clOrdId', venue: 'ordId' });
