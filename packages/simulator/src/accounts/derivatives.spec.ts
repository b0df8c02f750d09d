import { describe, expect, it } from 'vitest';
import { exchangeOf, money, type TestExchange } from '../../test/accounts.js';

const HOUR = 3_600_000;

/** `who` buys from bob at this price. */
function buys({ placed, bob, limit, take }: TestExchange, who: TestExchange['alice'], size: string, price: string): void {
  placed(bob, limit('sell', size, price));
  placed(who, take('buy', size));
}

function sells({ placed, bob, limit, take }: TestExchange, who: TestExchange['alice'], size: string, price: string): void {
  placed(bob, limit('buy', size, price));
  placed(who, take('sell', size));
}

describe('Derivatives accounts', () => {
  it('pays linear profit and takes maker and taker fees', () => {
    const x = exchangeOf('linear');
    buys(x, x.alice, '2.000', '90000.0');
    sells(x, x.alice, '2.000', '90100.0');
    const fee = (money('180000') * 5n) / 10000n + (money('180200') * 5n) / 10000n;
    expect(x.alice.balance('USDT').total).toBe(money('10000000') + money('200') - fee);
    const makerFee = (money('180000') * 2n) / 10000n + (money('180200') * 2n) / 10000n;
    expect(x.bob.balance('USDT').total).toBe(money('10000000') - money('200') - makerFee);
    expect(x.alice.positions[0]).toMatchObject({ size: 0, cost: 0n, realized: money('200') });
  });

  it('pays inverse profit in the base, from the harmonic mean of the entries', () => {
    const x = exchangeOf('inverse', { makerFee: '0', takerFee: '0' });
    buys(x, x.alice, '10', '60000.0');
    expect(x.alice.positions[0]!.unrealized(660_000)).toBe(money('0.00151515'));
    buys(x, x.alice, '30', '90000.0');
    // 4000 USD bought for 1/60 + 1/30 BTC.
    expect(x.alice.positions[0]!.entryPrice(2)).toBe(8_000_000n);
    sells(x, x.alice, '40', '100000.0');
    expect(x.alice.positions[0]!.realized).toBe(money('0.01'));
  });

  it('charges the inverse fee on the worth in base', () => {
    const x = exchangeOf('inverse');
    buys(x, x.alice, '1', '90000.0');
    const fees = x.accounts.ledger.entries.flatMap((entry) => (entry.kind === 'fill' ? [[entry.liquidity, entry.fee]] : []));
    expect(fees).toEqual([
      ['maker', money('0.00000022')],
      ['taker', money('0.00000055')],
    ]);
  });

  it('turns a position: closes first, then opens at the new price', () => {
    const x = exchangeOf('linear');
    buys(x, x.alice, '1.000', '90000.0');
    sells(x, x.alice, '3.000', '90010.0');
    expect(x.alice.positions[0]).toMatchObject({ size: -2000, realized: money('10') });
    expect(x.alice.positions[0]!.entryPrice(1)).toBe(900_100n);
  });

  it('keeps two legs in hedge mode', () => {
    const x = exchangeOf('linear');
    expect(x.accounts.setHedgeMode(x.alice, true)).toEqual({ ok: true, value: true });
    x.placed(x.bob, x.limit('sell', '1.000', '90000.0'));
    x.placed(x.alice, x.take('buy', '1.000', { positionSide: 'long' }));
    x.placed(x.bob, x.limit('buy', '1.000', '89990.0'));
    x.placed(x.alice, x.take('sell', '0.400', { positionSide: 'short' }));
    expect(x.alice.positions.map(({ leg, size }) => [leg, size])).toEqual([
      ['long', 1000],
      ['short', -400],
    ]);
    expect(x.accounts.place(x.alice, x.take('sell', '1.001', { positionSide: 'long' }))).toMatchObject({ reason: 'reduce-only' });
    expect(x.accounts.place(x.alice, x.take('sell', '0.100'))).toMatchObject({ reason: 'position-side' });
    expect(x.accounts.setHedgeMode(x.alice, false)).toMatchObject({ reason: 'has-open-positions' });
  });

  it("charges funding at the market's funding times: longs pay what shorts receive", () => {
    const x = exchangeOf('linear');
    buys(x, x.alice, '1.000', '90000.0');
    x.venue.clock.advance(HOUR);
    const paid = x.accounts.ledger.entries.flatMap((entry) => (entry.kind === 'funding' ? [entry] : []));
    expect(paid.map(({ account }) => account).sort()).toEqual(['alice', 'bob']);
    const [settlement] = x.market.funding!.settlements.slice(-1);
    const long = paid.find(({ account }) => account === 'alice')!;
    const notional = BigInt(x.market.grid.nearestTicks(settlement!.markPrice)) * money('0.1');
    expect(long.payment).toBe(-(notional * BigInt(Math.round(settlement!.rate * 1e8))) / 100_000_000n);
    expect(long.payment).not.toBe(0n);
    expect(paid[0]!.payment + paid[1]!.payment).toBe(0n);
  });

  it('refuses what the margin does not bear, and lets positions be closed all the same', () => {
    const x = exchangeOf('linear');
    const poor = x.accounts.open('poor', { USDT: '1000' });
    x.placed(x.bob, x.limit('sell', '1.000', '90000.0'));
    expect(x.accounts.place(poor, x.take('buy', '0.300'))).toMatchObject({ reason: 'insufficient-margin' });
    expect(x.accounts.setLeverage(poor, x.symbol, 100)).toMatchObject({ ok: true });
    x.placed(poor, x.take('buy', '0.300'));
    expect(x.accounts.margin(poor, 'USDT').initial).toBeGreaterThan(money('260'));
    expect(x.accounts.setLeverage(poor, x.symbol, 10)).toMatchObject({ reason: 'insufficient-margin' });
    expect(poor.leverage(x.symbol)).toBe(100);
    x.placed(x.bob, x.limit('buy', '1.000', '89990.0'));
    x.placed(poor, x.take('sell', '0.300', { reduceOnly: true }));
    expect(poor.positions[0]!.size).toBe(0);
  });

  it('liquidates through the engine when the maintenance margin is gone', () => {
    const x = exchangeOf('linear');
    const poor = x.accounts.open('poor', { USDT: '1500' });
    x.accounts.setLeverage(poor, x.symbol, 100);
    buys(x, poor, '1.000', '90000.0');
    x.placed(poor, x.limit('buy', '0.001', '80000.0'));
    x.placed(x.bob, x.limit('buy', '5.000', '87000.0'));
    x.placed(x.bob, x.limit('sell', '5.000', '87001.0'));
    x.venue.clock.advance(30_000);
    expect(poor.positions[0]!.size).toBe(0);
    expect(poor.openOrders()).toEqual([]);
    const own = x.accounts.ledger.entries.filter(({ account }) => account === 'poor');
    expect(own.filter(({ kind }) => kind === 'liquidation')).toHaveLength(1);
    expect(poor.orders.at(-1)).toMatchObject({ origin: 'liquidation', status: 'filled', side: 'sell', filled: 1000 });
    expect(own.at(-1)).toMatchObject({ kind: 'balance', cause: 'insurance', total: 0n });
    expect(x.market.liquidations).toHaveLength(1);
  });

  it('waits with a liquidation for somebody who takes the position', () => {
    const x = exchangeOf('linear');
    const poor = x.accounts.open('poor', { USDT: '1500' });
    x.accounts.setLeverage(poor, x.symbol, 100);
    buys(x, poor, '1.000', '90000.0');
    const low = x.placed(x.bob, x.limit('buy', '0.100', '87000.0'));
    x.placed(x.bob, x.limit('sell', '5.000', '87001.0'));
    x.venue.clock.advance(30_000);
    expect(poor.positions[0]!.size).toBe(900);
    expect(x.bob.order(low)?.status).toBe('filled');
    const entries = x.accounts.ledger.entries.length;
    x.venue.clock.advance(5000);
    expect(x.accounts.ledger.entries.length).toBe(entries);
    x.placed(x.bob, x.limit('buy', '5.000', '86990.0'));
    x.venue.clock.advance(1000);
    expect(poor.positions[0]!.size).toBe(0);
  });

  it('ends reduce-only orders whose position is gone', () => {
    const x = exchangeOf('linear');
    buys(x, x.alice, '1.000', '90000.0');
    const kept = x.placed(x.alice, x.limit('sell', '0.400', '91000.0', { reduceOnly: true }));
    const lost = x.placed(x.alice, x.limit('sell', '0.600', '92000.0', { reduceOnly: true }));
    expect(x.accounts.place(x.alice, x.limit('sell', '0.001', '93000.0', { reduceOnly: true }))).toMatchObject({
      reason: 'reduce-only',
    });
    sells(x, x.alice, '0.500', '89000.0');
    expect(x.alice.order(kept)?.status).toBe('open');
    expect(x.alice.order(lost)?.status).toBe('expired');
    expect(x.market.engine.openOrders).toBe(1);
  });

  it('never lets one sweep open a position through a reduce-only order', () => {
    const x = exchangeOf('linear');
    buys(x, x.alice, '1.000', '90000.0');
    x.placed(x.alice, x.limit('sell', '0.700', '91000.0'));
    const reducing = x.placed(x.alice, x.limit('sell', '1.000', '91001.0', { reduceOnly: true }));
    x.placed(x.carol, x.limit('sell', '5.000', '91002.0'));
    x.placed(x.bob, x.take('buy', '3.000'));
    expect(x.alice.positions[0]!.size).toBe(0);
    expect(x.alice.order(reducing)).toMatchObject({ filled: 300, status: 'expired' });
    expect(x.market.engine.openOrders).toBe(1);
    expect(x.carol.positions[0]!.size).toBe(-2000);
  });
});
