import { describe, expect, it } from 'vitest';
import { seriesOf } from './series.js';

const at = (time: number, bid = 99, ask = 101) => [time, bid, ask] as const;
const gap = (from: number | null) => ({ from, until: null, reason: 'disconnect', missed: null });

describe('the plotted series', () => {
  it('is the middle and the spread in basis points', () => {
    expect(seriesOf({ points: [at(1000), at(2000, 100, 100)], gaps: [] })).toEqual([
      [1, 2],
      [100, 100],
      [200, 0],
    ]);
  });

  it('breaks where something is missing, once however many holes there are between two points', () => {
    const [times, middles] = seriesOf({ points: [at(1000), at(2000), at(3000)], gaps: [gap(2000), gap(2500)] });
    expect(times).toEqual([1, 2, 2.5, 3]);
    expect(middles).toEqual([100, 100, null, 100]);
  });

  it('does not break before the first point or behind the last', () => {
    const [times] = seriesOf({ points: [at(1000), at(2000)], gaps: [gap(null), gap(500), gap(2000), gap(9000)] });
    expect(times).toEqual([1, 2]);
  });
});
