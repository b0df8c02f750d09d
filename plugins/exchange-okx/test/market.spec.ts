import type { Simulated } from '@speed-protocol/conformance/exchange';
import { type Connector, type FeedName, SpeedError, type SpeedEvent, type Subscription } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SYMBOLS = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];

describe(`okx against the simulator (SPEED_SEED=${seed})`, () => {
  let world: Simulated;
  let connector: Connector;

  beforeEach(async () => {
    world = await simulate({ seed, symbols: SYMBOLS, flow: { liquidationSeconds: 2 } });
    connector = world.connect('okx');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const subscribe = (feed: FeedName, symbol: string, on: (event: SpeedEvent) => void, options = {}): Promise<Subscription> =>
    world.settled(connector.market!.subscribe(feed, symbol, on, options), `${feed} of ${symbol}`);

  it('loses no trade over a cut: what was missed comes from REST, marked as recovered', async () => {
    const ids: number[] = [];
    const events: SpeedEvent[] = [];
    await subscribe('trade', 'BTC/USDT:USDT', (event) => {
      events.push(event);
      if (event.type === 'trade') ids.push(Number(event.id));
    });
    await world.until(() => ids.length > 10, 'trades');
    world.sim.faults.inject({ kind: 'maintenance', venue: 'okx', durationMs: 4_000 });
    await world.until(() => events.some((event) => event.type === 'gap'), 'the gap to be told');
    const count = ids.length;
    await world.until(() => ids.length > count + 20, 'trades to go on');
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => ids[0]! + i));
    expect(events.some((event) => event.recovered === true)).toBe(true);
  });

  it.each(['depth', 'trade', 'quote', 'ticker', 'candle'] as const)('streams %s of spot', async (feed) => {
    const events: SpeedEvent[] = [];
    await subscribe(feed, 'BTC/USDT', (event) => void events.push({ ...event }));
    await world.until(() => events.length >= 2, 'two events');
    for (const event of events)
      expect(event).toMatchObject({ type: feed, venue: 'okx', symbol: 'BTC/USDT', venueSymbol: 'BTC-USDT' });
  });

  it.each(['funding', 'liquidation', 'openInterest'] as const)('has no %s of spot, and says so', async (feed) => {
    const refused = connector.market!.subscribe(feed, 'BTC/USDT', () => {}).catch((error: unknown) => error);
    const error = await world.settled(refused, 'the refusal');
    expect(SpeedError.is(error, 'unsupported'), String(error)).toBe(true);
    expect(String(error)).toContain(`okx has no ${feed} of BTC/USDT`);
  });

  it('tells rate, interval, mark and index price of funding in one event', async () => {
    const events: SpeedEvent[] = [];
    await subscribe('funding', 'BTC/USDT:USDT', (event) => void events.push({ ...event }));
    const whole = () => events.find((event) => event.type === 'funding' && event.rate !== null && event.indexPrice !== null);
    await world.until(() => whole() !== undefined, 'a whole event');
    const { funding, pricing } = world.sim.oracle.market('okx', 'BTC/USDT:USDT');
    const event = whole();
    if (event?.type !== 'funding') throw new Error('no event');
    expect(event).toMatchObject({
      intervalHours: 8,
      predictedRate: null,
      nextFundingTime: funding!.nextTime(world.sim.clock.now()),
    });
    expect(Math.abs(event.markPrice! / pricing.mark(world.sim.clock.now()) - 1)).toBeLessThan(0.001);
    expect(Math.abs(event.indexPrice! / pricing.indexPrice(world.sim.clock.now()) - 1)).toBeLessThan(0.001);
  });

  it('tells each contract its own liquidations, over one subscription', async () => {
    const own: Record<string, string[]> = { 'BTC/USDT:USDT': [], 'BTC/USD:BTC': [] };
    for (const symbol of Object.keys(own)) {
      await subscribe('liquidation', symbol, (event) => void own[symbol]!.push(event.venueSymbol));
    }
    await world.until(() => Object.values(own).every((seen) => seen.length >= 2), 'liquidations of both');
    for (const [symbol, seen] of Object.entries(own)) {
      const { venueSymbol } = world.sim.oracle.market('okx', symbol).listing;
      expect(new Set(seen)).toEqual(new Set([venueSymbol]));
    }
    expect(connector.connections().map(({ topics }) => topics)).toEqual([1]);
  });

  it('gives funding of a dated future as prices alone, and refuses that of spot', async () => {
    const { funding, reference } = connector;
    const list = await world.settled(reference.instruments(), 'instruments');
    const dated = list.find(({ kind }) => kind === 'future')!;
    const now = await world.settled(funding!.current(dated.symbol), 'funding');
    expect(now).toMatchObject({ rate: null, nextFundingTime: null, intervalHours: null, apr: null });
    expect(now.markPrice).toBeGreaterThan(0);
    expect(await world.settled(funding!.history(dated.symbol), 'history')).toEqual([]);
    const refused = funding!.current('BTC/USDT').catch((error: unknown) => error);
    expect(SpeedError.is(await world.settled(refused, 'the refusal'), 'unsupported')).toBe(true);
  });
});
