import type { Simulated } from '@speed-protocol/conformance/exchange';
import { type Connector, type FeedName, SpeedError, type SpeedEvent, type Subscription } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulate } from './helpers/simulated.js';

/** What every exchange must do is in the conformance suites; here is what this one does besides. */
const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SYMBOLS = ['BTC/USD:BTC', 'ETH/USD:ETH', 'BTC/USDC:USDC', 'BTC/USDC'];
const [BTC, ETH, LINEAR, SPOT] = SYMBOLS as [string, string, string, string];

describe(`deribit against the simulator (SPEED_SEED=${seed})`, () => {
  let world: Simulated;
  let connector: Connector;

  beforeEach(async () => {
    world = await simulate({ seed, symbols: SYMBOLS, flow: { liquidationSeconds: 2 } });
    connector = world.connect('deribit');
  });

  afterEach(() => world[Symbol.asyncDispose]());

  const subscribe = (feed: FeedName, symbol: string, on: (event: SpeedEvent) => void): Promise<Subscription> =>
    world.settled(connector.market!.subscribe(feed, symbol, on), `${feed} of ${symbol}`);

  it.each([BTC, ETH])('loses no trade of %s over a cut: what was missed comes from REST, marked as recovered', async (symbol) => {
    const ids: number[] = [];
    const events: SpeedEvent[] = [];
    await subscribe('trade', symbol, (event) => {
      events.push(event);
      // Those of ether begin with the market.
      if (event.type === 'trade') ids.push(Number(event.id.replace('ETH-', '')));
    });
    await world.until(() => ids.length > 10, 'trades');
    world.sim.faults.inject({ kind: 'maintenance', venue: 'deribit', durationMs: 4_000 });
    await world.until(() => events.some((event) => event.type === 'gap'), 'the gap to be told');
    const count = ids.length;
    await world.until(() => ids.length > count + 20, 'trades to go on');
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => ids[0]! + i));
    expect(events.some((event) => event.recovered === true)).toBe(true);
  });

  it.each(['depth', 'trade', 'quote', 'ticker', 'candle'] as const)('streams %s of spot', async (feed) => {
    const events: SpeedEvent[] = [];
    await subscribe(feed, SPOT, (event) => void events.push({ ...event }));
    await world.until(() => events.length >= 2, 'two events');
    for (const event of events) expect(event).toMatchObject({ type: feed, symbol: SPOT, venueSymbol: 'BTC_USDC' });
  });

  it.each(['funding', 'liquidation', 'openInterest'] as const)('has no %s of spot, and says so', async (feed) => {
    const refused = connector.market!.subscribe(feed, SPOT, () => {}).catch((error: unknown) => error);
    const error = await world.settled(refused, 'the refusal');
    expect(SpeedError.is(error, 'unsupported'), String(error)).toBe(true);
    expect(String(error)).toContain(`deribit has no ${feed} of ${SPOT}`);
  });

  it('serves ticker, funding and open interest from one subscription, and ends it with the last of them', async () => {
    const seen = new Set<string>();
    const feeds = ['ticker', 'funding', 'openInterest'] as const;
    const subscriptions = [];
    for (const feed of feeds) subscriptions.push(await subscribe(feed, BTC, ({ type }) => void seen.add(type)));
    await world.until(() => feeds.every((feed) => seen.has(feed)), 'all three');
    const topics = () => connector.connections().map((each) => each.topics);
    expect(topics()).toEqual([1]);
    for (const each of subscriptions.slice(0, 2)) await world.settled(Promise.resolve(each[Symbol.asyncDispose]()), 'the end');
    seen.clear();
    await world.until(() => seen.has('openInterest'), 'the last one to go on');
    expect([...seen]).toEqual(['openInterest']);
  });

  it('tells each contract its own liquidations; those that settle in one currency share a subscription', async () => {
    const own: Record<string, Set<string>> = { [BTC]: new Set(), [ETH]: new Set(), [LINEAR]: new Set() };
    for (const symbol of Object.keys(own)) await subscribe('liquidation', symbol, (event) => own[symbol]!.add(event.venueSymbol));
    await world.until(() => Object.values(own).every((names) => names.size > 0), 'liquidations of all');
    expect(Object.values(own).map((names) => [...names])).toEqual([['BTC-PERPETUAL'], ['ETH-PERPETUAL'], ['BTC_USDC-PERPETUAL']]);
    expect(connector.connections().map(({ topics }) => topics)).toEqual([3]);
  });

  it('gives funding of a dated future as prices alone, and refuses that of spot', async () => {
    const { funding, reference } = connector;
    const list = await world.settled(reference.instruments(), 'instruments');
    const dated = list.find(({ kind }) => kind === 'future')!;
    const now = await world.settled(funding!.current(dated.symbol), 'funding');
    expect(now).toMatchObject({ rate: null, nextFundingTime: null, intervalHours: null, apr: null });
    expect(now.markPrice).toBeGreaterThan(0);
    expect(await world.settled(funding!.history(dated.symbol), 'history')).toEqual([]);
    const refused = funding!.current(SPOT).catch((error: unknown) => error);
    expect(SpeedError.is(await world.settled(refused, 'the refusal'), 'unsupported')).toBe(true);
  });
});
