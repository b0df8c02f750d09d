import type { PrivateEvent } from '@speed-protocol/core';
import {
  type AskStamped,
  asRow,
  balanceEvents,
  cell,
  type PrivatePlace,
  type Row,
  type RowEvents,
  rowEvent,
} from '@speed-protocol/wire';
import { balanceFromWire, fillOfOrder, orderFromWire, positionFromWire } from '../order-formats.js';

/** Channels of an account, and how they are asked for. */
const ARGUMENTS = [
  { channel: 'orders', instType: 'ANY' },
  // Events only: by itself the venue repeats everything every few seconds.
  { channel: 'account', extraParams: '{"updateInterval":"0"}' },
  { channel: 'positions', instType: 'ANY', extraParams: '{"updateInterval":"0"}' },
] as const;

/** Subscribes to all of them. */
export async function subscribePrivate(ask: AskStamped): Promise<void> {
  for (const argument of ARGUMENTS) await ask(({ id }) => JSON.stringify({ id, op: 'subscribe', args: [argument] }));
}

const about = { idOf: cell.text('instId'), timeOf: cell.time('uTime') };
const order = rowEvent('order', { ...about, read: orderFromWire });
const fill = rowEvent('fill', { ...about, read: fillOfOrder });

const READERS: Readonly<Record<string, RowEvents>> = {
  orders: (row, place) => (row['tradeId'] ? [...fill(row, place), ...order(row, place)] : order(row, place)),
  account: (row, place) => balanceEvents((row.details as readonly Row[]).map(balanceFromWire), about.timeOf(row), place),
  positions: rowEvent('position', { ...about, read: positionFromWire }),
};

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents({ arg, data }: Row, place: PrivatePlace): readonly PrivateEvent[] {
  const read = READERS[String(asRow(arg).channel)];
  return read && Array.isArray(data) ? data.flatMap((row: Row) => read(row, place)) : [];
}
