import type { Row } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { instrumentFromWire, instrumentsFromWire } from './symbols.js';

const NONE = {
  baseCcy: '',
  quoteCcy: '',
  uly: '',
  settleCcy: '',
  ctVal: '',
  ctMult: '',
  ctValCcy: '',
  ctType: '',
  expTime: '',
  stk: '',
  optType: '',
  tickSz: '0.1',
  lotSz: '0.01',
  minSz: '0.01',
  state: 'live',
};
const row = (fields: Row): Row => ({ ...NONE, instType: 'SWAP', instId: 'X', ...fields });

const LINEAR = { uly: 'BTC-USDT', settleCcy: 'USDT', ctVal: '0.01', ctMult: '1', ctValCcy: 'BTC', ctType: 'linear' };
const INVERSE = { uly: 'BTC-USD', settleCcy: 'BTC', ctVal: '100', ctMult: '1', ctValCcy: 'USD', ctType: 'inverse' };
const DELIVERY = { expTime: String(Date.UTC(2026, 11, 25, 8)) };

describe('instruments', () => {
  it.each<[string, Row, object]>([
    [
      'BTC/USDT',
      { instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', lotSz: '0.00000001', minSz: '0.00001' },
      { kind: 'spot', contractSize: '1', lotSize: '0.00000001', minAmount: '0.00001' },
    ],
    ['BTC/USDT:USDT', { instId: 'BTC-USDT-SWAP', ...LINEAR }, { kind: 'perpetual', contractSize: '0.01', inverse: false }],
    ['BTC/USD:BTC', { instId: 'BTC-USD-SWAP', ...INVERSE }, { kind: 'perpetual', contractSize: '100', inverse: true }],
    [
      'BTC/USD:BTC-261225',
      { instType: 'FUTURES', instId: 'BTC-USD-261225', ...INVERSE, ...DELIVERY },
      { kind: 'future', expiry: Number(DELIVERY.expTime) },
    ],
    [
      'BTC/USD:USDC',
      { instId: 'BTC-USD_UM-SWAP', ...LINEAR, uly: 'BTC-USD', settleCcy: 'USDC' },
      { kind: 'perpetual', settle: 'USDC', inverse: false },
    ],
    [
      'BTC/USD:BTC-261225-100000-C',
      {
        instType: 'OPTION',
        instId: 'BTC-USD-261225-100000-C',
        ...INVERSE,
        ...DELIVERY,
        ctType: '',
        ctVal: '1',
        ctMult: '0.01',
        stk: '100000',
        optType: 'C',
      },
      { kind: 'option', contractSize: '0.01', strike: '100000', optionType: 'call' },
    ],
  ])('%s', (symbol, fields, expected) => {
    expect(instrumentFromWire('okx', row(fields))).toMatchObject({
      venue: 'okx',
      symbol,
      venueSymbol: fields.instId,
      ...expected,
    });
  });

  it.each([
    ['live', 'open'],
    ['suspend', 'halted'],
    ['rebase', 'halted'],
    ['post_only', 'halted'],
    ['preopen', 'closed'],
    ['expired', 'closed'],
  ])('in state %s are %s', (state, status) => {
    expect(instrumentFromWire('okx', row({ ...LINEAR, state }))?.status).toBe(status);
  });

  it('of kinds that are unknown here are left out', () => {
    expect(instrumentFromWire('okx', row({ instType: 'EVENTS', uly: 'BTC-USD' }))).toBeUndefined();
  });

  it('never stand twice under one symbol: the one that trades wins', () => {
    const rows = [row({ instId: 'OLD', ...LINEAR, state: 'suspend' }), row({ instId: 'NEW', ...LINEAR })];
    expect(instrumentsFromWire('okx', rows).map(({ venueSymbol }) => venueSymbol)).toEqual(['NEW']);
    expect(instrumentsFromWire('okx', rows.toReversed()).map(({ venueSymbol }) => venueSymbol)).toEqual(['NEW']);
  });
});
