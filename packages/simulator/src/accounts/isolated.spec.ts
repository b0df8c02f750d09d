import { describe, expect, it } from 'vitest';
import { exchangeOf, money, type TestExchange } from '../../test/accounts.js';

const FREE_OF_CHARGE = { makerFee: '0', takerFee: '0' };
const DEPOSIT = money('10000000');

function trades({ placed, bob, limit, take, alice }: TestExchange, side: 'buy' | 'sell', size: string, price: string): void {
  placed(bob, limit(side === 'buy' ? 'sell' : 'buy', size, price));
  placed(alice, take(side, size));
}

/** Alice with isolated margin at 10x. */
function isolated(book: 'linear' | 'inverse' = 'linear', options: object = FREE_OF_CHARGE): TestExchange {
  const x = exchangeOf(book, options);
  x.accounts.setLeverage(x.alice, x.symbol, 10);
  expect(x.accounts.setIsolated(x.alice, x.symbol, true)).toEqual({ ok: true, value: true });
  return x;
}

const walletOf = ({ alice }: TestExchange) => alice.positions[0]!.wallet;

describe('Isolated margin', () => {
  it('sets the initial margin of what opens aside, and gives it back with what closes', () => {
    const x = isolated();
    trades(x, 'buy', '4.000', '90000.0');
    expect(walletOf(x)).toBe(money('36000'));
    trades(x, 'sell', '1.000', '90000.0');
    expect(walletOf(x)).toBe(money('27000'));
    trades(x, 'sell', '5.000', '90000.0');
    expect([walletOf(x), x.alice.positions[0]!.size]).toEqual([money('18000'), -2000]);
    trades(x, 'buy', '2.000', '90000.0');
    expect([walletOf(x), x.alice.balance('USDT').total]).toEqual([0n, DEPOSIT]);
  });

  it('leaves the rest of the balance to others', () => {
    const x = isolated();
    trades(x, 'buy', '4.000', '90000.0');
    const { equity, unrealized, isolated: aside, initial } = x.accounts.margin(x.alice, 'USDT');
    expect([equity, unrealized, aside, initial]).toEqual([DEPOSIT - money('36000'), 0n, money('36000'), 0n]);
  });

  it('changes only without orders and positions, and once', () => {
    const x = isolated();
    expect(x.accounts.setIsolated(x.alice, x.symbol, true)).toEqual({ ok: false, reason: 'no-change' });
    const order = x.placed(x.alice, x.limit('buy', '1.000', '80000.0'));
    expect(x.accounts.setIsolated(x.alice, x.symbol, false)).toEqual({ ok: false, reason: 'has-open-orders' });
    x.accounts.cancel(x.alice, order);
    trades(x, 'buy', '1.000', '90000.0');
    expect(x.accounts.setIsolated(x.alice, x.symbol, false)).toEqual({ ok: false, reason: 'has-open-positions' });
    expect(x.accounts.setLeverage(x.alice, x.symbol, 5)).toEqual({ ok: false, reason: 'lower-leverage' });
  });

  it('takes and gives money by hand, down to the initial margin', () => {
    const x = isolated();
    trades(x, 'buy', '1.000', '90000.0');
    const [position] = x.alice.positions;
    expect(x.accounts.moveMargin(x.alice, position!, money('1000'))).toEqual({ ok: true, value: money('10000') });
    expect(x.accounts.moveMargin(x.alice, position!, -money('9999'))).toEqual({ ok: false, reason: 'insufficient-margin' });
    expect(x.accounts.moveMargin(x.alice, position!, money('99999999'))).toEqual({ ok: false, reason: 'insufficient-margin' });
    expect(x.accounts.moveMargin(x.bob, x.bob.positions[0]!, 1n)).toEqual({ ok: false, reason: 'not-isolated' });
  });

  it.each(['linear', 'inverse'] as const)('loses no more than what was set aside, %s', (book) => {
    const x = isolated(book);
    const [size, settle] = book === 'linear' ? ['1.000', 'USDT'] : ['900', 'BTC'];
    const before = x.alice.balance(settle).total;
    trades(x, 'buy', size, '100000.0');
    const wallet = walletOf(x);
    x.placed(x.bob, x.limit('buy', size, '85600.0'));
    const risk = x.accounts.risk(x.alice, x.alice.positions[0]!);
    expect(risk.liquidationPrice).toBeGreaterThan(risk.mark);
    x.venue.clock.advance(2000);
    const causes = x.accounts.ledger.entries
      .filter(({ account }) => account === 'alice')
      .map((e) => ('cause' in e ? e.cause : e.kind));
    expect(causes).toContain('liquidation');
    expect(causes).toContain('insurance');
    expect(x.alice.positions[0]).toMatchObject({ size: 0, wallet: 0n });
    expect(before - x.alice.balance(settle).total).toBe(wallet);
  });

  it('pays funding from the wallet', () => {
    const x = isolated();
    trades(x, 'buy', '1.000', '90000.0');
    const before = walletOf(x);
    x.venue.clock.advance(8 * 3_600_000);
    const paid = x.accounts.ledger.entries.flatMap((e) => (e.kind === 'funding' && e.account === 'alice' ? [e.payment] : []));
    expect(paid).not.toEqual([]);
    expect(walletOf(x)).toBe(before + paid.reduce((sum, payment) => sum + payment, 0n));
  });
});
