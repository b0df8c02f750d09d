import type { Simulated } from '@speed-protocol/conformance/exchange';
import { SpeedError } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate, type VenueId } from './helpers/simulated.js';

const VENUES: readonly VenueId[] = ['binance', 'binanceusdm', 'binancecoinm'];

let world: Simulated;
beforeEach(async () => {
  world = await simulate({ seed: 7 });
});
afterEach(() => world[Symbol.asyncDispose]());

describe.each(VENUES)('%s against the simulator', (venue) => {
  it('respects a ban: nothing goes out until it is over', async () => {
    const { reference } = world.connect(venue);
    world.sim.faults.inject({ kind: 'http', status: 418, retryAfterSeconds: 600, venue, path: '/time', count: 1 });
    const banned = await world.settled(
      reference.serverTime().catch((error: unknown) => error),
      'ban',
    );
    expect(SpeedError.is(banned, 'rate-limited') && banned.retryAfterMs).toBe(600_000);
    const refused = await world.settled(
      reference.serverTime().catch((error: unknown) => error),
      'refusal',
    );
    expect(SpeedError.is(refused, 'rate-limited') && refused.message).toContain('nothing was sent');
    world.sim.clock.advance(600_000);
    expect(await world.settled(reference.serverTime(), 'time after the ban')).toBeGreaterThan(0);
  });
});
