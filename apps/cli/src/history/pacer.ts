import type { SpeedEvent } from '@speed-protocol/core';

/** Waits until an event's time has come; nothing without a speed. */
export function pacer(speed: number | undefined, signal: AbortSignal): (event: SpeedEvent) => Promise<void> | undefined {
  if (speed === undefined) return () => undefined;
  const startedAt = performance.now();
  let first: number | undefined;
  return ({ venueTime, receivedAt }) => {
    const time = venueTime ?? receivedAt;
    first ??= time;
    const ms = startedAt + (time - first) / speed - performance.now();
    if (ms < 1) return undefined;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    });
  };
}
