import { keepEvent, levelsToPairs, type SpeedEvent, silentLogger, systemClock } from '@speed-protocol/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READERS } from '../src/bodies.js';
import { parseConfig, type VenueId } from '../src/config.js';
import { BinanceExchange } from '../src/exchange.js';
import manifest from '../src/index.js';
import { type RestServer, startRestServer } from './support/rest-server.js';

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

type Ask = (exchange: BinanceExchange, symbol: string) => Promise<SpeedEvent | readonly SpeedEvent[]>;

const ASKS: Readonly<Record<string, Ask>> = {
  depth: (exchange, symbol) => exchange.depthSnapshot(symbol),
  trades: (exchange, symbol) => exchange.trades(symbol),
  aggTrades: (exchange, symbol) => exchange.aggTrades(symbol),
  'ticker/24hr': (exchange, symbol) => exchange.event('ticker24h', symbol, {}, {}, READERS.ticker),
  'ticker/bookTicker': (exchange, symbol) => exchange.quote(symbol),
  openInterest: (exchange, symbol) => exchange.openInterest(symbol),
  premiumIndex: async (exchange, symbol) => {
    const { apr: _, ...rest } = await exchange.funding.current(symbol);
    return { type: 'funding', receivedAt: 0, ...rest };
  },
};

const CASES: readonly (readonly [VenueId, string, string, string])[] = [
  ['binance', '/api/v3', 'BTC/USDT', 'depth trades aggTrades ticker/24hr ticker/bookTicker'],
  ['binanceusdm', '/fapi/v1', 'BTC/USDT:USDT', 'depth trades aggTrades ticker/24hr ticker/bookTicker openInterest premiumIndex'],
  ['binancecoinm', '/dapi/v1', 'BTC/USD:BTC', 'depth ticker/24hr ticker/bookTicker openInterest premiumIndex'],
];

/** Without the moment of receiving; levels as pairs. */
function plain(event: SpeedEvent): object {
  const { receivedAt: _, ...rest } = keepEvent(event);
  return rest.type === 'depth' ? { ...rest, bids: levelsToPairs(rest.bids), asks: levelsToPairs(rest.asks) } : rest;
}

// Bodies are read twice in this plugin: as objects by the exchange, as bytes by the normaliser.
describe.each(CASES)('%s: the exchange and the normaliser read one body alike', (venue, prefix, symbol, names) => {
  it.each(names.split(' '))('%s', async (name) => {
    const config = parseConfig({ environment: 'sim', origin: server.origin });
    const exchange = new BinanceExchange(venue, {
      config,
      clock: { ...systemClock },
      logger: silentLogger,
      signal: new AbortController().signal,
    });
    const asked = await ASKS[name]!(exchange, symbol);
    const instruments = await exchange.reference.instruments();
    const { venueSymbol } = await exchange.reference.instrument(symbol);
    await exchange.client.close();

    const url = `${server.origin}${prefix}/${name}?symbol=${venueSymbol}`;
    const raw = await (await fetch(url)).text();
    const read = manifest.createNormalizer(venue, { instruments }).normalize({ transport: 'rest', url, dir: 'in', ts: 1, raw });
    const events = read.outcome === 'events' ? read.events.map(plain) : [];
    const own = [asked].flat() as readonly SpeedEvent[];
    expect(own.length).toBeGreaterThan(0);
    for (const event of own.map(plain)) expect(events).toContainEqual(event);
  });
});
