import type { AccountEvent } from '@speed-protocol/core';
import { balanceEvents, cell, type PrivatePlace, type Row, type RowEvents, rowEvent } from '@speed-protocol/wire';
import * as formats from '../order-formats.js';

const about = { idOf: cell.text('s'), timeOf: cell.time('E') };
const fill = rowEvent('fill', { ...about, read: formats.fillOfEvent });
const position = rowEvent('position', { ...about, read: formats.positionFromWire });

/** A liquidation is `CALCULATED` and fills as well. */
const FILLING: ReadonlySet<unknown> = new Set(['TRADE', 'CALCULATED']);

/**
 * A message that tells a fill and what it made of the order gives the fill first: an order that is `FILLED` is then known
 * with all its fills.
 */
const orderEvents =
  (order: RowEvents): RowEvents =>
  (row, place) =>
    FILLING.has(row['x']) && Number(row['l']) > 0 ? [...fill(row, place), ...order(row, place)] : order(row, place);

const update = orderEvents(rowEvent('order', { ...about, read: formats.orderOfUpdate }));

type Rows = readonly Row[];

/** Messages that tell nothing, or nothing that moves an order, a fill, a position or a balance. */
const SILENT = [
  // A deposit, withdrawal or transfer as a difference; the balance itself comes in an event of its own.
  ...['balanceUpdate', 'externalLockUpdate', 'listStatus', 'eventStreamTerminated'],
  ...['ACCOUNT_CONFIG_UPDATE', 'MARGIN_CALL', 'STRATEGY_UPDATE', 'GRID_UPDATE', 'listenKeyExpired'],
  // Conditional orders are not placed here; what they trigger is an order like any other.
  ...['ALGO_UPDATE', 'CONDITIONAL_ORDER_TRIGGER_REJECT'],
];

/** Private events by their `e`. https://developers.binance.com/docs: "User data streams" of each product. */
const READERS: Readonly<Record<string, RowEvents>> = {
  ...Object.fromEntries(SILENT.map((name) => [name, () => []])),
  executionReport: orderEvents(rowEvent('order', { ...about, read: formats.orderOfReport })),
  outboundAccountPosition: ({ B, E }, place) => balanceEvents((B as Rows).map(formats.spotBalance), Number(E), place),
  ORDER_TRADE_UPDATE: ({ o, E }, place) => update({ ...(o as Row), E }, place),
  TRADE_LITE: rowEvent('fill', { ...about, read: formats.fillOfLite }),
  ACCOUNT_UPDATE: ({ a, E, T }, place) => {
    const { B = [], P = [] } = a as Readonly<Partial<Record<'B' | 'P', Rows>>>;
    return [
      ...balanceEvents(B.map(formats.futuresBalance), Number(E), place),
      ...P.flatMap((row) => position({ ...row, E, T }, place)),
    ];
  },
};

/**
 * The events of a private message; `undefined` when it is of no known kind.
 * @throws SpeedError `protocol` or TypeError when it lacks what its kind must have
 */
export function privateEvents(wire: Row, place: PrivatePlace): readonly AccountEvent[] | undefined {
  return isPrivate(wire) ? READERS[String(wire['e'])]!(wire, place) : undefined;
}

/** The message without the wrapper that spot's subscriptions and combined streams put around it. */
export function payloadOf(message: unknown): Row {
  if (typeof message !== 'object' || message === null) return {};
  const { event, data } = message as Row;
  const inner = event ?? data;
  return (typeof inner === 'object' && inner !== null ? inner : message) as Row;
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
  return wire['e'] === 'TRADE_LITE' ? [] : (privateEvents(wire, place) ?? []);
}

/** True for the kinds of {@link privateEvents}. */
export function isPrivate({ e }: Row): boolean {
  return typeof e === 'string' && Object.hasOwn(READERS, e);
}
