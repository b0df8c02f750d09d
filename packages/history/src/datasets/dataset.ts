import type { FeedName, SpeedEvent } from '@speed-protocol/core';
import type { Column } from './columns.js';
import type { RowBuffer } from './rows.js';

export type DatasetName = 'orderbooks' | 'depth' | 'trades' | 'quotes' | 'funding' | 'candles' | 'liquidations' | 'gaps';

/**
 * How levels are kept. `rows`: one Parquet row per level (`side`, `price`, `size`), an event without levels is one row
 * with nulls there. `lists`: `bids` and `asks` as list<struct<price, size>>.
 */
type LevelShape = 'none' | 'rows' | 'lists';

/** One kind of record: a row of this table is all that a new dataset needs. */
export interface Dataset<E = SpeedEvent> {
  readonly name: DatasetName;
  /** The feed whose events it keeps; absent on datasets that no feed delivers as such. */
  readonly feed?: FeedName;
  readonly levels: LevelShape;
  /** Own columns, in the order of the slots that {@link write} fills. */
  readonly columns: readonly Column[];
  /** Writes one event's own slots at `at` (levels and text go to the buffer's other areas). */
  write(event: E, rows: RowBuffer, at: number): void;
  /** The members of the event beyond those that all events share. */
  read(row: RowReader): Omit<E, keyof SpeedEvent>;
}

/** One stored row, by column. Reading the wrong kind is a mistake in the dataset's table. */
export interface RowReader {
  number(column: string): number;
  optional(column: string): number | null;
  flag(column: string): boolean;
  text(column: string): string | null;
  bids(): import('@speed-protocol/core').Levels;
  asks(): import('@speed-protocol/core').Levels;
}
