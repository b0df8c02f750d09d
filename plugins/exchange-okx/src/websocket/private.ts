import type { PrivateEvent } from '@speed-protocol/core';
import type { AskStamped, PrivatePlace, Stamp } from '@speed-protocol/wire';
import { balancesFromWire, fillOfOrder, orderFromWire, positionFromWire } from '../order-formats.js';
import type { WireBalance, WireOrder, WirePosition } from '../types.js';

type Reader = (row: never, place: PrivatePlace) => readonly PrivateEvent[];

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

const READERS: Readonly<Record<string, Reader>> = { orders: readOrder, account: readBalance, positions: readPosition };

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents(message: unknown, place: PrivatePlace): readonly PrivateEvent[] {
  const { arg, data } = (message ?? {}) as { readonly arg?: { readonly channel?: string }; readonly data?: unknown };
  const read = READERS[arg?.channel ?? ''];
  return read && Array.isArray(data) ? data.flatMap((row) => read(row as never, place)) : [];
}

function readOrder(row: WireOrder, { venue, receivedAt, symbolOf }: PrivatePlace): readonly PrivateEvent[] {
  const symbol = symbolOf(row.instId);
  const base = { venue, symbol, venueSymbol: row.instId, venueTime: Number(row.uTime), receivedAt };
  const fill = fillOfOrder(venue, symbol ?? row.instId, row);
  const order = orderFromWire(venue, symbol ?? row.instId, row);
  return [...(fill ? [{ type: 'fill' as const, ...base, fill }] : []), { type: 'order', ...base, order }];
}

function readBalance(row: WireBalance, { venue, receivedAt }: PrivatePlace): readonly PrivateEvent[] {
  const venueTime = Number(row.uTime);
  return balancesFromWire(venue, row).map((balance) => ({ type: 'balance', venue, venueTime, receivedAt, balance }));
}

function readPosition(row: WirePosition, { venue, receivedAt, symbolOf }: PrivatePlace): readonly PrivateEvent[] {
  const symbol = symbolOf(row.instId);
  const position = positionFromWire(venue, symbol ?? row.instId, row);
  return [{ type: 'position', venue, symbol, venueSymbol: row.instId, venueTime: Number(row.uTime), receivedAt, position }];
}
