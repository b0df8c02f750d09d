import assert from 'node:assert/strict';
import { type EventOf, type FeedName, keepEvent, type SpeedEvent } from '@speed-protocol/core';
import type { Listing, Market } from '@speed-protocol/simulator';
import type { Bench } from '../check.js';
import { CheckedBook } from '../checked-book.js';
import { assertStreamedPremium } from './premium.js';

const EVENT_MS = 300_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MINUTES = 1_440;
/** Changes of a book while a message is on its way, and more. */
const LATEST_BOOKS = 300;

/** Holds a feed's events against what the simulation knows. */
export async function assertFigures(bench: Bench, feed: FeedName): Promise<void> {
  if (feed === 'depth') return assertBooks(bench);
  const { book, listing } = bench.world.sim.oracle.market(bench.venue, bench.symbol);
  const sibling = feed === 'liquidation' ? openSibling(bench, listing) : undefined;
  const events: SpeedEvent[] = [];
  const bookIds: number[] = [];
  await bench.subscribe(feed, (event) => {
    events.push(keepEvent(event));
    bookIds.push(book.lastId);
  });
  await bench.world.until(() => events.length >= 5, `five events of ${feed}`, EVENT_MS);
  if (sibling) await hearsOf(bench, sibling);
  const assertEvent = FIGURES[feed] as (event: SpeedEvent, bench: Bench, bookId: number) => void;
  for (const [at, event] of events.entries()) assertEvent(event, bench, bookIds[at]!);
  if (feed === 'ticker') assertNothingTakenBack(events);
  if (feed === 'candle') assertVolume(events.at(-1) as EventOf<'candle'>, bench);
  if (feed === 'funding' && bench.connector.funding) await assertPrices(bench, events);
}

/** Lets a market trade that settles in the same money: some venues tell the liquidations of all of them together. */
function openSibling({ world, venue }: Bench, { symbol, settle }: Listing): Market | undefined {
  const sibling = world.listings.find((each) => each.settle === settle && each.symbol !== symbol && each.kind === 'future');
  return sibling && world.sim.oracle.market(venue, sibling.symbol);
}

/** Would hear, that is, of what is none of its business. */
async function hearsOf({ world }: Bench, { liquidations }: Market): Promise<void> {
  await world.until(() => liquidations.length > 0, 'a liquidation elsewhere', EVENT_MS);
  await world.pass(1_000);
}

/** What has only just been told is the market's, or nearly: other units are off by the price or the size of a contract. */
function assertVolume({ volume, openTime }: EventOf<'candle'>, { world, venue, symbol }: Bench): void {
  const { candles, grid } = world.sim.oracle.market(venue, symbol);
  const known = candles.candles('1m', world.now).find((each) => each.openTime === openTime);
  if (!known || known.count < 3) return;
  const ratio = volume / Number(grid.size(known.volume));
  assert.ok(ratio > 0.1, `volume ${volume} is ${ratio} times that of the market`);
}

/** Venues that tell changes alone have said the rest before: what a ticker once had, it keeps. */
function assertNothingTakenBack(events: readonly SpeedEvent[]): void {
  const seen = new Set<string>();
  for (const event of events) {
    const fields = Object.entries(event).filter(([name]) => name !== 'venueTime');
    for (const [name, value] of fields) {
      if (value !== null) seen.add(name);
      assert.ok(value !== null || !seen.has(name), `${name} was told before, and is null now`);
    }
  }
}

/** What is told when asked is told on the stream too, and is the same price. */
async function assertPrices(bench: Bench, events: readonly SpeedEvent[]): Promise<void> {
  const { funding, world, symbol } = bench;
  const asked = await world.settled(funding.current(symbol), 'the funding');
  const told = events.at(-1) as EventOf<'funding'>;
  for (const price of ['markPrice', 'indexPrice'] as const) {
    if (asked[price] === null) continue;
    const ratio = (told[price] ?? Number.NaN) / asked[price];
    assert.ok(Math.abs(ratio - 1) < 0.02, `${price} is ${told[price]} on the stream and ${asked[price]} when asked`);
  }
  await assertStreamedPremium(bench);
}

async function assertBooks(bench: Bench): Promise<void> {
  const book = new CheckedBook(bench.world.sim.oracle, bench.venue, bench.symbol);
  await bench.subscribe('depth', book.on);
  await bench.world.until(() => book.deltas >= 50, 'fifty deltas', EVENT_MS);
  assert.deepEqual([book.wrong, book.gaps, book.snapshots], ['', [], 1]);
}

/** @param bookId where the book was when the event came */
type Figure<K extends FeedName> = (event: EventOf<K>, bench: Bench, bookId: number) => void;
type Figures = { readonly [K in Exclude<FeedName, 'depth'>]: Figure<K> };

