import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, actions, checkAgainstModel, recordingEngine, SEED } from '../../test/engine-model.js';
import { MatchingEngine } from './matching-engine.js';

describe('MatchingEngine', () => {
  it('matches the best price first, and the oldest order within a price', () => {
    const { engine, trades } = recordingEngine();
    const late = engine.submit({ owner: 'a', side: 'sell', price: 101, size: 5 });
    const first = engine.submit({ owner: 'b', side: 'sell', price: 100, size: 5 });
    const second = engine.submit({ owner: 'c', side: 'sell', price: 100, size: 5 });
    const taken = engine.submit({ owner: 'd', side: 'buy', price: 101, size: 12 });
    expect(taken).toMatchObject({ status: 'filled', filled: 12, resting: 0 });
    expect(trades.map((t) => [t.makerOrderId, t.price, t.size])).toEqual([
      [first.orderId, 100, 5],
      [second.orderId, 100, 5],
      [late.orderId, 101, 2],
    ]);
  });

  it.each([
    ['GTC rests what is left', { timeInForce: 'GTC' }, { status: 'partially-filled', filled: 5, resting: 3 }],
    ['IOC lets the rest expire', { timeInForce: 'IOC' }, { status: 'expired', filled: 5, resting: 0 }],
    ['FOK takes all or nothing', { timeInForce: 'FOK' }, { status: 'expired', filled: 0, resting: 0 }],
    ['post-only is refused', { postOnly: true }, { status: 'rejected', filled: 0, resting: 0, rejection: 'would-take' }],
  ] as const)('%s', (_, terms, outcome) => {
    const { engine } = recordingEngine();
    engine.submit({ owner: 'maker', side: 'sell', price: 100, size: 5 });
    expect(engine.submit({ owner: 'taker', side: 'buy', price: 100, size: 8, ...terms })).toMatchObject(outcome);
  });

  it('lets a market order without liquidity expire', () => {
    const { engine } = recordingEngine();
    expect(engine.submit({ owner: 'a', side: 'buy', size: 1 })).toMatchObject({ status: 'expired', filled: 0 });
  });

  it.each([
    [0, 1, 'bad-price'],
    [1.5, 1, 'bad-price'],
    [1, 0, 'bad-size'],
    [1, Number.NaN, 'bad-size'],
  ])('refuses price %s and size %s', (price, size, rejection) => {
    const { engine } = recordingEngine();
    expect(engine.submit({ owner: 'a', side: 'buy', price, size })).toMatchObject({ status: 'rejected', rejection });
  });

  it('keeps the place in the queue when an order gets smaller, and only then', () => {
    const { engine, trades } = recordingEngine();
    const [a, b, c] = ['a', 'b', 'c'].map((owner) => engine.submit({ owner, side: 'sell', price: 100, size: 10 }).orderId);
    engine.amend(a!, { size: 4 });
    engine.amend(b!, { size: 11 });
    engine.submit({ owner: 'd', side: 'buy', price: 100, size: 25 });
    expect(trades.map((t) => [t.makerOrderId, t.size])).toEqual([
      [a, 4],
      [c, 10],
      [b, 11],
    ]);
  });

  it('fills one order at its own price, wherever it stands', () => {
    const { engine, trades } = recordingEngine();
    const [first, second] = ['a', 'b'].map((owner) => engine.submit({ owner, side: 'sell', price: 101, size: 5 }).orderId);
    const best = engine.submit({ owner: 'c', side: 'sell', price: 100, size: 5 }).orderId;
    engine.submit({ owner: 'd', side: 'buy', price: 100, size: 2 });
    expect(engine.fill(second!, 'house')).toMatchObject({
      makerOrderId: second,
      price: 101,
      size: 5,
      side: 'buy',
      taker: 'house',
    });
    expect(engine.fill(best, 'house')).toMatchObject({ makerOrderId: best, price: 100, size: 3 });
    expect(engine.fill(second!, 'house')).toBeUndefined();
    expect(trades).toHaveLength(3);
    expect(engine.asks.best).toMatchObject({ price: 101, total: 5, count: 1 });
    expect(engine.order(first!)).toMatchObject({ remaining: 5 });
  });

  it('matches an order that was amended through the book, and keeps its id and fills', () => {
    const { engine } = recordingEngine();
    engine.submit({ owner: 'a', side: 'sell', price: 100, size: 3 });
    const bid = engine.submit({ owner: 'b', side: 'buy', price: 99, size: 10 });
    const amended = engine.amend(bid.orderId, { price: 100 });
    expect(amended).toMatchObject({ orderId: bid.orderId, status: 'partially-filled', filled: 3, resting: 7 });
    expect(engine.order(bid.orderId)).toMatchObject({ price: 100, size: 10, remaining: 7 });
  });

  it('cancels once', () => {
    const { engine } = recordingEngine();
    const { orderId } = engine.submit({ owner: 'a', side: 'buy', price: 1, size: 2 });
    expect(engine.cancel(orderId)).toBe(2);
    expect(engine.cancel(orderId)).toBeUndefined();
    expect(engine.amend(orderId, { size: 1 })).toBeUndefined();
    expect(engine.openOrders).toBe(0);
  });

  it('agrees with a naive model on any sequence of orders: priority, quantities, no crossed book', () => {
    fc.assert(
      fc.property(actions, (list: readonly Action[]) => {
        const { engine, trades, changes } = recordingEngine();
        checkAgainstModel(engine, list, trades, changes);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('is caught by the model when it breaks priority', () => {
    class LastInFirstOut extends MatchingEngine {
      override submit(...args: Parameters<MatchingEngine['submit']>) {
        for (const side of [this.bids, this.asks]) {
          const level = side.best;
          if (level?.head && level.head !== level.tail) {
            const head = level.head;
            level.remove(head);
            level.append(head);
          }
        }
        return super.submit(...args);
      }
    }
    expect(() =>
      fc.assert(
        fc.property(actions, (list: readonly Action[]) => {
          const { engine, trades, changes } = recordingEngine(LastInFirstOut);
          checkAgainstModel(engine, list, trades, changes);
        }),
        { seed: SEED, numRuns: 300 },
      ),
    ).toThrow();
  });
});
