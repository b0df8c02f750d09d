import { type AccountEvent, SpeedError } from '@speed-protocol/core';
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
import { balanceFromWire, fillFromWire, orderFromWire, positionFromWire } from '../order-formats.js';
import { rpcExact } from './commands.js';

/** What happens to orders, with its fills and positions, in one message; and balances. */
const CHANNELS = ['user.changes.any.any.raw', 'user.portfolio.any'];

/** Subscribes to all of them. @throws SpeedError `rejected` when the venue leaves one out */
export async function subscribePrivate(ask: AskStamped): Promise<void> {
  const { body } = await ask(({ id }) => rpcExact(id, 'private/subscribe', { channels: CHANNELS }));
  if ((body as readonly string[]).length === CHANNELS.length) return;
  throw new SpeedError('rejected', `the venue took no more than ${JSON.stringify(body)} of ${CHANNELS.join(', ')}`);
}

type Reader = (data: unknown, place: PrivatePlace) => readonly AccountEvent[];

/** One row or a list of them. */
const each =
  (read: RowEvents): Reader =>
  (data, place) =>
    (Array.isArray(data) ? (data as readonly Row[]) : [data as Row]).flatMap((row) => read(row, place));

const idOf = cell.text('instrument_name');

export const fillEvents = each(rowEvent('fill', { idOf, timeOf: cell.time('timestamp'), read: fillFromWire }));
export const orderEvents = each(rowEvent('order', { idOf, timeOf: cell.time('last_update_timestamp'), read: orderFromWire }));
export const positionEvents = each(rowEvent('position', { idOf, timeOf: () => null, read: positionFromWire }));
export const summaryEvents = each((row, place) => balanceEvents([balanceFromWire(row)], null, place));

/** What has happened at once: fills come before the order that they have changed. Spot has no positions. */
const changeEvents: Reader = (data, place) => {
  const { trades, orders, positions = [] } = data as Readonly<Record<'trades' | 'orders' | 'positions', unknown>>;
  return [...fillEvents(trades, place), ...orderEvents(orders, place), ...positionEvents(positions, place)];
};

/** By the second word of a channel. */
const READERS: Readonly<Record<string, Reader>> = {
  changes: changeEvents,
  orders: orderEvents,
  trades: fillEvents,
  portfolio: summaryEvents,
};

/** What reads an account's channel; `undefined` for others. */
export function privateReader(channel: string): Reader | undefined {
  const [owner, what = ''] = channel.split('.');
  return owner === 'user' && Object.hasOwn(READERS, what) ? READERS[what] : undefined;
}

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents(message: Row, place: PrivatePlace): readonly AccountEvent[] {
  const { channel, data } = asRow(message.params);
  return privateReader(String(channel))?.(data, place) ?? [];
}
