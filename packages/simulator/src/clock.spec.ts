import { describe, expect, it } from 'vitest';
import { followRealTime, VirtualClock } from './clock.js';

describe('VirtualClock', () => {
  it('runs timers in order of time, then of arrival, each at its own instant', () => {
    const clock = new VirtualClock(1000);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
    clock.schedule(30, note('c'));
    clock.schedule(10, note('a'));
    clock.schedule(30, note('d'));
    clock.schedule(20, () => {
      note('b')();
      clock.schedule(5, note('b2'));
      clock.schedule(0, note('b1'));
    });
    clock.advance(29);
    expect(ran).toEqual(['a@1010', 'b@1020', 'b1@1020', 'b2@1025']);
    clock.advance(1);
    expect(ran.slice(4)).toEqual(['c@1030', 'd@1030']);
    expect(clock.now()).toBe(1030);
  });

  it('forgets cancelled timers, however often they are cancelled', () => {
    const clock = new VirtualClock(0);
    const cancel = clock.schedule(1, () => expect.unreachable());
    expect(clock.pending).toBe(1);
    cancel();
    cancel();
    expect(clock.pending).toBe(0);
    expect(clock.nextTimer).toBe(Number.POSITIVE_INFINITY);
    clock.advance(10);
  });

  it('never goes back', () => {
    const clock = new VirtualClock(100);
    clock.advanceTo(50);
    expect(clock.now()).toBe(100);
    let ran = 0;
    clock.scheduleAt(10, () => ran++);
    clock.advance(0);
    expect([ran, clock.now()]).toEqual([1, 100]);
  });

  it('is not advanced by its own timers', () => {
    const clock = new VirtualClock(0);
    clock.schedule(1, () => clock.advance(1));
    expect(() => clock.advance(5)).toThrow(/may not advance/);
    clock.advance(1);
    expect(clock.now()).toBe(2);
  });

  it('follows a real clock, and stops', () => {
    const real = new VirtualClock(0);
    const virtual = new VirtualClock(0);
    const ran: number[] = [];
    for (const at of [3, 15, 400]) virtual.schedule(at, () => ran.push(virtual.now()));
    const { catchUp, stop } = followRealTime(virtual, real);
    real.advance(20);
    expect(ran).toEqual([3, 15]);
    real.advance(379);
    catchUp();
    expect(virtual.now()).toBe(399);
    real.advance(20);
    expect(ran).toEqual([3, 15, 400]);
    stop();
    real.advance(1000);
    expect(virtual.now()).toBeLessThan(500);
  });
});
