import { SpeedError } from '@speed-protocol/core';
import type { Page } from '@speed-protocol/wire';
import type { VenueId } from './config.js';
import type { WireList } from './types.js';

const SIDES: Readonly<Record<string, 'buy' | 'sell'>> = { Buy: 'buy', Sell: 'sell' };

/**
 * Side of the taker.
 * @throws SpeedError `protocol` when it is neither
 */
export function sideFromWire(side: string): 'buy' | 'sell' {
  const known = SIDES[side];
  if (known) return known;
  throw new SpeedError('protocol', `field "side" must be Buy or Sell and is ${JSON.stringify(side)}`);
}

/** Minutes, or a letter for days, weeks and months. */
const INTERVALS: Readonly<Record<string, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': 'D',
  '1w': 'W',
  '1M': 'M',
};
const BY_NAME: ReadonlyMap<string, string> = new Map(Object.entries(INTERVALS).map(([interval, name]) => [name, interval]));

/**
 * The venue's name of an interval.
 * @throws SpeedError `unsupported` listing what there is
 */
export function intervalToWire(interval: string, venue: VenueId): string {
  const name = Object.hasOwn(INTERVALS, interval) ? INTERVALS[interval] : undefined;
  if (name !== undefined) return name;
  throw new SpeedError('unsupported', `${venue} has no candles of "${interval}"; it has ${Object.keys(INTERVALS).join(', ')}`, {
    venue,
  });
}

/** What is unknown keeps the venue's name. */
export function intervalFromWire(name: string): string {
  return BY_NAME.get(name) ?? name;
}

/** A page of a list, and the cursor of the next one. */
export function pageFromWire<T>({ list, nextPageCursor }: WireList<T>): Page<T, string> {
  return { rows: list, next: nextPageCursor ? decodeURIComponent(nextPageCursor) : undefined };
}
