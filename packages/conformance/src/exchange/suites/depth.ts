import assert from 'node:assert/strict';
import { type CandleEvent, type DepthEvent, levelsToPairs, type MarketDeclaration, SpeedError } from '@speed-protocol/core';
import { CANDLE_INTERVALS, candleBounds } from '@speed-protocol/simulator';
import type { Bench, CheckRow } from '../check.js';

const room = 'market data';

/** Two minutes before the end of a Friday: no two of the intervals in use have begun at the same time, so none passes for another. */
const NO_TWO_BEGIN_TOGETHER = Date.UTC(2026, 10, 20, 23, 58);

/** Snapshots, partial books, candle intervals: the feeds' options. */
export function optionRows(market: MarketDeclaration): readonly CheckRow[] {
  const rows: CheckRow[] = [];
  if (market.feeds.includes('depth')) rows.push(...depthRows(market.partialDepths ?? []));
  if (market.feeds.includes('candle')) rows.push(...candleRows(market.candleIntervals ?? []));
  return rows;
}

function depthRows(depths: readonly number[]): readonly CheckRow[] {
  return [
    {
      room,
      name: 'a depth snapshot equals the book at its sequence, level for level',
      capability: 'depth snapshot',
      async run({ market, world, venue }) {
        for (const symbol of world.symbols) {
          const { bids, asks, sequence } = await world.settled(market.depthSnapshot(symbol), 'a snapshot');
          const truth = world.sim.oracle.book(venue, symbol, sequence as number);
          assert.deepEqual(levelsToPairs(bids), truth.bids.slice(0, bids.count));
          assert.deepEqual(levelsToPairs(asks), truth.asks.slice(0, asks.count));
          const least = (side: readonly unknown[]) => Math.min(20, side.length);
          assert.ok(bids.count >= least(truth.bids) && asks.count >= least(truth.asks), `${bids.count} and ${asks.count} levels`);
        }
      },
    },
    ...depths.map((levels) => partialRow(levels)),
    {
      room,
      name: 'a partial depth that is not declared is refused, naming those that are',
      run: (bench) => refusesOption(bench, 'depth', { levels: 7 }, depths.map(String)),
    },
  ];
}

function partialRow(levels: number): CheckRow {
  return {
    room,
    name: `partial books of ${levels} levels come whole and sorted`,
    capability: `depth of ${levels} levels`,
    async run(bench) {
      const { events } = await bench.collect('depth', bench.symbol, { levels });
      await bench.world.until(() => events.length >= 3, 'three books');
      for (const event of events as readonly DepthEvent[]) {
        assert.deepEqual([event.type, event.kind, event.prevSequence], ['depth', 'snapshot', null]);
        const [bids, asks] = [event.bids, event.asks].map((side) => levelsToPairs(side).map(([price]) => price));
        assert.ok(bids && asks && bids.length <= levels && asks.length <= levels && bids.length > 0);
        assert.deepEqual(
          bids,
          bids.toSorted((a, b) => b - a),
        );
        assert.deepEqual(
          asks,
          asks.toSorted((a, b) => a - b),
        );
      }
    },
  };
}

function candleRows(intervals: readonly string[]): readonly CheckRow[] {
  return [
    {
      room,
      name: `candles of every declared interval (${intervals.length}) come as asked`,
      capability: 'candle intervals',
      clock: NO_TWO_BEGIN_TOGETHER,
      async run(bench) {
        for (const interval of intervals) {
          const { events, subscription } = await bench.collect('candle', bench.symbol, { interval });
          await bench.world.until(() => events.length > 0, `a candle of ${interval}`);
          const [event] = events;
          assert.ok(event?.type === 'candle' && event.interval === interval, `a candle of ${interval} says that it is another`);
          assertOpens(event, interval);
          await bench.world.settled(subscription[Symbol.asyncDispose](), 'it to end');
        }
      },
    },
    {
      room,
      name: 'an interval that is not declared is refused, naming those that are',
      run: (bench) => refusesOption(bench, 'candle', { interval: '7m' }, intervals),
    },
  ];
}

/** It runs, or has just ended. */
function assertOpens({ openTime, receivedAt }: CandleEvent, interval: string): void {
  if (!(interval in CANDLE_INTERVALS)) return;
  const known = [receivedAt, receivedAt - 5_000].map((time) => candleBounds(interval, time).openTime);
  assert.ok(known.includes(openTime), `a candle of ${interval} opens at ${openTime}, now runs that of ${known[0]}`);
}

async function refusesOption(bench: Bench, feed: 'depth' | 'candle', options: object, legal: readonly string[]): Promise<void> {
  const subscribing = bench.market.subscribe(feed, bench.symbol, () => {}, options);
  const error = await bench.world.failure(subscribing, `${feed} with ${JSON.stringify(options)}`);
  assert.ok(SpeedError.is(error, 'unsupported'), String(error));
  assert.ok(legal.length === 0 || legal.some((each) => error.message.includes(each)), error.message);
}
