import { SpeedError } from '@speed-protocol/core';
import { asRow, type IntervalNames, inMinutes, intervalNames, type Page, type Row } from '@speed-protocol/wire';
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
  ...inMinutes('1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h'),
  ...{ '1d': 'D', '1w': 'W', '1M': 'M' },
});

/** What is inside an answer: of a batch also what became of each order, which stands beside the result. */
export function withCodes(result: unknown, beside: unknown): unknown {
  const { list } = asRow(beside);
  return list === undefined ? result : { ...asRow(result), codes: list };
}

/** A page of a list, and the cursor of the next one. */
export function pageFromWire({ list, nextPageCursor }: WireList<Row>): Page<Row, string> {
  return { rows: list, next: nextPageCursor ? decodeURIComponent(nextPageCursor) : undefined };
}
