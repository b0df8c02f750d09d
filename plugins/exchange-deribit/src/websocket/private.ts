import { type AccountEvent, type PrivateEvent, SpeedError } from '@speed-protocol/core';
import type { AskStamped, PrivatePlace, Stamp } from '@speed-protocol/wire';
import { balanceFromWire, fillFromWire, orderFromWire, positionFromWire } from '../order-formats.js';
import type { WireChanges, WireFill, WireOrder, WirePosition, WireSummary } from '../types.js';
import { rpcExact } from './commands.js';

/** What happens to orders, with its fills and positions, in one message; and balances. */
const CHANNELS = ['user.changes.any.any.raw', 'user.portfolio.any'];

/** Subscribes to all of them. @throws SpeedError `rejected` when the venue leaves one out */
export async function subscribePrivate(ask: AskStamped<Stamp>): Promise<void> {
  const { body } = await ask(({ id }) => rpcExact(id, 'private/subscribe', { channels: CHANNELS }));
  if ((body as readonly string[]).length === CHANNELS.length) return;
  throw new SpeedError('rejected', `the venue took no more than ${JSON.stringify(body)} of ${CHANNELS.join(', ')}`);
}

type Reader<W> = (data: W, place: PrivatePlace) => readonly AccountEvent[];

/** One row or a list of them. */
const each =
  <W>(read: (row: W, place: PrivatePlace) => AccountEvent): Reader<W | readonly W[]> =>
  (data, place) =>
    (Array.isArray(data) ? (data as readonly W[]) : [data as W]).map((row) => read(row, place));

function about(venueSymbol: string, venueTime: number | null, { venue, receivedAt, symbolOf }: PrivatePlace) {
  const symbol = symbolOf(venueSymbol);
  return { named: symbol ?? venueSymbol, base: { venue, symbol, venueSymbol, venueTime, receivedAt } };
}

export const fillEvents = each<WireFill>((row, place) => {
  const { base, named } = about(row.instrument_name, row.timestamp, place);
  return { type: 'fill', ...base, fill: fillFromWire(place.venue, named, row) };
});

export const orderEvents = each<WireOrder>((row, place) => {
  const { base, named } = about(row.instrument_name, row.last_update_timestamp, place);
  return { type: 'order', ...base, order: orderFromWire(place.venue, named, row) };
});

export const positionEvents = each<WirePosition>((row, place) => {
  const { base, named } = about(row.instrument_name, null, place);
  return { type: 'position', ...base, position: positionFromWire(place.venue, named, row) };
});

export const balanceEvents = each<WireSummary>((row, { venue, receivedAt }) => {
  return { type: 'balance', venue, venueTime: null, receivedAt, balance: balanceFromWire(venue, row) };
});

/** Fills come before the order that they have changed. */
const changeEvents: Reader<WireChanges> = ({ trades, orders, positions = [] }, place) => [
  ...fillEvents(trades, place),
  ...orderEvents(orders, place),
  ...positionEvents(positions, place),
];

/** By the second word of a channel. */
const READERS: Readonly<Record<string, Reader<never>>> = {
  changes: changeEvents,
  orders: orderEvents,
  trades: fillEvents,
  portfolio: balanceEvents,
};

/** What reads an account's channel; `undefined` for others. */
export function privateReader(channel: string): Reader<unknown> | undefined {
  const [owner, what = ''] = channel.split('.');
  return owner === 'user' && Object.hasOwn(READERS, what) ? (READERS[what] as Reader<unknown>) : undefined;
}

/** Events of a message; none for what is no data. @throws SpeedError `protocol` when it cannot be read */
export function privateEvents(message: unknown, place: PrivatePlace): readonly PrivateEvent[] {
  const { params } = (message ?? {}) as { readonly params?: { readonly channel?: string; readonly data?: unknown } };
  return privateReader(params?.channel ?? '')?.(params?.data, place) ?? [];
}
