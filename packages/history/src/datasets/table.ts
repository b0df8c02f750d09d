import {
  type CandleEvent,
  type DepthEvent,
  type FeedName,
  type FundingEvent,
  type GapReason,
  type Levels,
  type LiquidationEvent,
  nearest,
  type QuoteEvent,
  SpeedError,
  type TradeEvent,
} from '@speed-protocol/core';
import { COMMON_SLOTS, choice, flag, float, integer, orNaN, text, time } from './columns.js';
import type { Dataset, DatasetName } from './dataset.js';

/** Why rows are missing: what the connector said, or what the recorder knows by itself. */
const GAP_REASONS = [
  'disconnect',
  'sequence',
  'overflow',
  'stale',
  'decode',
  /** Not recorded between a clean stop and the next start. */
  'stopped',
  /** Not recorded between a crash and the next start. */
  'crashed',
  /** A damaged log lost rows that had been recorded. */
  'damaged',
] as const;
export type StoredGapReason = (typeof GAP_REASONS)[number];

/** A periodic picture of the best levels. */
export interface BookSnapshot {
  readonly bids: Levels;
  readonly asks: Levels;
  /** The book's sequence at that moment; `null` when the venue sends none. */
  readonly sequence: number | null;
}

/** One hole in one dataset of one symbol. */
export interface GapRow {
  readonly dataset: DatasetName;
  readonly reason: StoredGapReason;
  /** Time of the last row before the hole, ms; `null` when nothing came before. */
  readonly from: number | null;
  /** Time of the first row after it, ms; `null` when it was still open: until the dataset's next row. */
  readonly until: number | null;
  /** Venue's sequence numbers on both sides, where there are any. */
  readonly lastSequence: number | null;
  readonly nextSequence: number | null;
  /** Events known to be missing; `null` when nobody can know. */
  readonly missed: number | null;
}

const SIDES = ['buy', 'sell'] as const;
const side = (value: 'buy' | 'sell') => (value === 'buy' ? 0 : 1);
/** The venues' own reason, where the store's list is longer. */
export const connectorReason = (reason: StoredGapReason): GapReason =>
  GAP_REASONS.indexOf(reason) < GAP_REASONS.indexOf('stopped') ? (reason as GapReason) : 'disconnect';

const depth: Dataset<DepthEvent> = {
  name: 'depth',
  feed: 'depth',
  levels: 'rows',
  columns: [flag('is_snapshot'), integer('sequence'), integer('prev_sequence')],
  write(event, { slots }, at) {
    slots[at] = event.kind === 'snapshot' ? 1 : 0;
    slots[at + 1] = orNaN(event.sequence);
    slots[at + 2] = orNaN(event.prevSequence);
  },
  read: (row) => ({
    kind: row.flag('is_snapshot') ? ('snapshot' as const) : ('delta' as const),
    sequence: row.optional('sequence'),
    prevSequence: row.optional('prev_sequence'),
    bids: row.bids(),
    asks: row.asks(),
  }),
};

const orderbooks: Dataset<BookSnapshot> = {
  name: 'orderbooks',
  levels: 'lists',
  columns: [integer('sequence')],
  write(snapshot, { slots }, at) {
    slots[at] = orNaN(snapshot.sequence);
  },
  read: (row) => ({ sequence: row.optional('sequence'), bids: row.bids(), asks: row.asks() }),
};

const trades: Dataset<TradeEvent> = {
  name: 'trades',
  feed: 'trade',
  levels: 'none',
  columns: [text('id'), float('price'), float('size'), choice('side', SIDES)],
  write(event, rows, at) {
    const { slots } = rows;
    slots[at] = rows.putText(event.id);
    slots[at + 1] = event.price;
    slots[at + 2] = event.size;
    slots[at + 3] = side(event.side);
  },
  read: (row) => ({
    id: row.text('id') ?? '',
    price: row.number('price'),
    size: row.number('size'),
    side: row.text('side') as 'buy' | 'sell',
  }),
};

const quotes: Dataset<QuoteEvent> = {
  name: 'quotes',
  feed: 'quote',
  levels: 'none',
  columns: [integer('sequence'), float('bid'), float('bid_size'), float('ask'), float('ask_size')],
  write(event, { slots }, at) {
    slots[at] = orNaN(event.sequence);
    slots[at + 1] = orNaN(event.bid);
    slots[at + 2] = orNaN(event.bidSize);
    slots[at + 3] = orNaN(event.ask);
    slots[at + 4] = orNaN(event.askSize);
  },
  read: (row) => ({
    sequence: row.optional('sequence'),
    bid: row.optional('bid'),
    bidSize: row.optional('bid_size'),
    ask: row.optional('ask'),
    askSize: row.optional('ask_size'),
  }),
};

