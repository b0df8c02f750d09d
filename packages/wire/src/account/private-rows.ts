import type { AccountEvent, Balance, Fill, Order, Position } from '@speed-protocol/core';
import type { Row, RowReader } from '../exchange/rows.js';
import type { PrivatePlace } from './private-stream.js';

interface Told {
  readonly order: Order;
  readonly fill: Fill;
  readonly position: Position;
}

/** How rows of one kind are read, and how they say what they are about. */
interface RowEventSpec<T> {
  /** The venue's id of the instrument. */
  idOf(row: Row): string;
  /** Names the instrument among all products, as the exchange does; its id when absent. */
  keyOf?(row: Row): string;
  /** ms; `null` where rows do not say. */
  timeOf(row: Row): number | null;
  readonly read: RowReader<T>;
}

/** What a private message tells, row by row. */
export type RowEvents = (row: Row, place: PrivatePlace) => readonly AccountEvent[];

/** The event that a row of a private message tells. What has left the listing goes by the venue's name. */
export function rowEvent<K extends keyof Told>(type: K, { idOf, keyOf = idOf, timeOf, read }: RowEventSpec<Told[K]>): RowEvents {
  return (row, { venue, receivedAt, symbolOf }) => {
    const venueSymbol = idOf(row);
    const symbol = symbolOf(keyOf(row));
    const told = read(venue, symbol ?? venueSymbol, row);
    return [{ type, venue, symbol, venueSymbol, venueTime: timeOf(row), receivedAt, [type]: told } as never];
  };
}

/** Balances as events. @param venueTime ms; `null` where the message does not say */
export function balanceEvents(
  balances: readonly Omit<Balance, 'venue'>[],
  venueTime: number | null,
  { venue, receivedAt }: PrivatePlace,
): readonly AccountEvent[] {
  return balances.map((balance) => ({ type: 'balance', venue, venueTime, receivedAt, balance: { venue, ...balance } }));
}
