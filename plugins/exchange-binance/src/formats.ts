import type { Params, Span } from '@speed-protocol/wire';
import type { VenueId } from './config.js';

/** Both ends included, as ours. */
export function spanToWire({ since, until, limit }: Span): Params {
  return { startTime: since, endTime: until, limit };
}

/** The buyer made: the taker sold. */
export function sideFromWire(isBuyerMaker: boolean): 'buy' | 'sell' {
  return isBuyerMaker ? 'sell' : 'buy';
}

const FUTURES_DEPTHS = [5, 10, 20, 50, 100, 500, 1000];
/** Depths that the venue serves. Spot takes any up to the last. */
const DEPTHS: Readonly<Record<VenueId, readonly number[]>> = {
  binance: [100, 500, 1000, 5000],
  binanceusdm: FUTURES_DEPTHS,
  binancecoinm: FUTURES_DEPTHS,
};

/** The `limit` to ask for so that at least `levels` come: the next one that the venue serves, the deepest at most. */
export function depthLimitToWire(venue: VenueId, levels: number): number {
  return DEPTHS[venue].find((limit) => limit >= levels) ?? DEPTHS[venue].at(-1)!;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w'];

/** The interval of candles that are this long, ms; months have no length of their own. */
export function intervalOfLength(ms: number): string | undefined {
  return INTERVALS.find((interval) => Number(interval.slice(0, -1)) * UNIT_MS[interval.at(-1)!]! === ms);
}
