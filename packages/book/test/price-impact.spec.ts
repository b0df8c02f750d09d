import type { Instrument } from '@speed-protocol/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook, priceImpact } from '../src/index.js';
import { type Pairs, snapshot } from './events.js';
import { inverse, linear, spot } from './instruments.js';

const seed = Number(process.env.SPEED_SEED ?? Date.now() % 2 ** 31);

function bookOf(bids: Pairs, asks: Pairs): OrderBook {
  const book = new OrderBook({ tickSize: '0.1' });
  book.applyDepth(snapshot(1, bids, asks));
  return book;
}

/** Cuts every level into crumbs and takes them one by one: slow, and nothing in common with the code under test. */
function bruteForce(side: Pairs, instrument: Instrument, unit: 'base' | 'quote' | 'contracts', wanted: number) {
  const crumbs = 2_000;
  const size = Number(instrument.contractSize);
  const sum = { base: 0, quote: 0, contracts: 0, worst: 0, levels: 0, crumb: { base: 0, quote: 0, contracts: 0 } };
  for (const [price, contracts] of side) {
    if (sum[unit] >= wanted * (1 - 1e-9)) break;
    sum.worst = price;
    sum.levels++;
    const worth = (contracts / crumbs) * size;
    const base = instrument.inverse ? worth / price : worth;
    sum.crumb = { base, quote: base * price, contracts: contracts / crumbs };
    for (let i = 0; i < crumbs && sum[unit] < wanted; i++) {
      sum.contracts += sum.crumb.contracts;
      sum.base += sum.crumb.base;
      sum.quote += sum.crumb.quote;
    }
  }
  return sum;
}

const ladder = (from: number, step: 1 | -1) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 30 })
    .map((rows) => {
      let tick = from;
      return rows.map(([gap, size]) => {
        tick += step * gap;
        return [tick / 10, size / 10] as [number, number];
      });
    });

describe(`priceImpact (SPEED_SEED=${seed})`, () => {
  it('agrees with brute force on random books, units and instruments', () => {
    const amounts = fc.record({
      instrument: fc.constantFrom(spot, linear, inverse),
      unit: fc.constantFrom('base', 'quote', 'contracts'),
      side: fc.constantFrom('buy', 'sell'),
      share: fc.double({ min: 0.001, max: 1.5, noNaN: true }).filter((share) => Math.abs(share - 1) > 1e-6),
    });
    fc.assert(
      fc.property(ladder(10_000, -1), ladder(10_000, 1), amounts, (bids, asks, { instrument, unit, side, share }) => {
        const levels = side === 'buy' ? asks : bids;
        const held = bruteForce(levels, instrument, unit, Number.POSITIVE_INFINITY);
        const wanted = held[unit] * share;
        const expected = bruteForce(levels, instrument, unit, wanted);
        const request = { side, [unit]: wanted, feeRate: 0.001 } as unknown as Parameters<typeof priceImpact>[2];
        const got = priceImpact(bookOf(bids, asks), instrument, request);
        // The brute force overshoots by up to one crumb of the last level.
        const close = (name: 'base' | 'quote' | 'contracts', value: number) =>
          expect(Math.abs(value - expected[name])).toBeLessThan(1.01 * expected.crumb[name] + 1e-9 * value);
        close('base', got.baseAmount);
        close('quote', got.quoteAmount);
        close('contracts', got.contracts);
        expect(got.averagePrice).toBeCloseTo(got.quoteAmount / got.baseAmount, 9);
        expect(got.complete).toBe(share <= 1);
        expect(Math.abs(got.levels - expected.levels)).toBeLessThanOrEqual(1);
        expect(got.fee.amount).toBeCloseTo((instrument.inverse ? got.baseAmount : got.quoteAmount) * 0.001, 9);
      }),
      { seed, numRuns: 150 },
    );
  });

  const bids = [[99, 1], [98, 10]] as const; // biome-ignore format: one row
  const asks = [[101, 1], [102, 10]] as const; // biome-ignore format: one row

  it('is exact on spot, by base and by quote', () => {
    expect(priceImpact(bookOf(bids, asks), spot, { side: 'buy', base: 2, feeRate: 0.001 })).toEqual({
      averagePrice: 101.5,
      worstPrice: 102,
      midPrice: 100,
      impactPercent: 1.5,
      baseAmount: 2,
      quoteAmount: 203,
      contracts: 2,
      levels: 2,
      complete: true,
      fee: { amount: 0.203, currency: 'USDT' },
    });
    expect(priceImpact(bookOf(bids, asks), spot, { side: 'sell', quote: 197 })).toMatchObject({ baseAmount: 2, averagePrice: 98.5, impactPercent: 1.5 }); // biome-ignore format: one row
  });

  it('counts contract sizes: base per contract on linear, quote per contract on inverse', () => {
    expect(priceImpact(bookOf(bids, asks), linear, { side: 'buy', contracts: 1 })).toMatchObject({
      baseAmount: 0.01,
      quoteAmount: 1.01,
    });
    const coin = priceImpact(bookOf(bids, asks), inverse, { side: 'buy', quote: 200, feeRate: 0.01 });
    expect(coin).toMatchObject({ contracts: 2, quoteAmount: 200, levels: 2, complete: true });
    expect(coin.baseAmount).toBeCloseTo(100 / 101 + 100 / 102, 12);
    expect(coin.fee).toEqual({ amount: coin.baseAmount * 0.01, currency: 'BTC' });
  });

  it('says when the book is too thin, and what it holds', () => {
    expect(priceImpact(bookOf(bids, asks), spot, { side: 'buy', base: 50 })).toMatchObject({
      complete: false,
      baseAmount: 11,
      levels: 2,
    });
    expect(priceImpact(bookOf(bids, []), spot, { side: 'buy', base: 1 })).toMatchObject({ complete: false, averagePrice: null, midPrice: null, impactPercent: null, levels: 0 }); // biome-ignore format: one row
  });

  it('refuses a book that is not live and amounts that are none', () => {
    const stale = bookOf(bids, asks);
    stale.onGap();
    expect(() => priceImpact(stale, spot, { side: 'buy', base: 1 })).toThrow(/book of BTC\/USDT is stale/);
    expect(priceImpact(stale, spot, { side: 'buy', base: 1, allowStale: true }).averagePrice).toBe(101);
    expect(() => priceImpact(bookOf(bids, asks), spot, { side: 'buy', base: 0 })).toThrow(/positive amount/);
    expect(() => priceImpact(bookOf(bids, asks), spot, { side: 'buy', quote: Number.NaN })).toThrow(/quote = NaN/);
  });
});
