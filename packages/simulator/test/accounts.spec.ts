import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadOf } from '../src/accounts/margin.js';
import type { Account } from '../src/index.js';
import { Random } from '../src/index.js';
import { type Book, exchangeOf, LISTINGS, type TestExchange } from './accounts.js';
import { type AccountAction, accountActions, act } from './accounts-actions.js';
import { AccountsModel } from './accounts-model.js';
import { SEED } from './engine-model.js';

const FEES = { makerFee: '-0.00003', takerFee: '0.00047' };
const RATES = { maker: -3000n, taker: 47_000n };
const RUNS = 30;
/** What the random runs must have come by to prove anything. */
const REACHED: Readonly<Record<Book, string[]>> = {
  spot: ['fill', 'hold', 'amended', 'canceled', 'expired', 'refusal', 'self-trade', 'triggered'],
  linear: ['fill', 'profit', 'funding', 'amended', 'canceled', 'refusal', 'self-trade', 'triggered', 'finished', 'set aside'],
  inverse: ['fill', 'profit', 'funding', 'amended', 'canceled', 'refusal', 'self-trade', 'triggered', 'finished', 'set aside'],
};

/** Everything an account is, as text. */
function stateOf(account: Account): string {
  const balances = account.balances.map(({ asset, total, locked }) => `${asset} ${total} ${locked}`).sort();
  const positions = account.positions.map(({ leg, size, cost, realized }) => `${leg} ${size} ${cost} ${realized}`).sort();
  return [account.id, ...balances, ...positions].join('\n');
}

function modelledState(model: AccountsModel, account: Account): string {
  const balances = account.balances.map(
    ({ asset }) => `${asset} ${model.total(account.id, asset)} ${model.locked(account.id, asset)}`,
  );
  const positions = account.positions.map(({ leg }) => {
    const { size, cost, realized } = model.positions.get(`${account.id}/${leg}`) ?? { size: 0n, cost: 0n, realized: 0n };
    return `${leg} ${size} ${cost} ${realized}`;
  });
  return [account.id, ...balances.sort(), ...positions.sort()].join('\n');
}

/** What open orders could add to positions, as the account has summed it up. */
function summed({ workloads }: Account): readonly string[] {
  return [...workloads].flatMap(({ leg, buys, sells }) => [`${leg} buy ${buys}`, `${leg} sell ${sells}`]).filter(isSome);
}

/** The same, from the open orders. */
function recounted(account: Account, { accounts }: TestExchange): readonly string[] {
  const sums = new Map<string, bigint>();
  for (const order of account.openOrders()) {
    const key = `${order.leg} ${order.side}`;
    sums.set(key, (sums.get(key) ?? 0n) + workloadOf(order, accounts.terms(order.symbol)!));
  }
  return [...sums].map(([key, value]) => `${key} ${value}`).filter(isSome);
}

function isSome(text: string): boolean {
  return !text.endsWith(' 0');
}

/** Runs the actions, reading the ledger along the way. */
function run(book: Book, actions: readonly AccountAction[]) {
  const x = exchangeOf(book, FEES);
  const model = new AccountsModel(LISTINGS[book], RATES);
  for (const entry of x.accounts.ledger.entries) model.read(entry);
  x.accounts.ledger.subscribe((entry) => model.read(entry));
  for (const action of actions) {
    act(x, book, action);
    for (const account of x.everyone) expect(stateOf(account)).toBe(modelledState(model, account));
  }
  return { x, model };
}

