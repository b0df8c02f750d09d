import type { PrivateEvent } from '@speed-protocol/core';
import {
  type AskStamped,
  balanceEvents,
  cell,
  type PrivatePlace,
  type Row,
  type RowEvents,
  rowEvent,
  type Stamp,
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
export async function subscribePrivate(ask: AskStamped<Stamp>): Promise<void> {
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
export function privateEvents(message: unknown, place: PrivatePlace): readonly PrivateEvent[] {
  const { arg, data } = (message ?? {}) as { readonly arg?: { readonly channel?: string }; readonly data?: unknown };
  const read = READERS[arg?.channel ?? ''];
  return read && Array.isArray(data) ? (data as readonly Row[]).flatMap((row) => read(row, place)) : [];
}