const funding: Dataset<FundingEvent> = {
  name: 'funding',
  feed: 'funding',
  levels: 'none',
  columns: [
    float('rate'),
    float('predicted_rate'),
    time('next_funding_time'),
    float('interval_hours'),
    float('mark_price'),
    float('index_price'),
  ],
  write(event, { slots }, at) {
    slots[at] = orNaN(event.rate);
    slots[at + 1] = orNaN(event.predictedRate);
    slots[at + 2] = orNaN(event.nextFundingTime);
    slots[at + 3] = orNaN(event.intervalHours);
    slots[at + 4] = orNaN(event.markPrice);
    slots[at + 5] = orNaN(event.indexPrice);
  },
  read: (row) => ({
    rate: row.optional('rate'),
    predictedRate: row.optional('predicted_rate'),
    nextFundingTime: row.optional('next_funding_time'),
    intervalHours: row.optional('interval_hours'),
    markPrice: row.optional('mark_price'),
    indexPrice: row.optional('index_price'),
  }),
};

const candles: Dataset<CandleEvent> = {
  name: 'candles',
  feed: 'candle',
  levels: 'none',
  columns: [
    text('interval'),
    time('open_time'),
    float('open'),
    float('high'),
    float('low'),
    float('close'),
    float('volume'),
    flag('closed'),
  ],
  write(event, rows, at) {
    const { slots } = rows;
    slots[at] = rows.putText(event.interval);
    slots[at + 1] = event.openTime;
    slots[at + 2] = event.open;
    slots[at + 3] = event.high;
    slots[at + 4] = event.low;
    slots[at + 5] = event.close;
    slots[at + 6] = event.volume;
    slots[at + 7] = event.closed ? 1 : 0;
  },
  read: (row) => ({
    interval: row.text('interval') ?? '',
    openTime: row.number('open_time'),
    open: row.number('open'),
    high: row.number('high'),
    low: row.number('low'),
    close: row.number('close'),
    volume: row.number('volume'),
    closed: row.flag('closed'),
  }),
};

const liquidations: Dataset<LiquidationEvent> = {
  name: 'liquidations',
  feed: 'liquidation',
  levels: 'none',
  columns: [choice('side', SIDES), float('price'), float('size')],
  write(event, { slots }, at) {
    slots[at] = side(event.side);
    slots[at + 1] = event.price;
    slots[at + 2] = event.size;
  },
  read: (row) => ({ side: row.text('side') as 'buy' | 'sell', price: row.number('price'), size: row.number('size') }),
};

const NAMES: readonly DatasetName[] = ['orderbooks', 'depth', 'trades', 'quotes', 'funding', 'candles', 'liquidations', 'gaps'];

const gaps: Dataset<GapRow> = {
  name: 'gaps',
  levels: 'none',
  columns: [
    choice('dataset', NAMES),
    choice('reason', GAP_REASONS),
    time('from'),
    time('until'),
    integer('last_sequence'),
    integer('next_sequence'),
    integer('missed'),
  ],
  write(gap, { slots }, at) {
    slots[at] = NAMES.indexOf(gap.dataset);
    slots[at + 1] = GAP_REASONS.indexOf(gap.reason);
    slots[at + 2] = orNaN(gap.from);
    slots[at + 3] = orNaN(gap.until);
    slots[at + 4] = orNaN(gap.lastSequence);
    slots[at + 5] = orNaN(gap.nextSequence);
    slots[at + 6] = orNaN(gap.missed);
  },
  read: (row) => ({
    dataset: row.text('dataset') as DatasetName,
    reason: row.text('reason') as StoredGapReason,
    from: row.optional('from'),
    until: row.optional('until'),
    lastSequence: row.optional('last_sequence'),
    nextSequence: row.optional('next_sequence'),
    missed: row.optional('missed'),
  }),
};

/** Events and records of each dataset. */
export interface DatasetRecords {
  orderbooks: BookSnapshot;
  depth: DepthEvent;
  trades: TradeEvent;
  quotes: QuoteEvent;
  funding: FundingEvent;
  candles: CandleEvent;
  liquidations: LiquidationEvent;
  gaps: GapRow;
}

export const DATASETS: { readonly [K in DatasetName]: Dataset<DatasetRecords[K]> } = {
  orderbooks,
  depth,
  trades,
  quotes,
  funding,
  candles,
  liquidations,
  gaps,
};

/** In a fixed order: the log refers to them by number, so only append. */
export const DATASET_NAMES = NAMES;

/** Slots of one row of a dataset: the common ones, its own, and two counts when it has levels. */
export function rowWidth(name: DatasetName): number {
  const { columns, levels } = DATASETS[name];
  return COMMON_SLOTS + columns.length + (levels === 'none' ? 0 : 2);
}

/**
 * The dataset of that name.
 * @throws SpeedError `config` with the nearest name that exists
 */
export function datasetNamed(name: string): DatasetName {
  if ((NAMES as readonly string[]).includes(name)) return name as DatasetName;
  const hint = nearest(name, NAMES);
  throw new SpeedError(
    'config',
    `There is no dataset "${name}"${hint ? `; did you mean "${hint}"?` : ''} Datasets: ${NAMES.join(', ')}.`,
  );
}

/** The dataset that keeps a feed's events, where there is one. */
export const datasetOf: ReadonlyMap<string, DatasetName> = new Map(
  NAMES.flatMap((name) => (DATASETS[name].feed === undefined ? [] : [[DATASETS[name].feed as string, name] as const])),
);

/** The feed whose events a dataset keeps, where there is one. */
export const feedOf = (name: DatasetName): FeedName | undefined => DATASETS[name].feed;
