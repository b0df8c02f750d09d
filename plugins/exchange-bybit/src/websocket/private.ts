import type { AccountEvent } from '@speed-protocol/core';
import {
  type AskStamped,
  balanceEvents,
  cell,
  type PrivatePlace,
  type Row,
  type RowEvents,
  rowEvent,
} from '@speed-protocol/wire';
import { balanceFromWire, fillFromWire, isFill, orderFromWire, positionFromWire } from '../order-formats.js';
import { keyOf } from '../symbols.js';

const TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

/** Subscribes to all of them. https://bybit-exchange.github.io/docs/v5/websocket/private */
export async function subscribePrivate(ask: AskStamped): Promise<void> {
  await ask(({ id }) => JSON.stringify({ req_id: id, op: 'subscribe', args: TOPICS }));
}

/** Older frames lack the product; then it is not known which of two instruments is meant. */
const about = {
  idOf: cell.text('symbol'),
  keyOf: ({ category = '', symbol }: Row) => keyOf(String(category), String(symbol)),
};
const execution = rowEvent('fill', { ...about, timeOf: cell.time('execTime'), read: fillFromWire });

const READERS: Readonly<Record<(typeof TOPICS)[number], RowEvents>> = {
  order: rowEvent('order', { ...about, timeOf: cell.time('updatedTime'), read: orderFromWire }),
  execution: (row, place) => (isFill(row) ? execution(row, place) : []),
  position: rowEvent('position', { ...about, timeOf: cell.time('updatedTime'), read: positionFromWire }),
  // Only the message says when.
  wallet: (row, place) => balanceEvents((row.coin as readonly Row[]).map(balanceFromWire), Number(row.creationTime), place),
};

/** Whether a topic, of all products or of one, is read. */
export function isPrivate(topic: string): boolean {
  return readerOf(topic) !== undefined;
}

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents({ topic, creationTime = Number.NaN, data }: Row, place: PrivatePlace): readonly AccountEvent[] {
  const read = readerOf(String(topic));
  return read && Array.isArray(data) ? data.flatMap((row: Row) => read({ ...row, creationTime }, place)) : [];
}

/** `execution.fast` tells no fee and is another. */
function readerOf(topic: string): RowEvents | undefined {
  const [name = '', product] = topic.split('.');
  return product !== 'fast' && Object.hasOwn(READERS, name) ? READERS[name as keyof typeof READERS] : undefined;
}
