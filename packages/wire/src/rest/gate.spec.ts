import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { randomFrom, seedOf } from '../../test/support/seed.js';
import { turn, VirtualClock } from '../../test/support/virtual-clock.js';
import { type BucketSpec, createRateGate, LANES, type Lane, type Permit, type RateGate } from './gate.js';
import { sharedRateGate } from './shared-gate.js';

const MINUTE = 60_000;
const WEIGHT: BucketSpec = { id: 'weight', limit: 100, intervalMs: MINUTE, header: 'x-used' };

function gateOf(clock: VirtualClock, ...more: BucketSpec[]): RateGate {
  return createRateGate({ buckets: [WEIGHT, ...more], clock });
}

/** Fills a bucket to the brim: cancels may use all of it. */
async function fill(gate: RateGate, weight = 100): Promise<void> {
  (await gate.acquire({ weight }, { lane: 'cancel' })).settle({ sent: true });
}

/** Notes when a permit comes. */
function watch(wait: Promise<Permit>): { granted: boolean; error: unknown } {
  const state = { granted: false, error: undefined as unknown };
  wait.then(
    () => {
      state.granted = true;
    },
    (error: unknown) => {
      state.error = error;
    },
  );
  return state;
}

describe('a gate', () => {
  it('lets go at once what fits, and holds the rest until the interval is over', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    await fill(gate);
    const held = watch(gate.acquire({ weight: 1 }));
    await clock.advance(MINUTE - 1);
    expect(held.granted).toBe(false);
    await clock.advance(MINUTE / 100);
    expect(held.granted).toBe(true);
  });

  it('counts a request in flight however long it takes, and a whole interval beyond its answer', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    const slow = await gate.acquire({ weight: 100 }, { lane: 'cancel' });
    const held = watch(gate.acquire({ weight: 1 }, { maxWaitMs: 10 * MINUTE }));
    await clock.advance(3 * MINUTE);
    expect(held.granted).toBe(false);
    slow.settle({ sent: true });
    await clock.advance(MINUTE - 1);
    expect(held.granted).toBe(false);
    await clock.advance(MINUTE / 100);
    expect(held.granted).toBe(true);
  });

  it('gives back what was never sent, once', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    const permit = await gate.acquire({ weight: 100 }, { lane: 'cancel' });
    const held = watch(gate.acquire({ weight: 1 }));
    permit.settle({ sent: false });
    permit.settle({ sent: false });
    await turn();
    expect(held.granted).toBe(true);
    expect(gate.usage()[0]?.used).toBe(1);
  });

  it('serves cancel before amend before place before read, and keeps a reserve for them', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    await fill(gate);
    const order: Lane[] = [];
    for (const lane of ['read', 'place', 'amend', 'cancel'] as const) {
      void gate.acquire({ weight: 40 }, { lane, maxWaitMs: 10 * MINUTE }).then((permit) => {
        order.push(lane);
        permit.settle({ sent: true });
      });
    }
    await clock.advance(5 * MINUTE);
    expect(order).toEqual(['cancel', 'amend', 'place', 'read']);

    const calm = gateOf(clock);
    for (let i = 0; i < 97; i++) (await calm.acquire({ weight: 1 })).settle({ sent: true });
    expect(watch(calm.acquire({ weight: 1 })).granted).toBe(false);
    const cancel = watch(calm.acquire({ weight: 1 }, { lane: 'cancel' }));
    await turn();
    expect(cancel.granted).toBe(true);
  });

  it('does not let a read pass a waiting cancel for the same bucket, but does for another', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock, { id: 'orders', limit: 10, intervalMs: 10_000 });
    await fill(gate, 60);
    const cancel = watch(gate.acquire({ weight: 50 }, { lane: 'cancel' }));
    const read = watch(gate.acquire({ weight: 1 }));
    const other = watch(gate.acquire({ orders: 1 }, { lane: 'place' }));
    await turn();
    expect([cancel.granted, read.granted, other.granted]).toEqual([false, false, true]);
  });

  it('takes the larger count that the venue reports', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    const permit = await gate.acquire({ weight: 1 });
    permit.settle({ sent: true, header: (name) => (name === 'x-used' ? '96' : undefined) });
    expect(gate.usage()[0]?.used).toBe(96);
    const held = watch(gate.acquire({ weight: 2 }));
    await turn();
    expect(held.granted).toBe(false);
    (await gate.acquire({ weight: 1 }, { lane: 'cancel' })).settle({ sent: true, header: () => '3' });
    expect(gate.usage()[0]?.used).toBe(97);
  });

  it('lets nothing through while paused, not even cancels, and goes on by itself', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock, { id: 'free', limit: 10, intervalMs: MINUTE });
    gate.pause(30_000);
    const cancel = watch(gate.acquire({ weight: 1 }, { lane: 'cancel' }));
    const free = watch(gate.acquire({ weight: 0 }));
    await clock.advance(29_999);
    expect([cancel.granted, free.granted]).toEqual([false, false]);
    await clock.advance(1);
    expect([cancel.granted, free.granted]).toEqual([true, true]);
  });

  it('pauses one bucket alone when told so', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock, { id: 'orders', limit: 10, intervalMs: 10_000 });
    gate.pause(30_000, 'orders');
    const place = watch(gate.acquire({ orders: 1 }, { lane: 'place' }));
    const read = watch(gate.acquire({ weight: 1 }));
    await turn();
    expect([place.granted, read.granted]).toEqual([false, true]);
  });

  it('refuses at once what would wait too long, and later what did', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    gate.pause(3 * 86_400_000);
    const banned = await gate.acquire({ weight: 1 }).catch((error: unknown) => error);
    expect(SpeedError.is(banned, 'rate-limited') && banned.retryAfterMs).toBe(3 * 86_400_000);
    expect(SpeedError.is(banned) && banned.outcomeKnown).toBe(true);

    const busy = gateOf(clock);
    await fill(busy);
    const impatient = watch(busy.acquire({ weight: 1 }, { maxWaitMs: 5_000 }));
    await clock.advance(5_000);
    expect(SpeedError.is(impatient.error, 'rate-limited')).toBe(true);
  });

  it('forgets an aborted waiter and leaves no timer behind', async () => {
    const clock = new VirtualClock();
    const gate = gateOf(clock);
    await fill(gate);
    const abort = new AbortController();
    const held = watch(gate.acquire({ weight: 1 }, { signal: abort.signal }));
    await turn();
    abort.abort();
    await turn();
    expect(SpeedError.is(held.error, 'aborted')).toBe(true);
    expect(clock.pending).toBe(0);
    await expect(gate.acquire({ weight: 1 }, { signal: abort.signal })).rejects.toSatisfy((error) =>
      SpeedError.is(error, 'aborted'),
    );
  });

  it('refuses unknown buckets and impossible costs by name', async () => {
    const gate = gateOf(new VirtualClock());
    await expect(gate.acquire({ wieght: 1 })).rejects.toThrow('no bucket "wieght"');
    await expect(gate.acquire({ weight: 101 })).rejects.toThrow('more than its limit 100');
    expect(() => createRateGate({ buckets: [], clock: new VirtualClock() })).toThrow('at least one bucket');
  });

  it('follows a limit that the venue publishes', async () => {
    const gate = gateOf(new VirtualClock());
    gate.setLimit('weight', 1000);
    gate.setLimit('unheard-of', 5);
    const permit = watch(gate.acquire({ weight: 500 }));
    await turn();
    expect(permit.granted).toBe(true);
  });

  it('charges every request where the venue counts requests', async () => {
    const gate = gateOf(new VirtualClock(), { id: 'raw', limit: 2, intervalMs: MINUTE, perRequest: 1 });
    await gate.acquire({ weight: 1 }, { lane: 'cancel' });
    await gate.acquire({ weight: 1 }, { lane: 'cancel' });
    const third = watch(gate.acquire({ weight: 1 }, { lane: 'cancel' }));
    await turn();
    expect(third.granted).toBe(false);
  });
});

