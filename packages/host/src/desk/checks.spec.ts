import { compare, exact } from '@speed-protocol/book';
import { type Decimal, decimal, fromScaled, type Instrument, type NewOrder, SpeedError } from '@speed-protocol/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertLegal, checkOrder, type TradingContext } from './checks.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);

const SPOT: Instrument = {
  venue: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  kind: 'spot',
  status: 'open',
  base: 'BTC',
  quote: 'USDT',
  contractSize: decimal('1'),
  tickSize: decimal('0.05'),
  lotSize: decimal('0.001'),
  minAmount: decimal('0.002'),
  maxAmount: decimal('100'),
  minNotional: decimal('5'),
  minPrice: decimal('0.05'),
  maxPrice: decimal('1000000'),
};

const limit = (side: NewOrder['side'], price: string, amount: string) =>
  ({ symbol: 'BTC/USDT', side, type: 'limit', price: decimal(price), amount: decimal(amount) }) as const;

const scaled = (max: number, places: number): fc.Arbitrary<Decimal> =>
  fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 0, max: places })).map(([n, scale]) => fromScaled(BigInt(n), scale));

const contexts: fc.Arbitrary<TradingContext> = fc
  .record({
    tickSize: fc.constantFrom('0.00000001', '0.0001', '0.05', '0.25', '1', '5').map(decimal),
    lotSize: fc.constantFrom('0.00001', '0.001', '0.3', '1', '10').map(decimal),
    contractSize: fc.constantFrom('1', '0.001', '100').map(decimal),
    inverse: fc.boolean(),
    minAmount: scaled(1000, 3),
    maxAmount: scaled(10 ** 9, 2),
    minNotional: scaled(10 ** 6, 4),
    reference: scaled(10 ** 8, 4),
    priceBand: fc.constantFrom(undefined, decimal('0.05'), decimal('0.5')),
    maxOrderValue: fc.option(scaled(10 ** 9, 3), { nil: undefined }),
    maxPosition: fc.option(scaled(10 ** 7, 2), { nil: undefined }),
    position: scaled(10 ** 5, 2),
  })
  .map(({ priceBand, maxOrderValue, maxPosition, position, reference, ...more }) => ({
    instrument: { ...SPOT, ...more },
    limits: { priceBand, maxOrderValue, maxPosition },
    position,
    reference,
  }));

const orders = fc.record({
  symbol: fc.constant('BTC/USDT'),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('limit', 'market'),
  price: scaled(10 ** 9, 6),
  amount: scaled(10 ** 9, 6),
  reduceOnly: fc.boolean(),
});

describe(`pre-trade checks (SPEED_SEED=${seed})`, () => {
  it('suggests only what passes', () => {
    let suggested = 0;
    fc.assert(
      fc.property(orders, contexts, (order, context) => {
        const { problems, suggestion } = checkOrder(order, context);
        if (problems.length === 0) expect(suggestion).toBeNull();
        if (suggestion === null) return;
        suggested++;
        const mended = { ...order, amount: suggestion.amount, ...(suggestion.price === null ? {} : { price: suggestion.price }) };
        expect(checkOrder(mended, context).problems).toEqual([]);
      }),
      { seed, numRuns: 1000 },
    );
    expect(suggested).toBeGreaterThan(100);
  });

  it('never rounds against the user, and not further than one step', () => {
    const instrument: Instrument = { ...SPOT, minNotional: decimal('0') };
    fc.assert(
      fc.property(
        fc.constantFrom('buy', 'sell'),
        fc.integer({ min: 100, max: 10 ** 7 }),
        fc.integer({ min: 100, max: 10 ** 6 }),
        (side, p, a) => {
          const [price, amount] = [fromScaled(BigInt(p), 3), fromScaled(BigInt(a), 4)];
          const { suggestion } = checkOrder({ symbol: 'BTC/USDT', side, type: 'limit', price, amount }, { instrument });
          if (suggestion === null) return;
          const better = compare(exact(suggestion.price!), exact(price)) * (side === 'buy' ? -1 : 1);
          expect(better).toBeGreaterThanOrEqual(0);
          expect(Math.abs(Number(suggestion.price) - Number(price))).toBeLessThan(0.05);
          expect(compare(exact(suggestion.amount), exact(amount))).toBeLessThanOrEqual(0);
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it.each([
    ['off the tick', limit('buy', '100.03', '1'), {}, 'price 100.03 is not a multiple of 0.05; nearest legal: 100 or 100.05'],
    ['off the lot', limit('sell', '100', '1.0005'), {}, 'amount 1.0005 is not a multiple of 0.001; nearest legal: 1 or 1.001'],
    ['too small', limit('buy', '100000', '0.001'), {}, 'amount 0.001 is below the least allowed, 0.002; nearest legal: 0.002'],
    ['too large', limit('buy', '100', '101'), {}, 'amount 101 is above the most allowed, 100; nearest legal: 100'],
    ['worth too little', limit('buy', '100', '0.04'), {}, 'amount 0.04 is below the least allowed, 0.05; nearest legal: 0.05'],
    [
      'out of the band',
      limit('buy', '106', '1'),
      { priceBand: decimal('0.05') },
      'price 106 is above the most allowed, 105; nearest legal: 105',
    ],
    [
      'worth too much',
      limit('buy', '100', '11'),
      { maxOrderValue: decimal('1000') },
      'amount 11 is above the most allowed, 10; nearest legal: 10',
    ],
    [
      'past the position',
      limit('buy', '100', '3'),
      { maxPosition: decimal('5') },
      'amount 3 is above the most allowed, 2; nearest legal: 2',
    ],
  ])('refuses what is %s and names the nearest legal values', (_name, order, limits, message) => {
    const context = { instrument: SPOT, limits, reference: decimal('100'), position: decimal('3') };
    expect(() => assertLegal(order, context)).toThrow(message);
  });

  it('says that nothing is legal when nothing is', () => {
    const context = { instrument: SPOT, limits: { maxPosition: decimal('3') }, position: decimal('3') };
    expect(() => assertLegal(limit('buy', '100', '1'), context)).toThrow('no value is legal now');
    expect(() => assertLegal(limit('sell', '100', '6'), context)).not.toThrow();
    expect(() => assertLegal({ ...limit('buy', '100', '1'), reduceOnly: true }, context)).not.toThrow();
  });

  it('does not pretend to hold a limit without a reference price', () => {
    const context = { instrument: SPOT, limits: { maxOrderValue: decimal('10') } };
    const order = { symbol: 'BTC/USDT', side: 'buy', type: 'market', amount: decimal('1') } as const;
    expect(() => assertLegal(order, context)).toSatisfy(() => {
      try {
        assertLegal(order, context);
        return false;
      } catch (error) {
        return SpeedError.is(error, 'invalid-request') && /reference price/.test(error.message);
      }
    });
  });

  it('takes an order that is legal as it is', () => {
    expect(checkOrder(limit('buy', '100.05', '0.05'), { instrument: SPOT })).toEqual({ problems: [], suggestion: null });
  });
});
