import { asRow, type IntervalNames, inMinutes, intervalNames, type Page, type Row, sideReader } from '@speed-protocol/wire';
import type { WireList } from './types.js';

/** Side of the taker. */
export const sideFromWire = sideReader({ Buy: 'buy', Sell: 'sell' });

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
