import { describe, expect, it } from 'vitest';
import { exchangeOf, money } from '../../test/accounts.js';
import type { ConditionalRequest, LedgerEntry } from '../index.js';

type Exchange = ReturnType<typeof exchangeOf>;

/** Lets bob and carol trade one lot at this price, and nothing rest. */
function print({ placed, bob, carol, limit }: Exchange, price: string, size = '0.100'): void {
  placed(bob, limit('sell', size, price));
  placed(carol, limit('buy', size, price));
}

function conditional(x: Exchange, side: 'buy' | 'sell', direction: 'rise' | 'fall', more: Partial<ConditionalRequest> = {}) {
  const order = { symbol: x.symbol, side, kind: 'market', size: '0.100' } as const;
  const answer = x.accounts.placeConditional(x.alice, { order, by: 'last', direction, ...more });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

const causes = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'conditional' ? [entry.cause] : []));
const latest = (x: Exchange, id: number) => x.accounts.conditionals.find(x.alice, { id })!;

describe('Conditional orders', () => {
  it('wait for the last price, then are placed, and finish with their order', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    const stop = conditional(x, 'buy', 'rise', { price: '90100.0', clientId: 'stop' });
    expect(x.alice.openOrders()).toEqual([]);
    x.placed(x.bob, x.limit('sell', '5.000', '90200.0'));
    print(x, '90099.9');
    expect(latest(x, stop.id)).toMatchObject({ status: 'waiting' });
    print(x, '90100.0');
    const { status, orderId } = latest(x, stop.id);
    expect(status).toBe('finished');
    expect(x.alice.order({ symbol: x.symbol, id: orderId })).toMatchObject({ clientId: 'stop', status: 'filled' });
    expect(causes(x.accounts.ledger.entries)).toEqual(['new', 'triggered', 'finished']);
  });

  it('wait for mark, which moves once a second', () => {
    const x = exchangeOf('linear');
    const mark = x.accounts.mark(x.symbol)!;
    const stop = conditional(x, 'sell', 'fall', { by: 'mark', price: x.market.grid.formatPrice(mark - 100) });
    for (const price of [mark - 3000, mark - 4000]) {
      const text = x.market.grid.formatPrice(price);
      x.placed(x.bob, x.limit('buy', '1.000', text));
      x.placed(x.carol, x.limit('sell', '0.500', text));
    }
    expect(latest(x, stop.id).status).toBe('waiting');
    x.placed(x.carol, x.limit('sell', '1.000', x.market.grid.formatPrice(mark - 2000)));
    x.venue.clock.advance(60_000);
    expect(latest(x, stop.id).status).toBe('finished');
  });

  it('are refused when the price is there already, off the grid, or known by that id', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    const order = { symbol: x.symbol, side: 'buy', kind: 'market', size: '0.100' } as const;
    const place = (price: string, clientId?: string) =>
      x.accounts.placeConditional(x.alice, { order, by: 'last', direction: 'rise', price, clientId });
    expect(place('90000.0')).toEqual({ ok: false, reason: 'would-trigger' });
    expect(place('90000.05')).toEqual({ ok: false, reason: 'bad-price' });
    expect(place('90001.0', 'once')).toMatchObject({ ok: true });
    expect(place('90002.0', 'once')).toEqual({ ok: false, reason: 'duplicate-client-id' });
  });

  it('are canceled once, and wait no more', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    const stop = conditional(x, 'buy', 'rise', { price: '90100.0' });
    expect(x.accounts.cancelConditional(x.alice, stop)).toMatchObject({ ok: true });
    expect(x.accounts.cancelConditional(x.alice, stop)).toEqual({ ok: false, reason: 'unknown-order' });
    print(x, '90200.0');
    expect(causes(x.accounts.ledger.entries)).toEqual(['new', 'canceled']);
  });

  it('say why their order was refused', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    const order = { symbol: x.symbol, side: 'sell', kind: 'market', size: '1.000', reduceOnly: true } as const;
    const stop = conditional(x, 'sell', 'rise', { price: '90100.0', order });
    x.placed(x.bob, x.limit('buy', '5.000', '89000.0'));
    print(x, '90100.0');
    expect(latest(x, stop.id)).toMatchObject({ status: 'rejected', reason: 'reduce-only', orderId: undefined });
  });

  it('close the whole position, or expire when there is none', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    x.placed(x.bob, x.limit('sell', '3.000', '90000.0'));
    x.placed(x.alice, x.take('buy', '3.000'));
    const order = { symbol: x.symbol, side: 'sell', kind: 'market', size: '', reduceOnly: true } as const;
    const [first, second] = ['90100.0', '90200.0'].map((price) =>
      conditional(x, 'sell', 'rise', { price, order, closesPosition: true }),
    );
    x.placed(x.bob, x.limit('buy', '9.000', '89990.0'));
    print(x, '90100.0');
    expect(x.alice.positions[0]).toMatchObject({ size: 0 });
    print(x, '90200.0');
    expect([latest(x, first!.id).status, latest(x, second!.id).status]).toEqual(['finished', 'expired']);
  });

  it('trail the best price from their activation on', () => {
    const x = exchangeOf('linear');
    print(x, '90000.0');
    const trail = { callback: '0.01', activation: '91000.0' };
    const stop = conditional(x, 'sell', 'fall', { trail });
    x.placed(x.bob, x.limit('buy', '9.000', '80000.0'));
    print(x, '88000.0');
    expect(latest(x, stop.id)).toMatchObject({ status: 'waiting', active: false });
    for (const price of ['91000.0', '92000.0', '91500.0', '91080.1']) print(x, price);
    expect(latest(x, stop.id)).toMatchObject({ status: 'waiting', active: true, price: 910_800 });
    print(x, '91080.0');
    expect(causes(x.accounts.ledger.entries)).toEqual(['new', 'activated', 'triggered', 'finished']);
  });
});

