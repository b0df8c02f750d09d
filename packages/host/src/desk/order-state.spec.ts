import { type Decimal, decimal, FINAL_STATUSES, type Fill, type Order, type OrderStatus } from '@speed-protocol/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { OrderState } from './order-state.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const SYMBOL = 'BTC/USDT';
const ID = 'speed-1';

const lots = (n: number): Decimal => decimal((n / 1000).toFixed(3));

function orderOf(status: OrderStatus, filled: number, amount: number, updatedAt: number, more: Partial<Order> = {}): Order {
  const base = {
    venue: 'test',
    symbol: SYMBOL,
    clientOrderId: ID,
    venueOrderId: '9007199254740993',
    side: 'buy',
    type: 'limit',
  } as const;
  const rest = { timeInForce: 'GTC', price: decimal('100'), averagePrice: null, reduceOnly: null, positionSide: null } as const;
  return { ...base, ...rest, status, amount: lots(amount), filled: lots(filled), reason: null, updatedAt, ...more };
}

function fillOf(n: number, amount: number, price: number, fee: Decimal | null): Fill {
  const head = {
    venue: 'test',
    symbol: SYMBOL,
    tradeId: String(n),
    venueOrderId: '9007199254740993',
    clientOrderId: ID,
  } as const;
  const tail = { feeCurrency: null, liquidity: null, realizedPnl: null, positionSide: null } as const;
  return { ...head, ...tail, side: 'buy', price: lots(price), amount: lots(amount), fee, time: n };
}

const intent = (amount: number): Evidence => ({
  kind: 'intent',
  time: 1,
  order: { symbol: SYMBOL, clientOrderId: ID, side: 'buy', type: 'limit', amount: lots(amount), price: decimal('100') },
});
const unknown: Evidence = { kind: 'unknown', reason: { kind: 'timeout', message: 'no answer' } };
const refused: Evidence = { kind: 'refused', reason: { kind: 'rejected', message: 'post-only would take' } };

interface History {
  readonly prefix: readonly Evidence[];
  readonly rest: readonly Evidence[];
  readonly status: OrderStatus;
  readonly filled: number;
}

/** What a venue that keeps its word can have said about an order, from first to last. */
const histories: fc.Arbitrary<History> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 6 }),
    prices: fc.array(fc.integer({ min: 1, max: 10 ** 7 }), { minLength: 6, maxLength: 6 }),
    left: fc.integer({ min: 1, max: 5000 }),
    end: fc.constantFrom<OrderStatus | null>('FILLED', 'CANCELED', 'EXPIRED', null),
    answer: fc.constantFrom('accepted', 'unknown', 'none'),
    amended: fc.boolean(),
    refusal: fc.constantFrom('no', 'no', 'no', 'refused', 'absent', 'event'),
    withFees: fc.boolean(),
  })
  .map(({ sizes, prices, left, end, answer, amended, refusal, withFees }) => {
    const filled = sizes.reduce((sum, each) => sum + each, 0);
    if (refusal !== 'no') return refusedHistory(refusal, left);
    const done = end === 'FILLED' && filled > 0;
    const total = done ? filled : filled + left;
    const first = amended ? Math.max(1, total - 1) : total;
    const prefix: Evidence[] = [intent(first)];
    if (amended) prefix.push({ kind: 'amend', amount: lots(total) });
    const rest: Evidence[] = [{ kind: 'order', order: orderOf('OPEN', 0, first, 10) }];
    if (answer === 'accepted') rest.push({ kind: 'accepted', venueOrderId: '9007199254740993' });
    if (answer === 'unknown') rest.push(unknown);
    let sum = 0;
    sizes.forEach((size, i) => {
      sum += size;
      rest.push({ kind: 'fill', fill: fillOf(i, size, prices[i]!, null) });
      if (withFees) rest.push({ kind: 'fill', fill: fillOf(i, size, prices[i]!, decimal('0.1')) });
      if (sum < total) rest.push({ kind: 'order', order: orderOf('PARTIALLY_FILLED', sum, total, 20 + i) });
    });
    const status = done ? 'FILLED' : end !== null && end !== 'FILLED' ? end : filled > 0 ? 'PARTIALLY_FILLED' : 'OPEN';
    if (FINAL_STATUSES.has(status)) rest.push({ kind: 'order', order: orderOf(status, filled, total, 99) });
    return { prefix, rest, status, filled };
  });

function refusedHistory(refusal: string, amount: number): History {
  const proof: Record<string, Evidence> = {
    refused,
    absent: { kind: 'absent' },
    event: { kind: 'order', order: orderOf('REJECTED', 0, amount, 5) },
  };
  return { prefix: [intent(amount)], rest: [unknown, proof[refusal]!], status: 'REJECTED', filled: 0 };
}

/** A history with any order of arrival and some of it repeated. */
const arrivals = histories.chain((history) =>
  fc.array(fc.nat(Math.max(0, history.rest.length - 1)), { maxLength: 8 }).chain((again) => {
    const all = [...history.rest, ...again.map((i) => history.rest[i]!)];
    return fc.shuffledSubarray(all, { minLength: all.length }).map((arrived) => ({ history, arrived }));
  }),
);

