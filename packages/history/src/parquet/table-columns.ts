import {
  COMMON_SLOTS,
  type Column,
  flag,
  integer,
  micros,
  RECEIVED_AT,
  RECOVERED,
  SEQ,
  VENUE_TIME,
} from '../datasets/columns.js';
import type { DatasetName } from '../datasets/dataset.js';
import { DATASETS } from '../datasets/table.js';
import { ChoiceColumn, ConstantColumn } from './columns/choice.js';
import type { ColumnWriter, SlotColumn } from './columns/column.js';
import { FlagColumn } from './columns/flag.js';
import { LevelsColumn } from './columns/levels.js';
import { NumberColumn } from './columns/number.js';
import { TextColumn } from './columns/text.js';
import { TYPE } from './format.js';

/** Sides of depth rows. */
const BOOK_SIDES = ['bid', 'ask'] as const;

/** The writers of a dataset's columns, by what fills them. */
export interface TableColumns {
  /** In the order of the file. */
  readonly all: readonly ColumnWriter[];
  readonly time: NumberColumn;
  readonly exchange: ConstantColumn;
  readonly symbol: ConstantColumn;
  /** Filled from a slot of the log's rows. */
  readonly slots: readonly { readonly column: SlotColumn; readonly at: number }[];
  readonly texts: readonly { readonly column: TextColumn; readonly at: number }[];
  /** Datasets of which each level is a row. */
  readonly rows: { readonly side: ChoiceColumn; readonly price: NumberColumn; readonly size: NumberColumn } | undefined;
  /** Datasets of which each row has whole books. */
  readonly lists: { readonly bids: LevelsColumn; readonly asks: LevelsColumn } | undefined;
}

export function tableColumns(dataset: DatasetName): TableColumns {
  const { columns, levels } = DATASETS[dataset];
  const slots: { column: SlotColumn; at: number }[] = [];
  const texts: { column: TextColumn; at: number }[] = [];
  const fromSlot = (column: Column, at: number): ColumnWriter => {
    if (column.kind === 'text') {
      const writer = new TextColumn(column.name);
      texts.push({ column: writer, at });
      return writer;
    }
    const writer = slotColumn(column);
    slots.push({ column: writer, at });
    return writer;
  };
  const float = (name: string) => new NumberColumn(name, { type: TYPE.double });
  const time = new NumberColumn('timestamp', { type: TYPE.int64, meaning: 'millis', factor: 1 });
  const [exchange, symbol] = [new ConstantColumn('exchange'), new ConstantColumn('symbol')];
  const lists = levels === 'lists' ? { bids: new LevelsColumn('bids'), asks: new LevelsColumn('asks') } : undefined;
  const rows =
    levels === 'rows' ? { side: new ChoiceColumn('side', BOOK_SIDES), price: float('price'), size: float('size') } : undefined;
  const all = [
    time,
    exchange,
    symbol,
    ...Object.values(lists ?? {}),
    ...columns.map((column, i) => fromSlot(column, COMMON_SLOTS + i)),
    ...Object.values(rows ?? {}),
    fromSlot(integer('seq'), SEQ),
    fromSlot(micros('received_at'), RECEIVED_AT),
    fromSlot(micros('venue_time'), VENUE_TIME),
    fromSlot(flag('recovered'), RECOVERED),
  ];
  return { all, time, exchange, symbol, slots, texts, rows, lists };
}

function slotColumn(column: Column): SlotColumn {
  switch (column.kind) {
    case 'float':
      return new NumberColumn(column.name, { type: TYPE.double });
    case 'integer':
      return new NumberColumn(column.name, { type: TYPE.int64, factor: 1 });
    case 'time':
      return new NumberColumn(column.name, { type: TYPE.int64, meaning: 'millis', factor: 1 });
    case 'micros':
      return new NumberColumn(column.name, { type: TYPE.int64, meaning: 'micros', factor: 1000 });
    case 'flag':
      return new FlagColumn(column.name);
    case 'choice':
      return new ChoiceColumn(column.name, column.values);
    default:
      throw new Error(`${column.name} is not filled from slots`);
  }
}
