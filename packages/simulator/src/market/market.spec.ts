import { describe, expect, it } from 'vitest';
import { INVERSE, PERPETUAL, SPOT, START, testVenue } from '../../test/market.js';
import type { Trade } from '../engine/types.js';
import type { AggregateTrade } from './tape.js';

const MINUTE = 60_000;

describe('Market', () => {
  it('is one of two that share an id where the listing gives them keys', () => {
    const venue = testVenue({ listing: () => [PERPETUAL, { ...SPOT, key: 'spot/BTCUSDT' }] });
    expect(venue.market('BTCUSDT')!.listing.symbol).toBe('BTC/USDT:USDT');
    expect(venue.market('spot/BTCUSDT')!.listing.symbol).toBe('BTC/USDT');
    expect(venue.require('BTC/USDT')).toBe(venue.market('spot/BTCUSDT'));
    expect(venue.markets).toHaveLength(2);
  });

  it('candles, statistics and aggregates are those of the trades', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    const trades: Trade[] = [];
    const aggregates: AggregateTrade[] = [];
    market.listen({
      onTrade: (_, trade) => trades.push(trade),
      onAggregate: (_, aggregate) => aggregates.push({ ...aggregate }),
    });
    venue.clock.advance(5 * MINUTE);
    market.tape.close();
    const own = trades.filter((t) => t.time >= START + MINUTE && t.time < START + 2 * MINUTE);
    const candle = market.candles.candles('1m', venue.clock.now()).find((c) => c.openTime === START + MINUTE)!;
    expect(own.length).toBeGreaterThan(10);
    expect(candle).toMatchObject({
      open: own[0]!.price,
      close: own.at(-1)!.price,
      high: Math.max(...own.map((t) => t.price)),
      low: Math.min(...own.map((t) => t.price)),
      count: own.length,
      firstId: own[0]!.id,
      lastId: own.at(-1)!.id,
      volume: own.reduce((sum, t) => sum + t.size, 0),
      turnover: own.reduce((sum, t) => sum + market.turnover(t.price, t.size), 0n),
    });
    expect(aggregates.reduce((sum, a) => sum + a.size, 0)).toBe(trades.reduce((sum, t) => sum + t.size, 0));
    expect(aggregates.map((a) => a.firstId)).toEqual([trades[0]!.id, ...aggregates.slice(0, -1).map((a) => a.lastId + 1)]);
  });

  it.each(['3m', '1h', '1d', '1w', '1M'])('candles of %s are made of the minutes', (interval) => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    venue.clock.advance(7 * MINUTE);
    const now = venue.clock.now();
    const minutes = market.candles.candles('1m', now);
    const coarse = market.candles.candles(interval, now).at(-1)!;
    const parts = minutes.filter((c) => c.openTime >= coarse.openTime);
    expect(coarse.volume).toBe(parts.reduce((sum, c) => sum + c.volume, 0));
    expect(coarse.high).toBe(Math.max(...parts.map((c) => c.high)));
    expect(coarse.close).toBe(parts.at(-1)!.close);
    expect(coarse.endTime).toBeGreaterThan(now);
  });

  it('the past that is drawn ends at the opening price and never overlaps the trades', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    venue.clock.advance(MINUTE);
    const stats = market.candles.statistics(1440, venue.clock.now())!;
    expect(stats.firstId).toBeGreaterThan(0);
    expect(stats.lastId).toBe(market.tape.last!.id);
    const candles = market.candles.candles('1m', venue.clock.now());
    expect(candles.slice(1).every((c, i) => c.openTime === candles[i]!.endTime)).toBe(true);
  });

  it('settles funding on whole intervals, once', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    const settled: number[] = [];
    market.listen({ onFunding: (_, { time }) => settled.push(time) });
    expect(market.funding!.nextTime(START)).toBe(START + MINUTE);
    venue.clock.advance(3 * MINUTE);
    expect(settled).toEqual([START + MINUTE]);
    expect(market.funding!.settlements.at(-1)).toMatchObject({ time: START + MINUTE });
    expect(Math.abs(market.funding!.rate)).toBeLessThan(0.02);
  });

  it('liquidates into the book and says so', () => {
    const venue = testVenue({}, { flow: { liquidationSeconds: 5 } });
    const market = venue.market('BTCUSDT')!;
    venue.clock.advance(2 * MINUTE);
    expect(market.liquidations.length).toBeGreaterThan(5);
    for (const { side, price, averagePrice, filled, size } of market.liquidations) {
      expect(filled).toBeLessThanOrEqual(size);
      expect((price - averagePrice) * (side === 'buy' ? 1 : -1)).toBeGreaterThanOrEqual(0);
    }
    expect(market.tape.trades.some((t) => t.taker === 'liquidation')).toBe(true);
    expect(market.openInterest!.lots).toBeGreaterThan(0);
  });

  it('counts the turnover of inverse contracts in base', () => {
    const market = testVenue({ listing: () => [INVERSE] }).market('BTCUSD')!;
    expect(market.formatTurnover(market.turnover(900_000, 9))).toBe('0.01000000');
    const linear = testVenue({ listing: () => [PERPETUAL] }).market('BTCUSDT')!;
    expect(linear.formatTurnover(linear.turnover(900_000, 9))).toBe('810.00000');
    expect(linear.formatTurnover(linear.turnover(900_000, 9), 8)).toBe('810.00000000');
    expect(linear.formatTurnover(linear.turnover(900_000, 9), 2)).toBe('810.00');
  });

  it('samples open interest every five minutes, and published prices every second', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    venue.clock.advance(12 * MINUTE);
    const { samples } = market.openInterest!;
    expect(samples.slice(-3).map(({ time }) => time - START)).toEqual([1, 6, 11].map((minutes) => minutes * MINUTE));
    const [first, second] = market.published.mark.candles('5m').slice(-2);
    expect([first!.endTime, first!.count]).toEqual([second!.openTime, 300]);
    expect(second!.high).toBeGreaterThanOrEqual(Math.max(second!.open, second!.close));
  });

  it('spot has neither funding nor open interest', () => {
    const market = testVenue({ listing: () => [SPOT] }).market('BTCUSDT')!;
    market.clock.advance(MINUTE);
    expect([market.funding, market.openInterest, market.liquidations.length]).toEqual([undefined, undefined, 0]);
  });

  it('keeps its book near its size for an hour, two-sided and never crossed', () => {
    const venue = testVenue();
    const market = venue.market('BTCUSDT')!;
    for (let minute = 0; minute < 60; minute++) {
      venue.clock.advance(MINUTE);
      const { bids, asks } = market.engine;
      expect(bids.best!.price).toBeLessThan(asks.best!.price);
      expect(Math.min(bids.depth, asks.depth)).toBeGreaterThan(60);
      expect(Math.max(bids.depth, asks.depth)).toBeLessThan(600);
    }
  });
});
