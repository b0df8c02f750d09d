import assert from 'node:assert/strict';
import type { FundingDeclaration } from '@speed-protocol/core';
import type { Bench, CheckRow } from '../check.js';
import { assertAskedPremium } from './premium.js';

const room = 'market data';

/** Funding as asked for: one meaning per field. */
export function fundingRows(funding: FundingDeclaration): readonly CheckRow[] {
  return [
    {
      room,
      name: 'funding: current rate, real interval, APR from both',
      capability: 'funding',
      run: funding.continuous ? currentOfContinuous : current,
    },
    {
      room,
      name: `funding: a predicted rate ${funding.predicted ? 'is told' : 'is not made up'}`,
      async run({ funding: asked, world, symbol }) {
        const { predictedRate } = await world.settled(asked.current(symbol), 'the funding');
        assert.equal(predictedRate !== null, funding.predicted);
      },
    },
    ...(funding.history
      ? [{ room, name: 'funding: history is settled rates, oldest first', capability: 'funding history', run: history } as const]
      : []),
    { room, name: 'funding: contracts without it have none, rather than zero', run: none },
  ];
}

async function current(bench: Bench): Promise<void> {
  const { funding, world, symbol } = bench;
  const now = await world.settled(funding.current(symbol), 'the funding');
  const { listing } = world.sim.oracle.market(now.venue, symbol);
  assert.ok(now.rate !== null && Math.abs(now.rate) < 0.1, `rate ${now.rate}`);
  assert.equal(now.intervalHours, listing.fundingIntervalHours);
  assert.ok(now.nextFundingTime !== null && now.nextFundingTime > world.now);
  assert.ok(now.apr !== null && Math.abs(now.apr - (now.rate * 8760) / (now.intervalHours as number)) < 1e-12);
  await assertAskedPremium(bench);
  const other = await otherInterval(bench, listing.fundingIntervalHours);
  if (!other) return;
  const told = await world.settled(funding.current(other.symbol), 'the funding');
  assert.equal(told.intervalHours, other.fundingIntervalHours, other.symbol);
}

/** A perpetual that pays at other times; most pay every eight hours, which is easily assumed. */
async function otherInterval({ connector, world, venue }: Bench, than: number | undefined) {
  const list = await world.settled(connector.reference.instruments(), 'the instruments');
  const perpetuals = list.filter(({ kind, status }) => kind === 'perpetual' && status === 'open');
  const listings = perpetuals.map(({ symbol }) => world.sim.oracle.market(venue, symbol).listing);
  return listings.find(({ fundingIntervalHours: hours }) => hours !== undefined && hours !== than);
}

/** Paid all the time: the rate is that of the simulation's interval, in proportion, and no payment is the next. */
async function currentOfContinuous(bench: Bench): Promise<void> {
  const { funding, world, symbol } = bench;
  const now = await world.settled(funding.current(symbol), 'the funding');
  const { funding: truth } = world.sim.oracle.market(now.venue, symbol);
  assert.ok(now.rate !== null && now.intervalHours !== null && truth, 'no rate, or none in the simulation');
  assert.ok(Math.abs(now.rate / now.intervalHours - truth.rate / truth.intervalHours) < 1e-5, `rate ${now.rate}`);
  assert.equal(now.nextFundingTime, null);
  assert.ok(now.apr !== null && Math.abs(now.apr - (now.rate * 8760) / now.intervalHours) < 1e-12);
  await assertAskedPremium(bench);
}

async function history({ funding, world, symbol }: Bench): Promise<void> {
  const rows = await world.settled(funding.history(symbol, { limit: 10 }), 'the history');
  const times = rows.map(({ time }) => time);
  assert.ok(times.length > 0 && times.length <= 10, `${times.length} rows`);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.ok((times.at(-1) as number) <= world.now);
  const paid = world.sim.oracle.market(rows[0]!.venue, symbol).funding?.settlements.slice(-4, -1);
  const [first, , last] = paid ?? [];
  if (!first || !last || !isTold(first.time, times)) return;
  // Both ends belong to what was asked for.
  const told = await world.settled(funding.history(symbol, { since: first.time, until: last.time }), 'three payments');
  assert.deepEqual(
    told.map(({ time }) => time),
    paid!.map(({ time }) => time),
  );
  for (const [at, { rate }] of told.entries()) {
    assert.ok(Math.abs(rate - paid![at]!.rate) < 1e-6, `rate ${rate}, paid ${paid![at]!.rate}`);
  }
}

/** Venues that are paid all the time write their own times. */
const isTold = (time: number, times: readonly number[]) => times.includes(time);

async function none({ funding, connector, world }: Bench): Promise<void> {
  const list = await world.settled(connector.reference.instruments(), 'the instruments');
  const dated = list.find(({ kind, status }) => kind === 'future' && status === 'open');
  if (!dated) return;
  const { rate, nextFundingTime, intervalHours, apr } = await world.settled(funding.current(dated.symbol), 'the funding');
  assert.deepEqual(
    { rate, nextFundingTime, intervalHours, apr },
    { rate: null, nextFundingTime: null, intervalHours: null, apr: null },
  );
}
