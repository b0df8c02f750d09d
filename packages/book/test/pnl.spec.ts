import { decimal } from '@speed-protocol/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  type ContractTerms,
  contractValue,
  decimalOf,
  exact,
  fundingPayment,
  gain,
  LotBook,
  type LotFill,
  subtract,
  toDecimal,
  toMoney,
  ZERO,
} from '../src/index.js';

const seed = Number(process.env['SPEED_SEED'] ?? Date.now() % 2 ** 31);
const LINEAR: ContractTerms = { contractSize: decimal('1'), inverse: false };
const INVERSE: ContractTerms = { contractSize: decimal('100'), inverse: true };

const of = (text: string) => exact(decimal(text));
let next = 0;
const fill = (orderId: string, side: 'buy' | 'sell', amount: string, price: string, more: Partial<LotFill> = {}): LotFill => ({
  ...{ key: `${1000 + next} ${orderId}`, orderId, side, amount: decimal(amount), price: decimal(price) },
  ...{ time: next++, fee: null, realizedPnl: null },
  ...more,
});

function bookOf(terms: ContractTerms, ...fills: LotFill[]): LotBook {
  const book = new LotBook(terms);
  for (const each of fills) book.add(each);
  return book;
}

const money = (book: LotBook, id: string) => toMoney(book.order(id)!.realized);

