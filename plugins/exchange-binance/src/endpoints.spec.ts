import { costsOf, type Params } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { VENUE_IDS, type VenueId } from './config.js';
import { ACCOUNT_BUCKETS, BUCKETS, type EndpointName, endpointsOf, POOL_OF } from './endpoints.js';

/** The documented weight of a call. */
function weight(venue: VenueId, name: EndpointName, params: Params = {}): number | undefined {
  const endpoint = endpointsOf(venue)[name];
  return endpoint && costsOf(endpoint, params, 'weight')['weight'];
}

const on = { symbol: 'BTCUSDT' };

describe('weights as documented', () => {
  it.each<[VenueId, EndpointName, Params, number]>([
    ['binance', 'exchangeInfo', {}, 20],
    ['binance', 'depth', on, 5],
    ['binance', 'depth', { ...on, limit: 100 }, 5],
    ['binance', 'depth', { ...on, limit: 500 }, 25],
    ['binance', 'depth', { ...on, limit: 1000 }, 50],
    ['binance', 'depth', { ...on, limit: 5000 }, 250],
    ['binance', 'trades', on, 25],
    ['binance', 'aggTrades', on, 4],
    ['binance', 'klines', { ...on, limit: 1000 }, 2],
    ['binance', 'ticker24h', on, 2],
    ['binance', 'ticker24h', { symbols: JSON.stringify(Array(21).fill('X')) }, 40],
    ['binance', 'ticker24h', { symbols: JSON.stringify(Array(101).fill('X')) }, 80],
    ['binance', 'ticker24h', {}, 80],
    ['binance', 'tickerWindow', { symbols: '["A","B","C"]' }, 12],
    ['binance', 'tickerTradingDay', {}, 200],
    ['binance', 'tickerPrice', on, 2],
    ['binance', 'bookTicker', {}, 4],
    ['binance', 'executionRules', {}, 40],
    ['binanceusdm', 'exchangeInfo', {}, 1],
    ['binanceusdm', 'depth', { ...on, limit: 50 }, 2],
    ['binanceusdm', 'depth', { ...on, limit: 100 }, 5],
    ['binanceusdm', 'depth', on, 10],
    ['binanceusdm', 'depth', { ...on, limit: 1000 }, 20],
    ['binanceusdm', 'rpiDepth', on, 20],
    ['binanceusdm', 'klines', { ...on, limit: 99 }, 1],
    ['binanceusdm', 'klines', { ...on, limit: 100 }, 2],
    ['binanceusdm', 'klines', on, 5],
    ['binanceusdm', 'klines', { ...on, limit: 1500 }, 10],
    ['binanceusdm', 'premiumIndex', on, 1],
    ['binanceusdm', 'premiumIndex', {}, 10],
    ['binanceusdm', 'ticker24h', {}, 40],
    ['binanceusdm', 'bookTicker', {}, 5],
    ['binanceusdm', 'tickerPrice', {}, 2],
    ['binanceusdm', 'aggTrades', on, 20],
    ['binanceusdm', 'trades', on, 5],
    ['binanceusdm', 'historicalTrades', on, 200],
    ['binanceusdm', 'fundingRate', on, 0],
    ['binanceusdm', 'openInterest', on, 1],
    ['binancecoinm', 'premiumIndex', { symbol: 'BTCUSD_PERP' }, 10],
    ['binancecoinm', 'ticker24h', { pair: 'BTCUSD' }, 1],
    ['binancecoinm', 'depth', { ...on, limit: 1000 }, 20],
  ])('%s %s %j: %i', (venue, name, params, documented) => {
    expect(weight(venue, name, params)).toBe(documented);
  });

  it('counts funding and statistics in their own buckets', () => {
    const usdm = endpointsOf('binanceusdm');
    expect(costsOf(usdm.fundingInfo!, {}, 'weight')).toEqual({ weight: 0, funding: 1 });
    expect(costsOf(usdm.openInterestHistory!, {}, 'weight')).toEqual({ weight: 0, statistics: 1 });
  });
});

describe('the table', () => {
  it('has what a product has, and no more', () => {
    expect(endpointsOf('binance').premiumIndex).toBeUndefined();
    expect(endpointsOf('binance').openInterest).toBeUndefined();
    expect(endpointsOf('binancecoinm').rpiDepth).toBeUndefined();
    expect(endpointsOf('binancecoinm').klines?.path).toBe('/dapi/v1/klines');
    expect(endpointsOf('binanceusdm').openInterestHistory?.path).toBe('/futures/data/openInterestHist');
  });

  it.each(VENUE_IDS)('%s: every cost names a bucket of its pool, and one request never exceeds it', (venue) => {
    const buckets = new Map(
      [...BUCKETS[POOL_OF[venue]], ...ACCOUNT_BUCKETS[POOL_OF[venue]]].map((bucket) => [bucket.id, bucket.limit]),
    );
    for (const [name, endpoint] of Object.entries(endpointsOf(venue))) {
      for (const [bucket, cost] of Object.entries(costsOf(endpoint, {}, 'weight'))) {
        expect(buckets.get(bucket), `${name} -> ${bucket}`).toBeGreaterThan(cost);
      }
    }
  });

  it.each(VENUE_IDS)('%s: nothing that could do twice what was asked once is ever sent again', (venue) => {
    const repeated = Object.entries(endpointsOf(venue)).filter(([, { method, idempotent }]) => method !== 'GET' && idempotent);
    const harmless = ['cancelAllAfter', 'setLeverage', 'setMarginMode', 'setHedgeMode', 'openListenKey', 'keepListenKey'];
    expect(repeated.map(([name]) => name)).toEqual(venue === 'binance' ? [] : harmless);
  });

  it('gives USD-M and COIN-M one pool', () => {
    expect(POOL_OF.binanceusdm).toBe(POOL_OF.binancecoinm);
    expect(POOL_OF.binance).not.toBe(POOL_OF.binanceusdm);
  });
});
