import { type Levels, levelsToPairs } from '@speed-protocol/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../src/index.js';
import { delta, snapshot } from './events.js';
import { ReferenceBook } from './reference-book.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.SPEED_RUNS ?? 100);

const TICKS = ['0.01', '0.1', '0.5', '25', '0.00000001', '0.00025', '3', undefined] as const;

type Change = [price: number, size: number];
type Step = { kind: 'snapshot' | 'delta' | 'tick'; bids: Change[]; asks: Change[]; tick: number };

/** On-grid prices near a few centres, so that levels meet again, and the odd one anywhere: off the grid, huge, tiny. */
function priceOf(tickSize: string): fc.Arbitrary<number> {
  const digits = (tickSize.split('.')[1] ?? '').length;
  const centre = fc.constantFrom(100, 6_000, 60_000, 640_000, 2_000_000, 1e9);
  const near = fc.tuple(centre, fc.integer({ min: -60, max: 60 }));
  const wide = fc.tuple(centre, fc.integer({ min: -100_000, max: 100_000 }));
  const onGrid = fc
    .oneof({ weight: 6, arbitrary: near }, { weight: 2, arbitrary: wide })
    .map(([at, off]) => Number((Math.max(1, at + off) * Number(tickSize)).toFixed(digits)));
  const anywhere = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
  const odd = fc.constantFrom(1e300, 5e-324, 0.1 + 0.2, 123.456789, 2 ** 53 + 2, 1e16, 0);
  return fc.oneof({ weight: 12, arbitrary: onGrid }, { weight: 1, arbitrary: anywhere }, { weight: 1, arbitrary: odd });
}

const size = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }) });

/**
 * A sparse book that reaches far: the same few hundred prices over a million ticks, again and again, so that the window
 * widens, moves, runs out of pages and gives them back.
 */
function wideSteps(): fc.Arbitrary<Step[]> {
  const price = fc
    .tuple(fc.constantFrom(60_000, 60_000, 61_500, 90_000), fc.integer({ min: 0, max: 300 }), fc.constantFrom(1, 37, 3_001))
    .map(([from, n, stride]) => (from * 10 + n * stride) / 10);
  const levels = fc.array(fc.tuple(price, size), { minLength: 60, maxLength: 120 });
  const step = fc.record({ kind: fc.constant('delta' as const), bids: levels, asks: levels, tick: fc.constant(0) });
  return fc.array(step, { minLength: 20, maxLength: 30 });
}

function steps(tickSize: string): fc.Arbitrary<Step[]> {
  const levels = (max: number) => fc.array(fc.tuple(priceOf(tickSize), size), { maxLength: max });
  const step = fc.record({
    kind: fc.constantFrom('delta', 'delta', 'delta', 'delta', 'delta', 'delta', 'snapshot', 'tick') as fc.Arbitrary<Step['kind']>,
    bids: levels(40),
    asks: levels(40),
    tick: fc.nat(TICKS.length - 2),
  });
  return fc.array(step, { maxLength: 25 });
}

/** Fails only on a difference; comparing whole books with `toEqual` at every step would take most of the time. */
function expectLevels(levels: Levels, expected: readonly Change[]): void {
  const equal = (level: Change, i: number) => level[0] === levels.values[2 * i] && level[1] === levels.values[2 * i + 1];
  if (levels.count !== expected.length || !expected.every(equal)) expect(levelsToPairs(levels)).toEqual(expected);
}

function expectEqual(book: OrderBook, oracle: ReferenceBook, probes: readonly Change[]): void {
  const full = book.top(Number.MAX_SAFE_INTEGER);
  expectLevels(full.bids, oracle.bids);
  expectLevels(full.asks, oracle.asks);
  const three = book.top(3);
  expectLevels(three.bids, oracle.bids.slice(0, 3));
  expectLevels(three.asks, oracle.asks.slice(0, 3));
  expect([book.bestBid, book.bestAsk]).toEqual([oracle.bids[0]?.[0] ?? null, oracle.asks[0]?.[0] ?? null]);
  expect([book.bidCount, book.askCount]).toEqual([oracle.bids.length, oracle.asks.length]);
  const walked: number[] = [];
  book.forEachLevel('ask', (price, held) => {
    walked.push(price, held);
  });
  expectLevels({ values: Float64Array.from(walked), start: 0, count: walked.length / 2 }, oracle.asks);
  const held = new Map(oracle.bids);
  const wrong = probes.filter(([price]) => book.sizeAt('bid', price) !== (held.get(price) ?? 0));
  expect(wrong).toEqual([]);
}

function play(tickSize: string | undefined, script: readonly Step[]): void {
  const book = new OrderBook({ tickSize });
  const oracle = new ReferenceBook();
  const seen: Change[] = [];
  book.applyDepth(snapshot(0, [], []));
  script.forEach((step, i) => {
    if (step.kind === 'tick') book.setTickSize(TICKS[step.tick] as string);
    const event = step.kind === 'snapshot' ? snapshot(i + 1, step.bids, step.asks) : delta(i, i + 1, step.bids, step.asks);
    expect(book.applyDepth(event)).toBe('applied');
    oracle.apply(event);
    seen.push(...step.bids, ...step.asks);
    expectEqual(book, oracle, seen.slice(-500));
  });
}

describe(`OrderBook against a sorted-array oracle (SPEED_SEED=${seed})`, () => {
  for (const tickSize of TICKS) {
    it(`is equal at every step with tick ${tickSize ?? 'unknown'}`, () => {
      const property = fc.property(steps(tickSize ?? '0.01'), (script) => play(tickSize, script));
      fc.assert(property, { seed, numRuns: runs });
    });
  }

  it('is equal at every step of a sparse book that reaches far', () => {
    const property = fc.property(wideSteps(), (script) => play('0.1', script));
    fc.assert(property, { seed, numRuns: Math.ceil(runs / 10) });
  });
});