describe(`profit and loss (SPEED_SEED=${seed})`, () => {
  it('is the difference of the values, with the sign of the side', () => {
    const prices = { amount: of('0.5'), entry: of('60000'), exit: of('61000.1') };
    expect(toMoney(gain(LINEAR, 'long', prices))).toBe('500.05');
    expect(toMoney(gain(LINEAR, 'short', prices))).toBe('-500.05');
  });

  it('of an inverse contract is in the base: 10 contracts of 100 from 50,000 to 60,000', () => {
    // 1000/50000 - 1000/60000 = 0.02 - 0.01666666... = 0.00333333...
    const prices = { amount: of('10'), entry: of('50000'), exit: of('60000') };
    expect(toMoney(gain(INVERSE, 'long', prices))).toBe('0.00333333');
    expect(toMoney(gain(INVERSE, 'short', prices))).toBe('-0.00333333');
  });

  it('of funding: a long pays a positive rate on its value at mark', () => {
    const terms = { amount: of('2'), markPrice: of('60000'), rate: of('0.0001') };
    expect(toMoney(fundingPayment(LINEAR, 'long', terms))).toBe('-12');
    expect(toMoney(fundingPayment(LINEAR, 'short', terms))).toBe('12');
    expect(toMoney(fundingPayment(INVERSE, 'long', { ...terms, amount: of('600') }))).toBe('-0.0001');
  });

  it('gives closings to the order that opened first, with its share of the fees', () => {
    const book = bookOf(
      LINEAR,
      fill('a', 'buy', '1', '100', { fee: decimal('0.1') }),
      fill('b', 'buy', '2', '110'),
      fill('c', 'sell', '2', '120', { fee: decimal('0.4') }),
    );
    expect([money(book, 'a'), money(book, 'b')]).toEqual(['20', '10']);
    expect([book.order('a')!, book.order('b')!].map(({ left, fees }) => [toDecimal(left), toDecimal(fees)])).toEqual([
      ['0', '0.3'],
      ['1', '0.2'],
    ]);
    expect(toMoney(book.unrealized('b', of('115')))).toBe('5');
    expect(book.order('c')).toMatchObject({ side: 'long', entryPrice: null });
    expect(money(book, 'c')).toBe('30');
  });

  it('splits an order that turns the position into what it closed and what it opened', () => {
    const book = bookOf(LINEAR, fill('a', 'buy', '1', '100'), fill('b', 'sell', '3', '90'), fill('c', 'buy', '2', '80'));
    expect(money(book, 'a')).toBe('-10');
    expect(book.order('b')).toMatchObject({ side: 'short' });
    expect([toDecimal(book.order('b')!.opened), money(book, 'b')]).toEqual(['2', '20']);
  });

  it('takes what the venue says where the position was opened before anything was on record', () => {
    const book = bookOf(LINEAR, fill('a', 'sell', '1', '100', { realizedPnl: decimal('7.5'), fee: decimal('0.1') }));
    expect([money(book, 'a'), toDecimal(book.order('a')!.fees)]).toEqual(['7.5', '0.1']);
    expect(book.order('a')).toMatchObject({ side: 'long', entryPrice: null });
  });

  it('averages the entry of linear contracts by amount, of inverse ones by value', () => {
    const fills = [fill('a', 'buy', '1', '100'), fill('a', 'buy', '1', '200')];
    expect(toDecimal(bookOf(LINEAR, ...fills).order('a')!.entryPrice!)).toBe('150');
    expect(toDecimal(bookOf(INVERSE, ...fills).order('a')!.entryPrice!)).toBe('133.3333333333333333');
  });

  it('learns a fee that was not told at first', () => {
    const late = fill('a', 'buy', '1', '100');
    const book = bookOf(LINEAR, late, fill('b', 'sell', '1', '101'));
    expect(book.add(late)).toBe(false);
    expect(book.add({ ...late, fee: decimal('0.25') })).toBe(true);
    expect(toDecimal(book.order('a')!.fees)).toBe('0.25');
  });

  const steps = fc.array(
    fc.record({
      order: fc.integer({ min: 0, max: 5 }),
      buy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 50 }),
      price: fc.integer({ min: 1, max: 9999 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const made = (drawn: readonly { order: number; buy: boolean; lots: number; price: number }[]) =>
    drawn.map(({ order, buy, lots, price }, at) =>
      // One side per order, as orders have.
      fill(`${order}-${buy}`, buy ? 'buy' : 'sell', String(lots), String(price), { key: String(1000 + at), time: at }),
    );

  it('adds up to the money that changed hands, whoever opened and closed', () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const fills = made(drawn);
        const net = drawn.reduce((sum, { buy, lots }) => sum + (buy ? lots : -lots), 0);
        const mark = of('5000');
        for (const terms of [LINEAR, INVERSE]) {
          const book = bookOf(terms, ...fills);
          const owners = [...new Set(fills.map((each) => each.orderId))].filter((id) => book.order(id)!.opened.units > 0n);
          const total = owners.reduce((sum, id) => add(sum, add(book.order(id)!.realized, book.unrealized(id, mark))), ZERO);
          // Sold minus bought, the rest at mark; the other way round where the contract is worth less when the price rises.
          let cash = contractValue(terms, exact(decimal(String(net))), mark);
          for (const { side, amount, price } of fills) {
            const value = contractValue(terms, exact(amount), exact(price));
            cash = side === 'sell' ? add(cash, value) : subtract(cash, value);
          }
          expect(toMoney(total)).toBe(toMoney(terms.inverse ? subtract(ZERO, cash) : cash));
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  it('is the same for every order of arrival, with repetitions', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { maxLength: 40 }), (drawn, picks) => {
        const fills = made(drawn);
        const shuffled = [...picks.map((pick) => fills[pick % fills.length]!), ...fills];
        const [straight, mixed] = [bookOf(LINEAR, ...fills), bookOf(LINEAR, ...shuffled)];
        for (const { orderId } of fills) expect(mixed.order(orderId)).toEqual(straight.order(orderId));
      }),
      { seed, numRuns: 200 },
    );
  });

  it('writes a float64 with the digits that it prints as', () => {
    expect([0.0001, 1e-7, 1.5e-9, 64000.1, -2.5e-8, 1e21].map((value) => decimalOf(value))).toEqual([
      ...['0.0001', '0.0000001', '0.0000000015', '64000.1', '-0.000000025', '1000000000000000000000'],
    ]);
    expect([null, Number.NaN, Number.POSITIVE_INFINITY].map((value) => decimalOf(value))).toEqual([null, null, null]);
  });
});
