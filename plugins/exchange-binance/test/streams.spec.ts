import { type Connector, type DepthEvent, levelsToPairs, systemClock } from '@speed-protocol/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../src/index.js';
import { Collector } from './helpers/collector.js';
import { LocalVenue } from './helpers/local-venue.js';

const BTCUSDT = {
  symbol: 'BTCUSDT',
  pair: 'BTCUSDT',
  contractType: 'PERPETUAL',
  deliveryDate: 4133404800000,
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.1', maxPrice: '1000000', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
  ],
};
const SYMBOL = 'BTC/USDT:USDT';

describe('binanceusdm against a local server', () => {
  let venue: LocalVenue;
  let connector: Connector;

  beforeEach(async () => {
    venue = await LocalVenue.start({
      '/fapi/v1/exchangeInfo': () => ({ serverTime: 1, rateLimits: [], symbols: [BTCUSDT] }),
      '/fapi/v1/fundingInfo': () => [],
      '/fapi/v1/depth': () => ({ lastUpdateId: 100, E: 5, T: 4, bids: [['90000.0', '1']], asks: [['90000.1', '2']] }),
    });
    const config = { environment: 'sim', origin: venue.origin };
    connector = manifest.create('binanceusdm', { config, clock: { ...systemClock } }) as unknown as Connector;
  });

  afterEach(async () => {
    await connector[Symbol.asyncDispose]();
    await venue.close();
  });

  it('opens a book with a snapshot and continues it with deltas', async () => {
    const seen = new Collector();
    const subscription = await connector.market!.subscribe('depth', SYMBOL, seen.on);
    await seen.count(1);
    expect(subscription.state).toBe('live');
    const delta = { e: 'depthUpdate', E: 7, T: 6, s: 'BTCUSDT', U: 99, u: 105, pu: 98, b: [['90000.0', '0']], a: [], st: 1 };
    venue.push('btcusdt@depth@100ms', delta);
    const [snapshot, first] = await seen.count(2);
    expect(snapshot).toMatchObject({ type: 'depth', kind: 'snapshot', sequence: 100, prevSequence: null, symbol: SYMBOL });
    expect(first).toMatchObject({ kind: 'delta', sequence: 105, prevSequence: 100, venueTime: 7, venueSymbol: 'BTCUSDT' });
    expect(levelsToPairs((first as DepthEvent).bids)).toEqual([[90000, 0]]);
  });

  it('tells trades and quotes, each on its own socket', async () => {
    const trades = new Collector();
    const quotes = new Collector();
    await connector.market!.subscribe('trade', SYMBOL, trades.on);
    await connector.market!.subscribe('quote', SYMBOL, quotes.on);
    venue.push('btcusdt@aggTrade', {
      e: 'aggTrade',
      E: 9,
      s: 'BTCUSDT',
      a: 17,
      p: '90000.1',
      q: '0.25',
      f: 1,
      l: 2,
      T: 8,
      m: true,
    });
    venue.push('btcusdt@bookTicker', { e: 'bookTicker', u: 33, E: 3, T: 2, s: 'BTCUSDT', b: '1.5', B: '2', a: '1.6', A: '3' });
    const place = { venue: 'binanceusdm', symbol: SYMBOL, venueSymbol: 'BTCUSDT' };
    const [trade] = await trades.count(1);
    expect(trade).toMatchObject({ type: 'trade', ...place, id: '17', price: 90000.1, size: 0.25, side: 'sell', venueTime: 8 });
    const [quote] = await quotes.count(1);
    expect(quote).toMatchObject({
      type: 'quote',
      ...place,
      sequence: 33,
      bid: 1.5,
      bidSize: 2,
      ask: 1.6,
      askSize: 3,
      venueTime: 3,
    });
    expect(venue.peers.map((peer) => peer.path).sort()).toEqual(['/market/stream', '/public/stream']);
  });

  it.each([true, false])('heals after a cut (clean: %s): gap, then a new snapshot', async (clean) => {
    const seen = new Collector();
    const subscription = await connector.market!.subscribe('depth', SYMBOL, seen.on);
    await seen.count(1);
    venue.cut(clean);
    await seen.count(2);
    expect(seen.events[1]).toMatchObject({ type: 'gap', feed: 'depth', reason: 'disconnect', symbol: SYMBOL });
    expect(subscription.state).toBe('stale');
    await seen.count(3);
    expect(seen.events[2]).toMatchObject({ type: 'depth', kind: 'snapshot' });
    expect(subscription.state).toBe('live');
  });
});
