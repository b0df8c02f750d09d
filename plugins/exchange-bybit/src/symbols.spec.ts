import type { Row } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { categoryOf, instrumentFromWire, instrumentsFromWire } from './symbols.js';

const LOTS = { qtyStep: '0.001', minOrderQty: '0.001', maxOrderQty: '1190.000', minNotionalValue: '5' };
const NONE = {
  ...{ symbol: 'X', status: 'Trading', baseCoin: 'BTC', quoteCoin: 'USDT' },
  ...{ priceFilter: { tickSize: '0.10', minPrice: '0.10', maxPrice: '1999999.80' }, lotSizeFilter: LOTS },
};
const row = (fields: Row): Row => ({ ...NONE, ...fields });

const USDT = { settleCoin: 'USDT', deliveryTime: '0', fundingInterval: 480 };
const expiry = Date.UTC(2026, 11, 25, 8);
const DELIVERY = { deliveryTime: String(expiry), fundingInterval: 0 };
const OPTION = { symbol: 'BTC-25DEC26-100000-C-USDT', optionsType: 'Call', settleCoin: 'USDT', deliveryTime: String(expiry) };
const COIN = { quoteCoin: 'USD', settleCoin: 'BTC', lotSizeFilter: { qtyStep: '1', minOrderQty: '1', maxOrderQty: '100' } };

describe('instruments', () => {
  it.each<[string, string, Row, object]>([
    [
      'BTC/USDT',
      'spot',
      { symbol: 'BTCUSDT', lotSizeFilter: { basePrecision: '0.000001', minOrderAmt: '5', maxLimitOrderQty: '83' } },
      { kind: 'spot', lotSize: '0.000001', minNotional: '5', maxAmount: '83', tickSize: '0.1' },
    ],
    [
      'BTC/USDT:USDT',
      'linear',
      { symbol: 'BTCUSDT', contractType: 'LinearPerpetual', ...USDT },
      { kind: 'perpetual', inverse: false, contractSize: '1', fundingIntervalHours: 8, lotSize: '0.001', minNotional: '5' },
    ],
    [
      'BTC/USDC:USDC',
      'linear',
      { symbol: 'BTCPERP', contractType: 'LinearPerpetual', ...USDT, quoteCoin: 'USDC', settleCoin: 'USDC' },
      { kind: 'perpetual' },
    ],
    [
      '1000PEPE/USDT:USDT',
      'linear',
      { symbol: '1000PEPEUSDT', baseCoin: '1000PEPE', contractType: 'LinearPerpetual', ...USDT, fundingInterval: 240 },
      { fundingIntervalHours: 4 },
    ],
    [
      'BTC/USDT:USDT-261225',
      'linear',
      { symbol: 'BTCUSDT-25DEC26', contractType: 'LinearFutures', ...USDT, ...DELIVERY },
      { kind: 'future', expiry },
    ],
    [
      'BTC/USD:BTC',
      'inverse',
      { symbol: 'BTCUSD', contractType: 'InversePerpetual', ...COIN, fundingInterval: 480 },
      { kind: 'perpetual', inverse: true, contractSize: '1' },
    ],
    [
      'BTC/USD:BTC-261225',
      'inverse',
      { symbol: 'BTCUSDZ26', contractType: 'InverseFutures', ...COIN, ...DELIVERY },
      { kind: 'future', expiry },
    ],
    ['BTC/USDT:USDT-261225-100000-C', 'option', OPTION, { kind: 'option', strike: '100000', optionType: 'call' }],
  ])('%s is %s', (symbol, category, fields, expected) => {
    const found = instrumentFromWire('bybit', row(fields))!;
    expect(found).toMatchObject({ venue: 'bybit', symbol, venueSymbol: fields.symbol, ...expected });
    expect(categoryOf(found)).toBe(category);
  });

  it.each([
    ['Trading', 'open'],
    ['PreLaunch', 'closed'],
    ['Closed', 'closed'],
    ['Delivering', 'halted'],
    ['Anything', 'halted'],
  ])('of status %s are %s', (status, expected) => {
    expect(instrumentFromWire('bybit', row({ status }))?.status).toBe(expected);
  });

  it('of kinds that are unknown here are left out', () => {
    expect(instrumentFromWire('bybit', row({ contractType: 'TradFi' }))).toBeUndefined();
  });

  it('never stand twice under one symbol: the one that trades wins; spot and perpetual of one id are two', () => {
    const perpetual = { contractType: 'LinearPerpetual', ...USDT };
    const rows = [row({ symbol: 'OLD', status: 'Closed' }), row({ symbol: 'NEW' }), row({ symbol: 'NEW', ...perpetual })];
    for (const list of [rows, rows.toReversed()]) {
      const found = instrumentsFromWire('bybit', list).map(({ venueSymbol, symbol }) => `${venueSymbol} ${symbol}`);
      expect(found.sort()).toEqual(['NEW BTC/USDT', 'NEW BTC/USDT:USDT']);
    }
  });
});