describe('Sleeping spot orders', () => {
  it('hold what they need, keep their id, and meet the book when they wake', () => {
    const x = exchangeOf('spot');
    print(x, '90000.00', '1');
    const trigger = { by: 'last', direction: 'rise', price: '90100' } as const;
    const order = x.placed(x.alice, x.limit('buy', '1', '90200', { trigger }));
    expect([x.alice.balance('USDT').locked, x.market.engine.order(order.id)]).toEqual([money('90200'), undefined]);
    print(x, '90100', '1');
    expect(x.market.engine.order(order.id)).toMatchObject({ price: 9_020_000 });
    expect(x.alice.order(order)).toMatchObject({ status: 'open', triggeredAt: x.venue.clock.now() });
    expect(x.accounts.cancel(x.alice, order)).toMatchObject({ ok: true });
    expect(x.alice.balance('USDT').locked).toBe(0n);
  });

  it('expire when they wake up poor', () => {
    const x = exchangeOf('spot');
    print(x, '90000', '1');
    const trigger = { by: 'last', direction: 'fall', price: '89000' } as const;
    const stop = x.placed(x.alice, x.take('sell', '100', { trigger }));
    x.placed(x.bob, x.limit('buy', '60', '88000'));
    x.placed(x.alice, x.take('sell', '50'));
    expect(x.alice.order(stop)).toMatchObject({ status: 'expired', filled: 0 });
    expect(x.alice.free('BTC')).toBe(money('50'));
  });

  it('never wake once canceled', () => {
    const x = exchangeOf('spot');
    print(x, '90000', '1');
    const trigger = { by: 'last', direction: 'fall', price: '89000' } as const;
    const stop = x.placed(x.alice, x.limit('sell', '1', '88000', { trigger }));
    x.accounts.cancel(x.alice, stop);
    print(x, '88500', '1');
    expect(x.alice.order(stop)).toMatchObject({ status: 'canceled' });
    expect(x.alice.order(stop)!.triggeredAt).toBeUndefined();
  });
});

describe('Orders of one account that meet', () => {
  it.each([
    ['expire-taker', ['open', 'expired'], 10],
    ['expire-maker', ['expired', 'filled'], 0],
    ['expire-both', ['expired', 'expired'], 0],
  ] as const)('%s', (selfTrade, statuses, resting) => {
    const x = exchangeOf('linear');
    const maker = x.placed(x.alice, x.limit('sell', '0.010', '90000.0'));
    x.placed(x.bob, x.limit('sell', '0.010', '90000.0'));
    const taker = x.placed(x.alice, x.limit('buy', '0.010', '90000.0', { selfTrade }));
    expect([x.alice.order(maker)!.status, taker.status]).toEqual(statuses);
    expect(x.market.engine.order(maker.id)?.remaining ?? 0).toBe(resting);
    const ended = [x.alice.order(maker)!, taker].filter(({ status }) => status === 'expired');
    expect(ended.map(({ endedBy }) => endedBy)).toEqual(ended.map(() => 'self-trade'));
  });

  it('give way when an amendment brings them together, too', () => {
    const x = exchangeOf('linear');
    x.placed(x.alice, x.limit('sell', '0.010', '90000.0'));
    const low = x.placed(x.alice, x.limit('buy', '0.010', '80000.0', { selfTrade: 'expire-taker' }));
    expect(x.accounts.amend(x.alice, low, { price: '90000.0' })).toMatchObject({
      ok: true,
      value: { status: 'expired', endedBy: 'self-trade' },
    });
    expect(x.alice.openOrders()).toHaveLength(1);
  });

  it('trade where nobody minds', () => {
    const x = exchangeOf('linear');
    x.placed(x.alice, x.limit('sell', '0.010', '90000.0'));
    expect(x.placed(x.alice, x.limit('buy', '0.010', '90000.0'))).toMatchObject({ status: 'filled' });
  });
});

it('a market order takes nothing beyond its bound', () => {
  const x = exchangeOf('linear');
  for (const price of ['90000.0', '90010.0', '90020.0']) x.placed(x.bob, x.limit('sell', '1.000', price));
  const bounded = x.placed(x.alice, x.take('buy', '3.000', { bound: '90010.0' }));
  expect(bounded).toMatchObject({ status: 'expired', filled: 2000, price: undefined });
  expect(x.market.engine.asks.best).toMatchObject({ price: 900_200, total: 1000 });
  const again = x.accounts.place(x.alice, x.take('buy', '1.000', { bound: '90019.9' }));
  expect(again).toEqual({ ok: false, reason: 'no-liquidity' });
  expect(x.accounts.place(x.alice, x.limit('buy', '1.000', '90000.0', { bound: '90019.9' }))).toMatchObject({ ok: false });
});

it('an order expires at its time, and only what is left of it', () => {
  const x = exchangeOf('linear');
  const expiresAt = x.venue.clock.now() + 1000;
  const order = x.placed(x.alice, x.limit('buy', '2.000', '90000.0', { expiresAt }));
  x.placed(x.bob, x.take('sell', '1.000'));
  x.venue.clock.advance(999);
  expect(x.alice.order(order)).toMatchObject({ status: 'partially-filled' });
  x.venue.clock.advance(1);
  expect(x.alice.order(order)).toMatchObject({ status: 'expired', filled: 1000, endedBy: 'expired' });
  expect(x.market.engine.order(order.id)).toBeUndefined();
});