describe.each(['spot', 'linear', 'inverse'] as const)('Accounts on a %s market, at random', (book) => {
  it('own what a naive model makes of the ledger, to the last unit, and nothing is made or lost', { timeout: 300_000 }, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(accountActions, (actions) => {
        const { x, model } = run(book, actions);
        for (const entry of x.accounts.ledger.entries) {
          seen.add('cause' in entry ? entry.cause : entry.kind);
          if (entry.kind === 'position' && (entry.wallet ?? 0n) > 0n) seen.add('set aside');
        }
        for (const asset of ['BTC', 'USDT']) {
          const sum = x.everyone.reduce((total, account) => total + account.balance(asset).total, 0n);
          const settled = asset === (LISTINGS[book].settle ?? '');
          const sign = LISTINGS[book].inverse ? -1n : 1n;
          const invested = x.everyone
            .flatMap(({ positions }) => positions)
            .reduce((total, { size, cost }) => total + (size < 0 ? -cost : cost), 0n);
          const outside = (model.inflow.get(asset) ?? 0n) - (model.fees.get(asset) ?? 0n);
          const gained = settled ? sign * invested - model.dust : 0n;
          expect(sum * 10n ** 8n).toBe(outside * 10n ** 8n + gained);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect([...seen]).toEqual(expect.arrayContaining(REACHED[book]));
  });

  it('never lend: locked money is there, and open orders are those on the book', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(accountActions, (actions) => {
        const { x } = run(book, actions);
        const open = x.everyone
          .flatMap((account) => account.openOrders())
          .filter(({ trigger, triggeredAt }) => trigger === undefined || triggeredAt !== undefined);
        expect(open).toHaveLength(x.market.engine.openOrders);
        for (const order of open) {
          const { remaining, price } = x.market.engine.order(order.id)!;
          expect([order.size - order.filled, order.price]).toEqual([remaining, price]);
        }
        for (const { total, locked } of x.everyone.flatMap(({ balances }) => balances)) {
          expect(locked).toBeGreaterThanOrEqual(0n);
          if (book === 'spot') expect(total).toBeGreaterThanOrEqual(locked);
        }
        for (const account of x.everyone) expect([...summed(account)].sort()).toEqual([...recounted(account, x)].sort());
        for (const { size, wallet } of x.everyone.flatMap(({ positions }) => positions)) {
          if (size === 0) expect(wallet).toBe(0n);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('are told from the model when one unit is off', () => {
    const { x, model } = run(book, []);
    x.alice.credit('USDT', 1n, 0n);
    expect(stateOf(x.alice)).not.toBe(modelledState(model, x.alice));
    expect(stateOf(x.bob)).toBe(modelledState(model, x.bob));
  });

  it('end the same whichever order the makers came in', () => {
    const makers = Array.from({ length: 8 }, (_, i) => ({ who: i % 2, price: 90_000 + i }));
    const outcome = (order: readonly number[]) => {
      const x = exchangeOf(book, FEES);
      for (const i of order) x.placed(x.everyone[makers[i]!.who]!, x.limit('sell', '1', `${makers[i]!.price}`));
      x.placed(x.carol, x.take('buy', '5'));
      return x.everyone.map(stateOf);
    };
    const inOrder = outcome(makers.map((_, i) => i));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          makers.map((_, i) => i),
          { minLength: makers.length },
        ),
        (order) => {
          expect(outcome(order)).toEqual(inOrder);
        },
      ),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('leave the same ledger for the same seed, among a crowd of others', () => {
    const hashOf = (seed: number) => {
      const x = exchangeOf(book, { seed, flow: true });
      const random = new Random(seed, 'actions');
      for (let i = 0; i < 40; i++) {
        const account = random.pick(x.everyone);
        const side = random.pick(['buy', 'sell'] as const);
        x.accounts.place(
          account,
          random.chance(0.5) ? x.take(side, '1') : x.limit(side, '1', `${90_000 + random.integer(-20, 20)}`),
        );
        x.venue.clock.advance(random.integer(1, 400));
      }
      expect(x.accounts.ledger.entries.filter(({ kind }) => kind === 'fill').length).toBeGreaterThan(10);
      return x.accounts.ledger.hash();
    };
    expect(hashOf(SEED)).toBe(hashOf(SEED));
    expect(hashOf(SEED)).not.toBe(hashOf(SEED + 1));
  });
});
