import { type CheckResult, type ExchangeUnderTest, runConformance } from '@speed-protocol/conformance/exchange';
import type { Connector, FeedName, MarketData, SpeedEvent } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import dialect from '../src/sim/index.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

type Hear = (event: SpeedEvent) => void;
/** What is done to the events of a subscription on their way to its listener. */
type Sabotage = (feed: FeedName, on: Hear) => Hear;

/** The plugin with a saboteur between its market data and whoever listens. */
function sabotaged(sabotage: Sabotage): ExchangeUnderTest {
  const create = (...parameters: Parameters<typeof manifest.create>) => {
    const connector = manifest.create(...parameters) as unknown as Connector;
    const market = connector.market as MarketData;
    const subscribe = ((feed, symbol, on, options) =>
      market.subscribe(feed, symbol, sabotage(feed, on as Hear) as never, options)) as MarketData['subscribe'];
    return proxy(connector, { market: proxy(market, { subscribe }) });
  };
  return { dialect, manifest: { ...manifest, create } as unknown as ExchangeUnderTest['manifest'] };
}

function proxy<T extends object>(of: T, replaced: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(of, {
    get(target, key) {
      if (key in replaced) return replaced[key as keyof T];
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const SABOTAGES: readonly (readonly [name: string, only: string, sabotage: Sabotage])[] = [
  ['swallows every 20th delta', 'depth: figures', (_, on) => every(20, on)],
  ['says nothing of gaps', 'resync: heals after a cut', (_, on) => (event) => event.type !== 'gap' && on(event)],
  ['turns sides around', 'trade: figures', (_, on) => (event) => on(turned(event))],
  ['makes up a quote', 'quote: figures', (_, on) => (event) => on(event.type === 'quote' ? { ...event, bidSize: 0.5 } : event)],
  ['names another symbol', 'ticker: streams', (_, on) => (event) => on({ ...event, symbol: 'BTC/EUR' })],
  ['stops after the first disconnect', 'candle: goes on after a cut', (_, on) => untilGap(on)],
  ['dates events ahead', 'depth: streams', (_, on) => (event) => on({ ...event, venueTime: event.receivedAt + 1_000 })],
];

/** A checker that has never failed proves nothing: each of these must be noticed. */
describe(`the conformance suites, seed ${seed} (SPEED_SEED),`, () => {
  it.each(SABOTAGES)('notice a connector that %s', async (_, only, sabotage) => {
    const report = await runConformance(sabotaged(sabotage), { seed, only, venues: ['binanceusdm'] });
    expect(report.results.map(({ failure }: CheckResult) => typeof failure)).toEqual(['string']);
    expect(Object.values(report.matrix['binanceusdm'] ?? {})).toEqual([false]);
  });

  it('and find nothing wrong with an honest one', async () => {
    const report = await runConformance(
      sabotaged((_feed, on) => on),
      { seed, only: 'figures', venues: ['binanceusdm'] },
    );
    expect(report.results.map(({ failure }) => failure)).toEqual(Array(8).fill(undefined));
  });
});

function every(n: number, on: Hear): Hear {
  let count = 0;
  return (event) => {
    if (++count % n !== 0) on(event);
  };
}

function turned(event: SpeedEvent): SpeedEvent {
  return event.type === 'trade' ? { ...event, side: event.side === 'buy' ? 'sell' : 'buy' } : event;
}

function untilGap(on: Hear): Hear {
  let over = false;
  return (event) => {
    over ||= event.type === 'gap';
    if (!over) on(event);
  };
}
