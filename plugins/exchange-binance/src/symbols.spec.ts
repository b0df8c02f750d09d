import { readFileSync } from 'node:fs';
import { parseSymbol } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import type { VenueId } from './config.js';
import { instrumentFromWire, instrumentsFromWire } from './symbols.js';
import type { WireExchangeInfo, WireSymbol } from './types.js';

const listing = (name: string): WireExchangeInfo =>
  JSON.parse(readFileSync(new URL(`../fixtures/exchange-info.${name}.json`, import.meta.url), 'utf8')) as WireExchangeInfo;
const LISTINGS: Readonly<Record<VenueId, WireExchangeInfo>> = {
  binance: listing('spot'),
  binanceusdm: listing('usdm'),
  binancecoinm: listing('coinm'),
};

function bySymbol(venue: VenueId, symbol: string) {
  return instrumentsFromWire(venue, LISTINGS[venue]).find((instrument) => instrument.symbol === symbol);
}
const row = (venue: VenueId, changes: Partial<WireSymbol>): WireSymbol => ({ ...LISTINGS[venue].symbols[0]!, ...changes });

describe('instruments', () => {
  it('of spot', () => {
    expect(bySymbol('binance', 'BTC/USDT')).toEqual({
      venue: 'binance',
      symbol: 'BTC/USDT',
      venueSymbol: 'BTCUSDT',
      kind: 'spot',
      status: 'open',
      base: 'BTC',
      quote: 'USDT',
      contractSize: '1',
      tickSize: '0.01',
      lotSize: '0.00001',
      minAmount: '0.00001',
      maxAmount: '9000',
      minNotional: '5',
      minPrice: '0.01',
      maxPrice: '1000000',
    });
    expect(bySymbol('binance', 'ETH/BTC')?.minNotional).toBe('0.0001');
  });

  it('of USD-M: quantities in base units, so a contract is 1', () => {
    expect(bySymbol('binanceusdm', 'BTC/USDT:USDT')).toMatchObject({
      kind: 'perpetual',
      settle: 'USDT',
      inverse: false,
      contractSize: '1',
      tickSize: '0.1',
      lotSize: '0.001',
      minNotional: '100',
      minPrice: '261.1',
      maxPrice: '809484',
    });
    expect(bySymbol('binanceusdm', 'BTC/USDT:USDT-261225')).toMatchObject({
      kind: 'future',
      expiry: 1798185600000,
      venueSymbol: 'BTCUSDT_261225',
    });
  });

  it('of COIN-M: contracts worth quote, settled in base', () => {
    expect(bySymbol('binancecoinm', 'BTC/USD:BTC')).toMatchObject({
      kind: 'perpetual',
      settle: 'BTC',
      inverse: true,
      contractSize: '100',
      lotSize: '1',
    });
    expect(bySymbol('binancecoinm', 'BTC/USD:BTC')).not.toHaveProperty('minNotional');
    expect(bySymbol('binancecoinm', 'ETH/USD:ETH-270326')).toMatchObject({
      kind: 'future',
      contractSize: '10',
      expiry: 1806048000000,
      status: 'halted',
    });
  });

  it('every symbol reads back by the grammar, unicode included', () => {
    for (const venue of Object.keys(LISTINGS) as VenueId[]) {
      for (const { symbol, base, quote, settle, kind } of instrumentsFromWire(venue, LISTINGS[venue])) {
        expect(parseSymbol(symbol)).toMatchObject({ base, quote, ...(settle !== undefined && { settle }) });
        expect(parseSymbol(symbol).expiry !== undefined).toBe(kind === 'future');
      }
    }
  });

  it.each([
    ['PERPETUAL', 4133404800000, 'perpetual'],
    ['TRADIFI_PERPETUAL', 4133404800000, 'perpetual'],
    ['PERPETUAL_DELIVERING', 1790000000000, 'perpetual'],
    ['CURRENT_QUARTER', 1798185600000, 'future'],
    ['NEXT_QUARTER_DELIVERING', 1798185600000, 'future'],
    ['CURRENT_MONTH', 1798185600000, 'future'],
    ['', 4133404800000, 'perpetual'],
    ['', 0, 'perpetual'],
    ['SOMETHING_NEW', 1798185600000, 'future'],
    ['SOMETHING_NEW', 4133404800000, 'perpetual'],
  ])('contract type "%s" delivered at %i is a %s', (contractType, deliveryDate, kind) => {
    expect(instrumentFromWire('binanceusdm', row('binanceusdm', { contractType, deliveryDate }))?.kind).toBe(kind);
  });

  it.each([
    ['TRADING', 'open'],
    ['PENDING_TRADING', 'closed'],
    ['PRE_DELIVERING', 'halted'],
    ['DELIVERED', 'closed'],
    ['CLOSE', 'closed'],
    ['TRADING_CANCEL_ONLY', 'halted'],
    ['A_STATUS_OF_TOMORROW', 'halted'],
  ])('status %s is %s', (status, expected) => {
    expect(instrumentFromWire('binanceusdm', row('binanceusdm', { status }))?.status).toBe(expected);
    expect(instrumentFromWire('binancecoinm', row('binancecoinm', { contractStatus: status }))?.status).toBe(expected);
  });

  it('steps fall back to the precision when a rule is switched off or missing', () => {
    expect(bySymbol('binance', 'HALT/USDT')).toMatchObject({ tickSize: '0.00000001', lotSize: '0.00000001' });
    expect(
      instrumentFromWire(
        'binancecoinm',
        row('binancecoinm', {
          filters: [],
          pricePrecision: 1,
          quantityPrecision: 0,
          quotePrecision: undefined,
          baseAssetPrecision: undefined,
        } as never),
      ),
    ).toMatchObject({ tickSize: '0.1', lotSize: '1' });
  });

  it('of two with one symbol, the one that trades; rows without assets are left out', () => {
    const open = row('binanceusdm', {});
    const old = row('binanceusdm', { symbol: 'BTCUSDT_OLD', status: 'SETTLING' });
    for (const symbols of [
      [old, open],
      [open, old],
    ]) {
      expect(instrumentsFromWire('binanceusdm', { symbols }).map(({ venueSymbol }) => venueSymbol)).toEqual(['BTCUSDT']);
    }
    expect(instrumentsFromWire('binanceusdm', { symbols: [row('binanceusdm', { baseAsset: '' })] })).toEqual([]);
  });
});
