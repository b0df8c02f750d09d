import { SpeedError } from '@speed-protocol/core';
import type { DatasetName } from './datasets/dataset.js';
import type { StreamId } from './datasets/stream.js';
import { datasetNamed } from './datasets/table.js';

/** One Parquet file's place: `<dataset>/date=YYYY-MM-DD/exchange=<venue>/pair=<pair>/<firstTs>-<lastTs>-<id>.parquet`. */
export interface FilePlace {
  readonly dataset: DatasetName;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly exchange: string;
  /** {@link pairOf} the symbol. */
  readonly pair: string;
  /** ms of the first and the last row. */
  readonly firstTs: number;
  readonly lastTs: number;
  readonly id: string;
}

export const HOUR_MS = 3_600_000;

/** `BTC/USDT` -> `BTC-USDT`, `BTC/USDT:USDT` -> `BTC-USDT_USDT`: the symbol as a folder's name. */
export const pairOf = ({ symbol, venueSymbol }: Pick<StreamId, 'symbol' | 'venueSymbol'>): string =>
  partition((symbol ?? venueSymbol).replace('/', '-').replace(':', '_'));

/** UTC day of a time in ms. */
export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A value as it may stand in a partition's name: everything unusual is percent-encoded, as Hive does; never `.` or `..`. */
function partition(value: string): string {
  const safe = encodeURIComponent(value).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return safe.replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

export function fileKey({ dataset, date, exchange, pair, firstTs, lastTs, id }: FilePlace): string {
  return `${dataset}/date=${date}/exchange=${exchange}/pair=${pair}/${firstTs}-${lastTs}-${id}.parquet`;
}

/** The place of a new file. */
export function placeOf(stream: StreamId, firstTs: number, lastTs: number, id: string): FilePlace {
  return {
    dataset: stream.dataset,
    date: dateOf(firstTs),
    exchange: partition(stream.venue),
    pair: pairOf(stream),
    firstTs,
    lastTs,
    id,
  };
}

const KEY = /^([a-z]+)\/date=(\d{4}-\d\d-\d\d)\/exchange=([^/]+)\/pair=([^/]+)\/(-?\d+)-(-?\d+)-([^/]+)\.parquet$/;

/** Inverse of {@link fileKey}, or `undefined` when the key is no recording's. */
export function parseFileKey(key: string): FilePlace | undefined {
  const match = KEY.exec(key);
  if (match === null) return undefined;
  const [, dataset, date, exchange, pair, firstTs, lastTs, id] = match as unknown as string[];
  try {
    return {
      dataset: datasetNamed(dataset!),
      date: date!,
      exchange: exchange!,
      pair: pair!,
      firstTs: Number(firstTs),
      lastTs: Number(lastTs),
      id: id!,
    };
  } catch (error) {
    if (SpeedError.is(error, 'config')) return undefined;
    throw error;
  }
}
