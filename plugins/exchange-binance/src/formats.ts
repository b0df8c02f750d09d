import { SpeedError } from '@speed-protocol/core';
import { candleColumns, type Params, type Span } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import type { WireCandle } from './types.js';

/** Both ends included, as ours. */
export function spanToWire({ since, until, limit }: Span): Params {
  return { startTime: since, endTime: until, limit };
}

/** The buyer made: the taker sold. */
export function sideFromWire(isBuyerMaker: boolean): 'buy' | 'sell' {
  return isBuyerMaker ? 'sell' : 'buy';
}

/** Depths that the venue serves. Spot takes any up to the last. */
const DEPTH_LIMITS: Readonly<Record<VenueId, readonly number[]>> = {
  binance: [100, 500, 1000, 5000],
  binanceusdm: [5, 10, 20, 50, 100, 500, 1000],
  binancecoinm: [5, 10, 20, 50, 100, 500, 1000],
};

/** The `limit` to ask for so that at least `levels` come: the next one that the venue serves, the deepest at most. */
export function depthLimitToWire(venue: VenueId, levels: number): number {
  const limits = DEPTH_LIMITS[venue];
  return limits.find((limit) => limit >= levels) ?? limits[limits.length - 1]!;
}

/** `closed` once its last millisecond is over by the venue's clock. */
export function candleFromWire(wire: WireCandle, venueNow: number) {
  const closeTime = wire[6];
  return { ...candleColumns(wire), closed: closeTime < venueNow };
}

/** Candle lengths of a venue in ms; `1M` has none of its own. */
const INTERVAL_UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Interval as the venue spells it, after a check.
 * @throws SpeedError `unsupported` listing what there is
 */
export function intervalToWire(interval: string, known: readonly string[], venue: VenueId): string {
  if (known.includes(interval)) return interval;
  throw new SpeedError('unsupported', `${venue} has no candles of "${interval}"; it has ${known.join(', ')}`, { venue });
}

/** Nominal length of an interval, ms; 31 days for a month. */
export function intervalMs(interval: string): number {
  const unit = INTERVAL_UNIT_MS[interval.slice(-1)];
  return unit === undefined ? 31 * 86_400_000 : unit * Number(interval.slice(0, -1));
}
