import type { Simulated } from '@speed-protocol/conformance/exchange';
import { type Connector, type FeedName, SpeedError, type SpeedEvent, type Subscription } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SYMBOLS = ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'];

describe(`bybit against the simulator (SPEED_SEED=${seed})`, () => {
  let world: Simulated;
  let connector: Connector;

  beforeEach(async () => {
    world = await simulate({ seed, symbols: SYMBOLS, flow: { liquidationSeconds: 2 } });
    connector = world.connect('bybit');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const subscribe = (feed: FeedName, symbol: string, on: (event: SpeedEvent) => void, options = {}): Promise<Subscription> =>
    world.settled(connector.market!.subscribe(feed, symbol, on, options), `${feed} of ${symbol}`);

  it.each(['depth', 'trade', 'quote', 'ticker', 'candle'] as const)(
    'streams %s of a spot pair and of the perpetual that the venue calls the same, each to its own',
    async (feed) => {
      const seen: Record<string, SpeedEvent[]> = { 'BTC/USDT': [], 'BTC/USDT:USDT': [] };
      for (const [symbol, events] of Object.entries(seen)) {
        await subscribe(feed, symbol, (event) => void events.push({ ...event }));
      }
      await world.until(() => Object.values(seen).every((events) => events.length >= 3), 'events of both');
      for (const [symbol, events] of Object.entries(seen)) {
        for (const event of events) expect(event).toMatchObject({ type: feed, venue: 'bybit', symbol, venueSymbol: 'BTCUSDT' });
      }
    },
  );

  it.each(['funding', 'liquidation', 'openInterest'] as const)('has no %s of spot, and says so', async (feed) => {
    const refused = connector.market!.subscribe(feed, 'BTC/USDT', () => {}).catch((error: unknown) => error);
    const error = await world.settled(refused, 'the refusal');
    expect(SpeedError.is(error, 'unsupported'), String(error)).toBe(true);
    expect(String(error)).toContain(`bybit has no ${feed} of BTC/USDT`);
  });

  it('tells rate, interval, mark and index price of funding in every event, though the venue tells only what has changed', async () => {
    const events: SpeedEvent[] = [];
    await subscribe('funding', 'BTC/USDT:USDT', (event) => void events.push({ ...event }));
    await world.until(() => events.length >= 5, 'events');
    const { funding, pricing } = world.sim.oracle.market('bybit', 'BTC/USDT:USDT');
    const now = world.sim.clock.now();
    for (const event of events) {
      if (event.type !== 'funding') throw new Error('no event of funding');
      expect(event).toMatchObject({ intervalHours: 8, nextFundingTime: funding!.nextTime(now) });
      expect(event.rate).not.toBeNull();
      expect(Math.abs(event.markPrice! / pricing.mark(now) - 1)).toBeLessThan(0.01);
      expect(Math.abs(event.indexPrice! / pricing.indexPrice(now) - 1)).toBeLessThan(0.01);
    }
  });

  it('gives a partial book whole every time, with the levels that were asked for', async () => {
    const events: SpeedEvent[] = [];
    await subscribe('depth', 'BTC/USDT:USDT', (event) => void events.push({ ...event }), { levels: 50 });
    await world.until(() => events.length >= 10, 'books');
    for (const event of events) {
      if (event.type !== 'depth') throw new Error('no book');
      expect(event.kind).toBe('snapshot');
      expect(Math.max(event.bids.count, event.asks.count)).toBeLessThanOrEqual(50);
    }
  });

  it('follows the numbers anew when the venue begins at 1 again', async () => {
    const events: SpeedEvent[] = [];
    await subscribe('depth', 'BTC/USDT:USDT', (event) => void events.push({ ...event }));
    await world.until(() => events.length >= 5, 'changes');
    world.sim.faults.inject({ kind: 'maintenance', venue: 'bybit', durationMs: 4_000 });
    const low = () => events.filter((event) => event.type === 'depth' && Number(event.sequence) < 1_000_000);
    await world.until(() => low().length >= 3, 'the book to go on');
    expect(low()[0]).toMatchObject({ kind: 'snapshot' });
    expect(events.some(({ type }) => type === 'gap')).toBe(true);
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
