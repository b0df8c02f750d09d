import type { Simulated } from '@speed-protocol/conformance/exchange';
import type { Connector, FeedName, SpeedEvent, Subscription } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate, type VenueId } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const VENUES: readonly VenueId[] = ['binance', 'binanceusdm', 'binancecoinm'];
const seed = Number(process.env.SPEED_SEED ?? Date.now() % 2 ** 31);

describe.each(VENUES)(`%s against the simulator (SPEED_SEED=${seed})`, (venue) => {
  let world: Simulated;
  let connector: Connector;
  let symbol: string;

  beforeEach(async () => {
    world = await simulate({ seed, venues: [venue], flow: { liquidationSeconds: 2 } });
    connector = world.connect(venue);
    symbol = world.symbols(venue)[0]!;
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const subscribe = (feed: FeedName, on: (event: SpeedEvent) => void, of = symbol, options = {}): Promise<Subscription> =>
    world.settled(connector.market!.subscribe(feed, of, on, options), `${feed} of ${of}`);

  it('loses no trade over a cut: what was missed comes from REST, marked as recovered', async () => {
    const ids: number[] = [];
    const events: SpeedEvent[] = [];
    await subscribe('trade', (event) => {
      events.push(event);
      if (event.type === 'trade') ids.push(Number(event.id));
    });
    await world.until(() => ids.length > 10, 'trades');
    world.sim.faults.inject({ kind: 'maintenance', venue, durationMs: 4_000 });
    await world.until(() => events.some((event) => event.type === 'gap'), 'the gap to be told');
    const count = ids.length;
    await world.until(() => ids.length > count + 20, 'trades to go on');
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => ids[0]! + i));
    expect(events.some((event) => event.recovered === true)).toBe(true);
  });
});
