import { systemClock } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { createRateGate } from './gate.js';
import { joinRateGates } from './joint-gate.js';

function gates() {
  const gate = (id: string, limit: number) =>
    createRateGate({ clock: systemClock, buckets: [{ id, limit, intervalMs: 60_000 }] });
  const shared = gate('weight', 100);
  const [first, second] = [gate('orders', 10), gate('orders', 10)];
  return { shared, first: joinRateGates(shared, first), second: joinRateGates(shared, second) };
}
const used = (gate: ReturnType<typeof joinRateGates>) =>
  Object.fromEntries(gate.usage().map(({ id, used: count }) => [id, count]));

describe('two gates as one', () => {
  it('what is shared is counted together, what is own apart', async () => {
    const { first, second } = gates();
    (await first.acquire({ weight: 5, orders: 2 })).settle({ sent: true });
    expect(used(first)).toEqual({ weight: 5, orders: 2 });
    expect(used(second)).toEqual({ weight: 5, orders: 0 });
    expect(first.firstBucket).toBe('weight');
  });

  it('gives back both where the request never left, or one of them has no room', async () => {
    const { first } = gates();
    (await first.acquire({ weight: 5, orders: 2 })).settle({ sent: false });
    expect(used(first)).toEqual({ weight: 0, orders: 0 });
    expect(first.tryAcquire({ weight: 101, orders: 2 })).toBeUndefined();
    expect(first.tryAcquire({ weight: 1, orders: 11 })).toBeUndefined();
    await expect(first.acquire({ weight: 101, orders: 2 })).rejects.toMatchObject({ kind: 'config' });
    expect(used(first)).toEqual({ weight: 0, orders: 0 });
  });

  it('pauses and limits the bucket that is named, wherever it is', async () => {
    const { first, second } = gates();
    first.pause(60_000, 'orders');
    expect(first.tryAcquire({ orders: 1 })).toBeUndefined();
    expect(first.tryAcquire({ weight: 1 })).toBeDefined();
    expect(second.tryAcquire({ orders: 1 })).toBeDefined();
    first.pause(60_000);
    expect(second.tryAcquire({ weight: 1 })).toBeUndefined();
    first.setLimit('orders', 7);
    first.setLimit('weight', 70);
    expect(first.usage().map(({ limit }) => limit)).toEqual([70, 7]);
  });
});
