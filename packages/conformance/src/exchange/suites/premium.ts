import assert from 'node:assert/strict';
import type { EventOf, FundingRate } from '@speed-protocol/core';
import type { Bench } from '../check.js';

type Prices = Pick<FundingRate, 'markPrice' | 'indexPrice'>;

/** Less than this of mark over index is no side. */
const LEAST = 5e-5;
/** A single one moves with what moves between the two prices. */
const SAMPLES = 20;
const LIMIT_MS = 60_000;

/**
 * Mark and index price are so near each other that one passes for the other, and in which order they stand changes: compared
 * is what is told with what is true at that moment, whenever the two are apart.
 */
class Premiums {
  count = 0;
  heard = 0;
  /** Positive when mark is told as mark. */
  #agreement = 0;

  constructor(private readonly bench: Bench) {}

  add({ markPrice, indexPrice }: Prices): void {
    this.heard++;
    const { world, venue, symbol } = this.bench;
    const { pricing } = world.sim.oracle.market(venue, symbol);
    const known = pricing.mark(world.now) / pricing.indexPrice(world.now) - 1;
    if (markPrice === null || indexPrice === null || Math.abs(known) < LEAST) return;
    this.#agreement += (markPrice / indexPrice - 1) * known;
    this.count++;
  }

  /** Not every stream tells both prices, nor are they always apart. */
  get isEnough(): boolean {
    return this.count >= SAMPLES || this.heard >= 10 * SAMPLES;
  }

  check(): void {
    assert.ok(this.count < SAMPLES || this.#agreement > 0, 'mark and index price are told one as the other');
  }
}

/** Of the stream. */
export async function assertStreamedPremium(bench: Bench): Promise<void> {
  const premiums = new Premiums(bench);
  await bench.subscribe('funding', (event) => premiums.add(event as EventOf<'funding'>));
  const end = bench.world.now + LIMIT_MS;
  await bench.world.until(() => premiums.isEnough || bench.world.now >= end, 'mark and index prices', 2 * LIMIT_MS);
  premiums.check();
}

/** As asked, again and again. */
export async function assertAskedPremium(bench: Bench): Promise<void> {
  const premiums = new Premiums(bench);
  for (const end = bench.world.now + LIMIT_MS; !premiums.isEnough && bench.world.now < end; ) {
    premiums.add(await bench.world.settled(bench.funding.current(bench.symbol), 'the funding'));
    await bench.world.pass(1_000);
  }
  premiums.check();
}
