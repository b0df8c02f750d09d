import { expect, it } from 'vitest';
import { onGrid } from './grid.js';

/** A clock whose timers fire so many ms after their time, one after the other. */
function clockThatIsLateBy(...delays: readonly number[]) {
  let [now, fired] = [10_000.2, 0];
  const timers: (() => void)[] = [];
  return {
    clock: {
      now: () => now,
      schedule(ms: number, run: () => void) {
        const at = now + ms;
        const timer = () => {
          now = at + (delays[fired++] ?? 0);
          run();
        };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
    timers,
    fire: () => timers.shift()?.(),
  };
}

it('calls once for each multiple, also when timers fire before their time', () => {
  const { clock, fire } = clockThatIsLateBy(0, -0.4, 0.3, -0.4, -0.4);
  const seen: number[] = [];
  onGrid(clock, 1_000, (due) => seen.push(due));
  for (let k = 0; k < 6; k++) fire();
  expect(seen).toEqual([11_000, 12_000, 13_000, 14_000, 15_000, 16_000]);
});

it('does not make up for what it was late for, and stops', () => {
  const { clock, fire, timers } = clockThatIsLateBy(0, 2_500, 0);
  const seen: number[] = [];
  const stop = onGrid(clock, 1_000, (due) => seen.push(due));
  for (let k = 0; k < 3; k++) fire();
  expect(seen).toEqual([11_000, 12_000, 15_000]);
  stop();
  expect(timers).toEqual([]);
});

it('begins with the next multiple again when the clock is set back', () => {
  let now = 50_000.5;
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  const schedule = (ms: number, run: () => void) => {
    timers.push({ ms, run });
    return () => {};
  };
  const clock = { now: () => now, schedule };
  const seen: number[] = [];
  onGrid(clock, 1_000, (due) => seen.push(due));
  now = 20_000.5;
  timers[0]!.run();
  expect(timers[1]!.ms).toBeCloseTo(999.5, 6);
  now = 21_000;
  timers[1]!.run();
  expect(seen).toEqual([51_000, 21_000]);
});