describe('sharedRateGate', () => {
  it('is one gate per pool and clock', () => {
    const clock = new VirtualClock();
    const futures = sharedRateGate('venue-futures@live', [WEIGHT], clock);
    expect(sharedRateGate('venue-futures@live', [WEIGHT], clock)).toBe(futures);
    expect(sharedRateGate('venue-futures@testnet', [WEIGHT], clock)).not.toBe(futures);
    expect(sharedRateGate('venue-futures@live', [WEIGHT], new VirtualClock())).not.toBe(futures);
  });
});

/** Runs of the property; `ROUNDS=1000` for a long one. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 30);

/** What a venue counts: weight per window, windows beginning anywhere. */
class CountingVenue {
  readonly windows = new Map<number, number>();

  constructor(
    private readonly phase: number,
    private readonly intervalMs: number,
  ) {}

  count(at: number, weight: number): void {
    const window = Math.floor((at - this.phase) / this.intervalMs);
    this.windows.set(window, (this.windows.get(window) ?? 0) + weight);
  }

  reported(at: number): number {
    return this.windows.get(Math.floor((at - this.phase) / this.intervalMs)) ?? 0;
  }
}

describe('any traffic', () => {
  it('never puts more than the limit into any window, wherever windows begin, and cancels never wait behind others', async () => {
    const seed = seedOf('gate property');
    const random = randomFrom(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const clock = new VirtualClock();
      const limit = 20 + Math.floor(random() * 200);
      const intervalMs = 1_000 + Math.floor(random() * 60_000);
      const gate = createRateGate({ buckets: [{ id: 'weight', limit, intervalMs, header: 'x-used' }], clock });
      const venue = new CountingVenue(random() * intervalMs, intervalMs);
      let waitingCancels = 0;
      let granted = 0;

      const send = async (lane: Lane, weight: number): Promise<void> => {
        if (lane === 'cancel') waitingCancels++;
        const permit = await gate.acquire({ weight }, { lane, maxWaitMs: 1e9 });
        if (lane === 'cancel') waitingCancels--;
        else expect(waitingCancels, `seed ${seed} round ${round}: a ${lane} went before a cancel`).toBe(0);
        granted++;
        const latency = random() * intervalMs * 0.5;
        const countedAt = clock.now() + random() * latency;
        clock.schedule(countedAt - clock.now(), () => venue.count(clock.now(), weight));
        clock.schedule(latency, () =>
          permit.settle({ sent: true, header: () => (random() < 0.5 ? String(venue.reported(clock.now())) : undefined) }),
        );
      };

      const requests = 150;
      const pace = (intervalMs / limit) * random() * 4;
      for (let i = 0; i < requests; i++) {
        const weight = 1 + Math.floor(random() * Math.min(20, limit / 2));
        void send(LANES[Math.floor(random() * LANES.length)]!, weight);
        await clock.advance(random() * pace);
      }
      for (let i = 0; i < 1000 && granted < requests; i++) await clock.advance(intervalMs);
      await clock.advance(intervalMs);
      expect(granted, `seed ${seed} round ${round}`).toBe(requests);
      for (const [window, weight] of venue.windows) {
        expect(weight, `seed ${seed} round ${round} window ${window}`).toBeLessThanOrEqual(limit);
      }
    }
  });

  it('uses at least 95 % of what the venue allows when there is always something to do', async () => {
    const clock = new VirtualClock();
    const limit = 2400;
    const gate = createRateGate({ buckets: [{ id: 'weight', limit, intervalMs: MINUTE }], clock });
    let sent = 0;
    const worker = async (): Promise<void> => {
      for (;;) {
        const permit = await gate.acquire({ weight: 5 }, { maxWaitMs: 1e9 });
        sent += 5;
        await new Promise<void>((resolve) => void clock.schedule(100, resolve));
        permit.settle({ sent: true });
      }
    };
    for (let i = 0; i < 20; i++) void worker();
    const minutes = 20;
    await clock.advance(minutes * MINUTE);
    expect(sent).toBeGreaterThanOrEqual(0.95 * limit * minutes);
    expect(sent).toBeLessThanOrEqual(limit * (minutes + 1));
  });
});