function fold(evidence: readonly Evidence[]): OrderState {
  const state = new OrderState(ID, SYMBOL);
  for (const each of evidence) state.add(each);
  return state;
}

describe(`order state (SPEED_SEED=${seed})`, () => {
  it('ends the same for every order of arrival, with duplicates', () => {
    fc.assert(
      fc.property(arrivals, ({ history, arrived }) => {
        const expected = fold([...history.prefix, ...history.rest]);
        const state = fold([...history.prefix, ...arrived]);
        expect(state.view).toEqual(expected.view);
        expect(new Set([...state.fills].map((each) => JSON.stringify(each)))).toEqual(
          new Set([...expected.fills].map((each) => JSON.stringify(each))),
        );
        expect(state.view.status).toBe(history.status);
        expect(Number(state.view.filled)).toBe(history.filled / 1000);
        expect(state.view.fillsComplete).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('never goes back from an end, and repetition changes nothing', () => {
    fc.assert(
      fc.property(arrivals, ({ history, arrived }) => {
        const state = fold(history.prefix);
        let ended: OrderStatus | null = null;
        for (const each of arrived) {
          state.add(each);
          if (ended !== null) expect(state.view.status).toBe(ended);
          if (state.final) ended = state.view.status;
          expect(state.add(each)).toBe(false);
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it('sums fills exactly where binary fractions would not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 10 ** 9 })), {
          minLength: 1,
          maxLength: 40,
        }),
        (fills) => {
          const state = fold([
            intent(10 ** 9),
            ...fills.map(([amount, price], i): Evidence => ({ kind: 'fill', fill: fillOf(i, amount, price, null) })),
          ]);
          const amount = fills.reduce((sum, [each]) => sum + BigInt(each), 0n);
          const cost = fills.reduce((sum, [each, price]) => sum + BigInt(each) * BigInt(price), 0n);
          const [whole, fraction = ''] = state.view.filled.split('.');
          expect(BigInt(whole + fraction.padEnd(3, '0'))).toBe(amount);
          const [units, digits = ''] = state.view.averagePrice!.split('.');
          const scaled = BigInt(units + digits.padEnd(11, '0'));
          expect(scaled).toBe((2n * cost * 10n ** 8n + amount) / (2n * amount));
        },
      ),
      { seed, numRuns: 150 },
    );
  });

  it('is unknown until evidence, and rejected only on proof', () => {
    expect(fold([intent(5)]).view.status).toBe('PENDING');
    expect(fold([intent(5), unknown]).view).toMatchObject({ status: 'UNKNOWN', reason: 'no answer' });
    expect(fold([intent(5), unknown, { kind: 'absent' }]).view.status).toBe('REJECTED');
    expect(fold([intent(5), refused]).view).toMatchObject({ status: 'REJECTED', reason: 'post-only would take' });
  });

  it('believes a sign of life more than a proof of absence, whichever came first', () => {
    const alive: Evidence = { kind: 'fill', fill: fillOf(1, 2, 100, null) };
    for (const proof of [refused, { kind: 'absent' } as const]) {
      expect(fold([intent(5), proof, alive]).view.status).toBe('PARTIALLY_FILLED');
      expect(fold([intent(5), alive, proof]).view.status).toBe('PARTIALLY_FILLED');
    }
  });

  it('takes late fills after the end and says that fills are missing until then', () => {
    const state = fold([intent(5), { kind: 'order', order: orderOf('CANCELED', 3, 5, 50, { averagePrice: decimal('99') }) }]);
    expect(state.view).toMatchObject({ status: 'CANCELED', filled: '0.003', averagePrice: '99', fillsComplete: false });
    state.add({ kind: 'fill', fill: fillOf(7, 3, 99_500, null) });
    expect(state.view).toMatchObject({ status: 'CANCELED', filled: '0.003', averagePrice: '99.5', fillsComplete: true });
  });

  it('keeps one trade id of two orders as two fills', () => {
    const one = fillOf(1, 2, 100, null);
    const state = fold([intent(9), { kind: 'fill', fill: one }, { kind: 'fill', fill: { ...one, venueOrderId: '2' } }]);
    expect([...state.fills]).toHaveLength(2);
    expect(state.view.filled).toBe('0.004');
  });

  it('does not call an order filled that was amended upwards', () => {
    const state = fold([intent(2), { kind: 'amend', amount: lots(4) }, { kind: 'fill', fill: fillOf(1, 2, 100, null) }]);
    expect(state.view.status).toBe('PARTIALLY_FILLED');
  });

  it('ends an order that the venue has forgotten', () => {
    const accepted: Evidence = { kind: 'accepted', venueOrderId: '1' };
    expect(fold([intent(2), accepted, { kind: 'gone' }]).view).toMatchObject({
      status: 'CANCELED',
      reason: 'no longer known to the venue',
    });
  });
});
