import { describe, expect, it } from 'vitest';
import { randomFrom, seedOf } from '../../test/support/seed.js';
import { ClockOffsetEstimator } from './clock-offset.js';

describe('ClockOffsetEstimator', () => {
  it('knows nothing before the first answer and then what it proves', () => {
    const offset = new ClockOffsetEstimator();
    expect([offset.offsetMs, offset.lowerMs, offset.upperMs]).toEqual([0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    offset.add({ sentAt: 1_000, receivedAt: 1_100, venueTime: 6_050, resolutionMs: 1 });
    expect([offset.lowerMs, offset.upperMs]).toEqual([4_950, 5_051]);
    expect(offset.venueTime(2_000)).toBe(7_000.5);
  });

  it('follows a step of the clock at once, and counts it', () => {
    const offset = new ClockOffsetEstimator();
    offset.add({ sentAt: 0, receivedAt: 10, venueTime: 5, resolutionMs: 1 });
    offset.add({ sentAt: 1_000, receivedAt: 1_010, venueTime: 6_005, resolutionMs: 1 });
    expect(offset.steps).toBe(1);
    expect(offset.offsetMs).toBeCloseTo(5_000, -1);
  });

  it('ignores answers that make no sense', () => {
    const offset = new ClockOffsetEstimator();
    offset.add({ sentAt: 10, receivedAt: 0, venueTime: 5, resolutionMs: 1 });
    offset.add({ sentAt: 0, receivedAt: 1, venueTime: Number.NaN, resolutionMs: 1 });
    expect(offset.samples).toBe(0);
  });

  it('always contains the truth: any skew, drift up to 500 ppm, any delays, seconds or ms', () => {
    const seed = seedOf('clock offset');
    const random = randomFrom(seed);
    for (let round = 0; round < 200; round++) {
      const offset = new ClockOffsetEstimator();
      const skew = (random() - 0.5) * 60_000;
      const drift = (random() - 0.5) * 2 * 500e-6;
      const truth = (local: number): number => skew + drift * local;
      let now = 0;
      for (let i = 0; i < 50; i++) {
        const sentAt = now;
        const readAt = sentAt + random() * 500;
        const receivedAt = readAt + random() * 500;
        const resolutionMs = random() < 0.5 ? 1 : 1000;
        const venueTime = Math.floor((readAt + truth(readAt)) / resolutionMs) * resolutionMs;
        offset.add({ sentAt, receivedAt, venueTime, resolutionMs });
        const where = `seed ${seed} round ${round} answer ${i}`;
        expect(offset.lowerMs, where).toBeLessThanOrEqual(truth(receivedAt) + 1);
        expect(offset.upperMs, where).toBeGreaterThanOrEqual(truth(receivedAt) - 1);
        now = receivedAt + random() * 60_000;
      }
      expect(offset.steps, `seed ${seed} round ${round}`).toBe(0);
    }
  });
});
