import type { PnlView } from '@speed-protocol/protocol';
import { expect, it } from 'vitest';
import { PnlSeries } from './pnl-series.js';

it('keeps the newest state, and a line whose first and last points are those of the order', () => {
  const series = new PnlSeries('a');
  for (let at = 0; at <= 5000; at++) series.add({ netPnl: `${at}`, open: true } as PnlView, at * 1000);
  expect(series.latest?.netPnl).toBe('5000');
  expect([series.times[0], series.values[0], series.times.at(-1), series.values.at(-1)]).toEqual([0, 0, 5000, 5000]);
  expect(series.times.length).toBeLessThanOrEqual(2000);
  expect(series.times).toEqual(series.times.toSorted((a, b) => a - b));
});

it('draws nothing where no mark price is known', () => {
  const series = new PnlSeries('a');
  series.add({ netPnl: null } as PnlView);
  expect([series.times, series.latest?.netPnl]).toEqual([[], null]);
});