const FIGURES: Figures = {
  trade(event, { world, venue, symbol }) {
    assert.equal(typeof event.id, 'string');
    const { tape, grid } = world.sim.oracle.market(venue, symbol);
    const rows = [...tape.trades, ...tape.aggregates].filter(({ id }) => String(id) === event.id);
    const told = [event.price, event.size, event.side];
    const known = rows.map(({ price, size, side }) => [Number(grid.price(price)), Number(grid.size(size)), side]);
    assert.ok(
      known.some((row) => row.every((value, i) => value === told[i])),
      `trade ${event.id} is ${told.join(' ')}, the tape has ${JSON.stringify(known)}`,
    );
  },
  quote(event, { world, venue, symbol }, bookId) {
    assert.ok((event.bid as number) < (event.ask as number), `bid ${event.bid}, ask ${event.ask}`);
    const told = [event.bid, event.bidSize, event.ask, event.askSize];
    const topAt = (sequence: number) => {
      const { bids, asks } = world.sim.oracle.book(venue, symbol, sequence);
      return [...(bids[0] ?? []), ...(asks[0] ?? [])];
    };
    if (event.sequence !== null) return assert.deepEqual(told, topAt(event.sequence));
    // It does not say of when it is: of one of the latest books.
    const { oldestSequence } = world.sim.oracle.market(venue, symbol).book;
    const oldest = Math.max(oldestSequence, bookId - LATEST_BOOKS);
    const isOf = (sequence: number) => topAt(sequence).every((value, i) => value === told[i]);
    for (let sequence = bookId; sequence > oldest; sequence--) if (isOf(sequence)) return;
    assert.fail(`${told.join(' ')} was not the best of any of the latest books; then it was ${topAt(bookId).join(' ')}`);
  },
  ticker({ last, high, low, volume }, { world, venue, symbol }) {
    if (last !== null && high !== null && low !== null) assert.ok(low <= last && last <= high, `${low} <= ${last} <= ${high}`);
    const { candles, grid } = world.sim.oracle.market(venue, symbol);
    const known = candles.statistics(DAY_MINUTES, world.now);
    if (volume === null || !known) return;
    // It grows while the message is on its way; other units are off by the price or the size of a contract.
    const ratio = volume / Number(grid.size(known.volume));
    assert.ok(ratio > 0.5 && ratio < 2, `volume ${volume} is ${ratio} times that of the market`);
  },
  candle({ open, high, low, close, volume, openTime, closed, receivedAt }, { world, venue, symbol }) {
    assert.ok(low <= Math.min(open, close) && Math.max(open, close) <= high, `${low} ${open} ${close} ${high}`);
    assert.ok(volume >= 0 && openTime <= world.now && openTime % MINUTE_MS === 0, `${volume} at ${openTime}`);
    assert.ok(!closed || receivedAt >= openTime + MINUTE_MS, `the candle of ${openTime} is called closed at ${receivedAt}`);
    const { candles, grid } = world.sim.oracle.market(venue, symbol);
    const known = candles.candles('1m', world.now).find((each) => each.openTime === openTime);
    // Without a trade some venues repeat the price before it.
    if (!known || volume === 0) return;
    const most = [Number(grid.price(known.high)), Number(grid.size(known.volume)) * (1 + 1e-9)];
    assert.ok(high <= most[0]! && volume <= most[1]!, `high ${high}, volume ${volume}: the market has ${most.join(', ')}`);
    assert.ok(open >= Number(grid.price(known.low)) && open <= Number(grid.price(known.high)), `opens at ${open}`);
  },
  funding({ markPrice, rate, nextFundingTime, intervalHours }, { world, venue, symbol }) {
    if (markPrice !== null) assert.ok(markPrice > 0);
    const { fundingIntervalHours } = world.sim.oracle.market(venue, symbol).listing;
    if (nextFundingTime !== null && fundingIntervalHours !== undefined) {
      const latest = world.now + fundingIntervalHours * HOUR_MS;
      assert.ok(nextFundingTime <= latest, `the next payment is at ${nextFundingTime}, and at ${latest} at the latest`);
    }
    if (rate !== null) assert.ok(Math.abs(rate) < 0.1, `rate ${rate} is no fraction`);
    if (nextFundingTime !== null) assert.ok(nextFundingTime > world.now - 1_000, `next funding at ${nextFundingTime}`);
    if (intervalHours !== null) assert.ok([1, 2, 4, 8].includes(intervalHours), `every ${intervalHours} h`);
  },
  liquidation({ price, size, side, venueTime }, { world, venue, symbol }) {
    assert.ok(price > 0 && size > 0, `${price} x ${size}`);
    const { liquidations, grid } = world.sim.oracle.market(venue, symbol);
    const isNear = (ticks: number) => Math.abs(price / Number(grid.price(ticks)) - 1) < 0.1;
    const isThen = (time: number) => venueTime === null || Math.abs(venueTime - time) < 100;
    const known = liquidations.filter((each) => each.side === side && isThen(each.time) && isNear(each.price));
    assert.ok(
      known.some((each) => size <= Number(grid.size(each.size))),
      `nobody was liquidated to ${side} ${size} at ${price}`,
    );
  },
  openInterest({ amount }, { world, venue, symbol }) {
    assert.ok(amount > 0);
    const { openInterest, grid } = world.sim.oracle.market(venue, symbol);
    // It moves while the message is on its way; other units, or both sides of a contract, are far off.
    const ratio = amount / grid.size(openInterest?.lots ?? 0);
    assert.ok(ratio > 0.8 && ratio < 1.25, `${amount} are open, ${ratio} times what is in the market`);
  },
  greeks({ delta, gamma, markIv, underlyingPrice }) {
    if (delta !== null) assert.ok(Math.abs(delta) <= 1, `delta ${delta}`);
    for (const value of [gamma, markIv, underlyingPrice]) if (value !== null) assert.ok(value >= 0, `${value} is negative`);
  },
};
