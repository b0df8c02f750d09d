import type { Row } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { instrumentFromWire, instrumentsFromWire } from './symbols.js';

const COMMON = {
  ...{ kind: 'future', instrument_type: 'reversed', is_active: true, state: 'open', settlement_period: 'month' },
  ...{ base_currency: 'BTC', quote_currency: 'USD', counter_currency: 'USD', settlement_currency: 'BTC' },
  ...{ contract_size: 10, min_trade_amount: 10, tick_size: 0.5, maker_commission: 0, taker_commission: 0.0005 },
};
const row = (fields: Row): Row => ({ ...COMMON, instrument_name: 'X', ...fields });
const EXPIRY = Date.UTC(2026, 11, 25, 8);
const DATED = { expiration_timestamp: EXPIRY };
const OPTION = {
  kind: 'option',
  ...DATED,
  strike: 100_000,
  option_type: 'call',
  contract_size: 1,
  min_trade_amount: 0.1,
} as const;
const USDC = { instrument_type: 'linear', quote_currency: 'USDC', counter_currency: 'USDC', settlement_currency: 'USDC' };

describe('instruments', () => {
  it.each<[string, Row, object]>([
    [
      'BTC/USD:BTC',
      { instrument_name: 'BTC-PERPETUAL', settlement_period: 'perpetual', expiration_timestamp: 32503708800000 },
      { kind: 'perpetual', inverse: true, settle: 'BTC', contractSize: '1', lotSize: '10', minAmount: '10', tickSize: '0.5' },
    ],
    ['BTC/USD:BTC-261225', { instrument_name: 'BTC-25DEC26', ...DATED }, { kind: 'future', inverse: true, expiry: EXPIRY }],
    [
      'BTC/USDC:USDC',
      {
        ...{ instrument_name: 'BTC_USDC-PERPETUAL', settlement_period: 'perpetual', ...USDC },
        ...{ contract_size: 0.0001, min_trade_amount: 0.0001 },
      },
      { kind: 'perpetual', inverse: false, settle: 'USDC', lotSize: '0.0001' },
    ],
    [
      'BTC/USD:BTC-261225-100000-C',
      { instrument_name: 'BTC-25DEC26-100000-C', ...OPTION, quote_currency: 'BTC', tick_size: 0.0005 },
      { kind: 'option', inverse: false, strike: '100000', optionType: 'call', lotSize: '0.1', tickSize: '0.0005' },
    ],
    [
      'XRP/USDC:USDC-261225-0.625-P',
      {
        ...{ instrument_name: 'XRP_USDC-25DEC26-0d625-P', ...OPTION, ...USDC, base_currency: 'XRP' },
        ...{ strike: 0.625, option_type: 'put', contract_size: 1000, min_trade_amount: 1000 },
      },
      { kind: 'option', strike: '0.625', optionType: 'put', lotSize: '1000' },
    ],
    [
      'BTC/USDC',
      { instrument_name: 'BTC_USDC', kind: 'spot', quote_currency: 'USDC', min_trade_amount: 0.0001, contract_size: 0.0001 },
      { kind: 'spot', lotSize: '0.0001' },
    ],
  ])('%s', (symbol, fields, expected) => {
    expect(instrumentFromWire('deribit', row(fields))).toMatchObject({ symbol, venue: 'deribit', ...expected });
  });

  it('quotes options of before 2022, which do not name it, in dollars', () => {
    const {
      counter_currency: _,
      settlement_currency: __,
      instrument_type: ___,
      state: ____,
      ...old
    } = row({
      ...{ instrument_name: 'ETH-30JUL21-2800-C', ...OPTION, base_currency: 'ETH', quote_currency: 'ETH' },
      ...{ strike: 2800, expiration_timestamp: Date.UTC(2021, 6, 30, 8) },
    });
    expect(instrumentFromWire('deribit', old)).toMatchObject({ symbol: 'ETH/USD:ETH-210730-2800-C', status: 'open' });
  });

  it.each([
    ['open', 'open'],
    ['delivered', 'closed'],
    ['locked', 'halted'],
    ['settlement', 'halted'],
    ['of tomorrow', 'halted'],
  ])('of state %s is %s', (state, status) => {
    expect(instrumentFromWire('deribit', row({ instrument_name: 'BTC-25DEC26', ...DATED, state }))?.status).toBe(status);
  });

  it('leaves combos out', () => {
    expect(instrumentsFromWire('deribit', [row({ kind: 'future_combo', instrument_name: 'BTC-FS-25DEC26_PERP' })])).toEqual([]);
  });
});
