import assert from 'node:assert/strict';
import { FEED_NAMES, type FeedName, type MarketDeclaration, SpeedError, type SpeedEvent } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { assertFigures } from './figures.js';

const room = 'market data';
/** Only options have them, and no simulated venue lists options: each plugin's own tests hold what it reads of them. */
const OF_OPTIONS: FeedName = 'greeks';
/** Some feeds are slow, and some only asked for now and then. */
const EVENT_MS = 300_000;
const DAY_MS = 86_400_000;

/** What holds for each feed that is declared, and for those that are not. */
export function feedRows(market: MarketDeclaration): readonly CheckRow[] {
  const declared = new Set(market.feeds);
  return FEED_NAMES.filter((feed) => feed !== OF_OPTIONS).flatMap((feed) =>
    declared.has(feed) ? declaredRows(feed) : [absentRow(feed)],
  );
}

function declaredRows(feed: FeedName): readonly CheckRow[] {
  const row = (name: string, run: CheckRow['run']): CheckRow => ({
    room,
    name: `${feed}: ${name}`,
    capability: `feed ${feed}`,
    run,
  });
  return [
    row('streams, and every event says what and whence it is', (bench) => streams(bench, feed)),
    row('figures are those of the market', (bench) => assertFigures(bench, feed)),
    row('two listeners hear the same; one leaving leaves the other', (bench) => shares(bench, feed)),
    row('goes on after a cut', (bench) => survivesCut(bench, feed)),
    row('an unknown symbol is refused by name, with the nearest one', (bench) => refusesUnknown(bench, feed)),
    row('an aborted subscription rejects with aborted, and nothing comes', (bench) => aborts(bench, feed)),
  ];
}

function absentRow(feed: FeedName): CheckRow {
  return {
    room,
    name: `${feed}: not declared, so refused as unsupported`,
    async run({ connector, world, symbol }) {
      const subscribing = connector.market?.subscribe(feed, symbol, () => {});
      if (!subscribing) return;
      const error = await world.failure(subscribing, `a subscription of ${feed}, which is not declared`);
      assert.ok(SpeedError.is(error, 'unsupported'), `works or fails otherwise, though not declared: ${String(error)}`);
    },
  };
}

const marketEvents = (events: readonly SpeedEvent[], feed: FeedName) => events.filter(({ type }) => type === feed);

async function streams(bench: Bench, feed: FeedName): Promise<void> {
  const begin = bench.world.now;
  const { events } = await bench.collect(feed);
  await bench.world.until(() => events.length >= 3, `three events of ${feed}`, EVENT_MS);
  const { listing } = bench.world.sim.oracle.market(bench.venue, bench.symbol);
  for (const event of events) {
    assert.deepEqual(
      [event.type, event.venue, event.symbol, event.venueSymbol],
      [feed, bench.venue, bench.symbol, listing.venueSymbol],
    );
    assert.ok(event.receivedAt >= begin && event.receivedAt <= bench.world.now, `received at ${event.receivedAt}`);
    if (event.venueTime === null) continue;
    assert.ok(event.venueTime <= event.receivedAt, `${event.venueTime} is in the future`);
    // Other units than ms are off by years.
    assert.ok(event.venueTime > event.receivedAt - DAY_MS, `${event.venueTime} is long ago`);
  }
}

async function shares(bench: Bench, feed: FeedName): Promise<void> {
  const [one, other] = [await bench.collect(feed), await bench.collect(feed)];
  await bench.world.until(() => one.events.length >= 2 && other.events.length >= 2, `events of ${feed} for both`, EVENT_MS);
  const common = one.events.at(-1) as SpeedEvent;
  assert.deepEqual(other.events.at(-1), common);
  await bench.world.settled(one.subscription[Symbol.asyncDispose](), 'one to leave');
  const [left, stayed] = [one.events.length, other.events.length];
  await bench.world.until(() => other.events.length >= stayed + 2, `events of ${feed} for the other`, EVENT_MS);
  assert.equal(one.events.length, left, 'the one that left still hears');
}

async function survivesCut(bench: Bench, feed: FeedName): Promise<void> {
  const { events } = await bench.collect(feed);
  await bench.world.until(() => events.length > 0, `an event of ${feed}`, EVENT_MS);
  bench.world.sim.faults.inject({ kind: 'cut', venue: bench.venue });
  await bench.world.pass(2_000);
  const before = marketEvents(events, feed).length;
  await bench.world.until(() => marketEvents(events, feed).length >= before + 2, `${feed} to go on`, EVENT_MS);
}

async function refusesUnknown(bench: Bench, feed: FeedName): Promise<void> {
  const error = await bench.world.failure(
    bench.market.subscribe(feed, `${bench.symbol}X`, () => {}),
    'an unknown symbol',
  );
  assert.ok(SpeedError.is(error, 'not-found'), String(error));
  assert.match(error.message, new RegExp(`"${bench.symbol}"`));
}

async function aborts(bench: Bench, feed: FeedName): Promise<void> {
  const events: SpeedEvent[] = [];
  const controller = new AbortController();
  const subscribing = bench.market.subscribe(feed, bench.symbol, (event) => void events.push(event), {
    signal: controller.signal,
  });
  controller.abort();
  const error = await bench.world.failure(subscribing, 'an aborted subscription');
  assert.ok(SpeedError.is(error, 'aborted'), String(error));
  await bench.world.pass(3_000);
  assert.equal(events.length, 0);
}
