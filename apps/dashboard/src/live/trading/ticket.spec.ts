import type { Decimal, Instrument } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { checkDraft, type Draft } from './ticket.js';

const d = (text: string) => text as Decimal;
const linear: Instrument = {
  ...{
    venue: 'v',
    symbol: 'BTC/USDT:USDT',
    venueSymbol: 'BTCUSDT',
    kind: 'perpetual',
    status: 'open',
    base: 'BTC',
    quote: 'USDT',
  },
  ...{
    contractSize: d('1'),
    tickSize: d('0.1'),
    lotSize: d('0.001'),
    minAmount: d('0.001'),
    maxAmount: d('1000'),
    minNotional: d('100'),
  },
};
const inverse: Instrument = {
  ...linear,
  quote: 'USD',
  inverse: true,
  contractSize: d('100'),
  lotSize: d('1'),
  minAmount: d('1'),
};
const spot: Instrument = { ...linear, kind: 'spot' };
const draft = (part: Partial<Draft> = {}): Draft => ({
  ...{ side: 'buy', type: 'limit', price: '90000.1', amount: '0.002', timeInForce: 'GTC', reduceOnly: false },
  ...part,
});

describe('checkDraft', () => {
  it('gives the order exactly as it was written', () => {
    expect(checkDraft(draft({ amount: ' 0.0020 ' }), linear, 1)).toEqual({
      wish: { symbol: 'BTC/USDT:USDT', side: 'buy', type: 'limit', amount: '0.0020', price: '90000.1', timeInForce: 'GTC' },
      value: 180.0002,
    });
    expect(checkDraft(draft({ type: 'market', price: 'nonsense' }), linear, 80_000)).toEqual({
      wish: { symbol: 'BTC/USDT:USDT', side: 'buy', type: 'market', amount: '0.002' },
      value: 160,
    });
  });

  it.each([
    [{ price: '' }, 'price', 'missing'],
    [{ price: '1e5' }, 'price', 'not a positive number'],
    [{ price: '-1' }, 'price', 'not a positive number'],
    [{ price: '90000.15' }, 'price', 'steps of 0.1: 90000.1 or 90000.2'],
    [{ amount: '0' }, 'amount', 'not a positive number'],
    [{ amount: '0.0005' }, 'amount', 'at least 0.001'],
    [{ amount: '1000.001' }, 'amount', 'at most 1000'],
    [{ amount: '0.0025' }, 'amount', 'steps of 0.001: 0.002 or 0.003'],
    [{ amount: '0.001' }, 'amount', 'worth 90.00 USDT; the venue takes 100 or more'],
  ])('refuses %j, and says what is legal', (part, field, problem) => {
    expect(checkDraft(draft(part), linear, 1)).toEqual({ field, problem });
  });

  it('reduces only where there are positions, and less than the least value then', () => {
    expect(checkDraft(draft({ reduceOnly: true, amount: '0.001' }), linear, 1)).toMatchObject({ wish: { reduceOnly: true } });
    expect(checkDraft(draft({ reduceOnly: true }), spot, 1)).not.toHaveProperty('wish.reduceOnly');
  });

  it('counts inverse contracts by what they are worth', () => {
    expect(checkDraft(draft({ amount: '3' }), inverse, undefined)).toMatchObject({ value: 300 });
  });
});
