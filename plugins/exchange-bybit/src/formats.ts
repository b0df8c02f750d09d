import { SpeedError } from '@speed-protocol/core';
import { type IntervalNames, intervalNames, type Page } from '@speed-protocol/wire';
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
export const INTERVALS: IntervalNames = intervalNames({
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
});

/** A page of a list, and the cursor of the next one. */
export function pageFromWire<T>({ list, nextPageCursor }: WireList<T>): Page<T, string> {
  return { rows: list, next: nextPageCursor ? decodeURIComponent(nextPageCursor) : undefined };
}
