import { type Decimal, type Order, SpeedError } from '@speed-protocol/core';
import { type Exact, exactOf, exactOrNull, exactUnlessZero, negated } from './exact.js';

/** A row of an answer or of a private message, as the venue sends it. Integers beyond 2^53 are strings. */
export type Row = Readonly<Record<string, unknown>>;

/** What holds fields, as a row; anything else holds none. */
export function asRow(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}

/** One field of ours, read out of a row. */
export type Cell<T> = (row: Row) => T;

/** Where each field of ours stands in a row. */
export type RowTable<T> = { readonly [K in Exclude<keyof T, 'venue' | 'symbol'>]: Cell<T[K]> };

/** What makes something of ours out of a row. @throws SpeedError `protocol` naming the field that is not as documented */
export type RowReader<T> = (venue: string, symbol: string, row: Row) => T;

/** Reads rows by a table, e.g. fee rates. */
export function tableReader<T>(table: { readonly [K in keyof T]: Cell<T[K]> }): (row: Row) => T {
  const cells = Object.entries<Cell<unknown>>(table);
  return (row) => {
    const read: Record<string, unknown> = {};
    for (const [name, cell] of cells) read[name] = cell(row);
    return read as T;
  };
}

/** Reads rows about an instrument by a table. */
export function rowReader<T extends { readonly venue: string; readonly symbol: string }>(table: RowTable<T>): RowReader<T> {
  const cells = Object.entries<Cell<unknown>>(table);
  return (venue, symbol, row) => {
    const read: Record<string, unknown> = { venue, symbol };
    for (const [name, cell] of cells) read[name] = cell(row);
    return read as T;
  };
}

/** As {@link rowReader}. Orders stand on the way of every command: a literal is made in half the time of a loop. */
export function orderReader(table: RowTable<Order>): RowReader<Order> {
  return (venue, symbol, row) => ({
    venue,
    symbol,
    clientOrderId: table.clientOrderId(row),
    venueOrderId: table.venueOrderId(row),
    side: table.side(row),
    type: table.type(row),
    timeInForce: table.timeInForce(row),
    status: table.status(row),
    price: table.price(row),
    amount: table.amount(row),
    filled: table.filled(row),
    averagePrice: table.averagePrice(row),
    reduceOnly: table.reduceOnly(row),
    positionSide: table.positionSide(row),
    reason: table.reason(row),
    updatedAt: table.updatedAt(row),
  });
}

/**
 * Cells of a row by the venue's names; of several names the first that says something counts. Nothing is said by what is
 * absent, `null` or `""`.
 */
export const cell = {
  /** @throws SpeedError `protocol` when nothing is said */
  text(...names: readonly string[]): Cell<string> {
    return (row) => {
      const said = first(row, names);
      if (said !== undefined) return String(said);
      throw new SpeedError('protocol', `field "${names.join('" or "')}" must say something`);
    };
  },
  textOrNull(...names: readonly string[]): Cell<string | null> {
    return (row) => {
      const said = first(row, names);
      return said === undefined ? null : String(said);
    };
  },
  /** ms; 0 where the venue does not say. */
  time(...names: readonly string[]): Cell<number> {
    return (row) => Number(first(row, names) ?? 0);
  },
  numberOrNull(name: string): Cell<number | null> {
    return (row) => {
      const said = first(row, [name]);
      return said === undefined ? null : Number(said);
    };
  },
  /** `true` and `"true"`. */
  flag(name: string): Cell<boolean> {
    return (row) => String(row[name]) === 'true';
  },
  /** @throws SpeedError `protocol` when it is no number */
  exact(...names: readonly string[]): Cell<Decimal> {
    return (row) => exactOf(first(row, names), names[0]!);
  },
  exactOrZero(name: string): Cell<Decimal> {
    return (row) => exactOf(first(row, [name]) ?? '0', name);
  },
  exactOrNull(...names: readonly string[]): Cell<Decimal | null> {
    return (row) => exactOrNull(first(row, names), names[0]!);
  },
  /** Where 0 says that there is none, too. */
  exactUnlessZero(...names: readonly string[]): Cell<Decimal | null> {
    return (row) => exactUnlessZero(first(row, names), names[0]!);
  },
  /** For venues whose fees are negative when they are paid. */
  negatedOrNull(name: string): Cell<Decimal | null> {
    return (row) => {
      const said = exactOrNull(first(row, [name]), name);
      return said === null ? null : negated(said);
    };
  },
  /** A word of the venue's, in ours. @throws SpeedError `protocol` when it is none of these */
  word<T>(name: string, words: Readonly<Record<string, T>>): Cell<T> {
    const ours = new Map(Object.entries(words));
    return (row) => {
      const found = ours.get(String(row[name]));
      if (found !== undefined) return found;
      throw new SpeedError('protocol', `field "${name}" is ${JSON.stringify(row[name])}, which is none that is known`);
    };
  },
  /** Other words mean none. */
  wordOrNull<T>(name: string, words: Readonly<Record<string, T>>): Cell<T | null> {
    const ours = new Map(Object.entries(words));
    return (row) => ours.get(String(row[name])) ?? null;
  },
  /** What the venue never tells. */
  always<const T>(value: T): Cell<T> {
    return () => value;
  },
};

function first(row: Row, names: readonly string[]): Exact | undefined {
  for (const name of names) {
    const said = row[name];
    if (said !== undefined && said !== null && said !== '') return said as Exact;
  }
  return undefined;
}

/** A table of words the other way around. */
export function turned<K extends string>(words: Readonly<Record<K, string>>): Readonly<Record<string, K>> {
  return Object.fromEntries(Object.entries(words).map(([ours, theirs]) => [theirs, ours as K]));
}
