import type { Clock } from '@speed-protocol/core';

/**
 * Calls at every multiple of an interval, once, until it is stopped. A timer may fire a little before its time: the next one is
 * then not the same again. Late ones skip what has passed.
 * @param tick gets the multiple, ms
 */
export function onGrid(clock: Clock, intervalMs: number, tick: (due: number) => void): () => void {
  let cancel: () => void = () => {};
  let due = Number.NaN;
  const plan = () => {
    const now = clock.now();
    const next = (Math.floor(now / intervalMs) + 1) * intervalMs;
    due = next === due ? next + intervalMs : next;
    cancel = clock.schedule(due - now, () => {
      const reached = due;
      plan();
      tick(reached);
    });
  };
  plan();
  return () => cancel();
}
