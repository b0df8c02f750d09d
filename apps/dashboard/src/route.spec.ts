import { describe, expect, it } from 'vitest';
import { formatRoute, OVERVIEW, parseRoute, type Route } from './route.js';

describe('routes', () => {
  it.each<Route>([
    OVERVIEW,
    { view: 'market', venue: 'binanceusdm', symbol: 'BTC/USDT:USDT' },
    { view: 'market', venue: 'binance', symbol: '币安人生/USDT' },
    { view: 'recording' },
    { view: 'recording', venue: 'binanceusdm', symbol: 'BTC/USDT:USDT' },
  ])('survive the way through the address: %j', (route) => expect(parseRoute(formatRoute(route))).toEqual(route));

  it.each(['', '#', '#/nowhere', '#/market/binance', '#/market/%E0%A4%A/'])('fall back to the overview: %j', (hash) =>
    expect(parseRoute(hash)).toEqual(OVERVIEW),
  );
});
