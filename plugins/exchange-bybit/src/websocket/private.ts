import type { AccountEvent } from '@speed-protocol/core';
import type { AskStamped, PrivatePlace, Stamp } from '@speed-protocol/wire';
import { balanceFromWire, fillFromWire, isFill, orderFromWire, positionFromWire } from '../order-formats.js';
import { keyOf } from '../symbols.js';
import type { WireExecution, WireOrder, WirePosition, WireWallet } from '../types.js';

interface Message {
  readonly topic?: string;
  readonly creationTime?: number;
  readonly data?: unknown;
}

/** Where and when the rows of a message are. */
interface Place extends PrivatePlace {
  readonly creationTime: number;
}

type Reader = (row: never, place: Place) => readonly AccountEvent[];

const TOPICS = ['order', 'execution', 'position', 'wallet'] as const;

/** Subscribes to all of them. https://bybit-exchange.github.io/docs/v5/websocket/private */
export async function subscribePrivate(ask: AskStamped<Stamp>): Promise<void> {
  await ask(({ id }) => JSON.stringify({ req_id: id, op: 'subscribe', args: TOPICS }));
}

const READERS: Readonly<Record<(typeof TOPICS)[number], Reader>> = {
  order: readOrder,
  execution: readExecution,
  position: readPosition,
  wallet: readWallet,
};

/** Whether a topic, of all products or of one, is read. */
export function isPrivate(topic: string): boolean {
  return readerOf(topic) !== undefined;
}

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents(message: unknown, place: PrivatePlace): readonly AccountEvent[] {
  const { topic = '', creationTime = Number.NaN, data } = (message ?? {}) as Message;
  const read = readerOf(topic);
  return read && Array.isArray(data) ? data.flatMap((row) => read(row as never, { ...place, creationTime })) : [];
}

/** `execution.fast` tells no fee and is another. */
function readerOf(topic: string): Reader | undefined {
  const [name = '', product] = topic.split('.');
  return product !== 'fast' && Object.hasOwn(READERS, name) ? READERS[name as keyof typeof READERS] : undefined;
}

/** Older frames lack the product; then it is not known which of two instruments is meant. */
function baseOf({ category = '', symbol }: { readonly category?: string; readonly symbol: string }, place: Place, time: number) {
  const { venue, receivedAt, symbolOf } = place;
  return { venue, symbol: symbolOf(keyOf(category, symbol)), venueSymbol: symbol, venueTime: time, receivedAt };
}

function readOrder(row: WireOrder, place: Place): readonly AccountEvent[] {
  const base = baseOf(row, place, Number(row.updatedTime));
  return [{ type: 'order', ...base, order: orderFromWire(place.venue, base.symbol ?? row.symbol, row) }];
}

function readExecution(row: WireExecution, place: Place): readonly AccountEvent[] {
  if (!isFill(row)) return [];
  const base = baseOf(row, place, Number(row.execTime));
  return [{ type: 'fill', ...base, fill: fillFromWire(place.venue, base.symbol ?? row.symbol, row) }];
}

function readPosition(row: WirePosition, place: Place): readonly AccountEvent[] {
  const base = baseOf(row, place, Number(row.updatedTime));
  return [{ type: 'position', ...base, position: positionFromWire(place.venue, base.symbol ?? row.symbol, row) }];
}

function readWallet({ coin }: WireWallet, { venue, creationTime: venueTime, receivedAt }: Place): readonly AccountEvent[] {
  return coin.map((each) => ({ type: 'balance', venue, venueTime, receivedAt, balance: balanceFromWire(venue, each) }));
}
