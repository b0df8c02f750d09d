import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, parseConfig, resolveVenue, VENUE_IDS } from './config.js';

const LIVE = [
  'api.binance.com',
  'fapi.binance.com',
  'dapi.binance.com',
  'stream.binance.com:9443',
  'fstream.binance.com',
  'dstream.binance.com',
];

describe('parseConfig', () => {
  it('is live without credentials, and a simulator when an origin is given', () => {
    expect(parseConfig({})).toMatchObject({ environment: 'live', recvWindowMs: 5_000 });
    expect(parseConfig({ origin: 'http://127.0.0.1:4000/' })).toMatchObject({
      environment: 'sim',
      origin: 'http://127.0.0.1:4000',
    });
  });

  it.each([
    [{ enviroment: 'sim' }, 'binance has no option "enviroment"; did you mean "environment"?'],
    [
      { environment: 'tesnet' },
      'binance.environment must be one of live, testnet, demo, sim and is "tesnet"; did you mean "testnet"?',
    ],
    [{ environment: 'sim' }, 'the environment "sim" needs binance.origin'],
    [{ environment: 'live', origin: 'http://127.0.0.1:1' }, 'binance.origin is for the environment "sim"'],
    [{ apiKey: 'k', secret: 's' }, 'binance.environment must be given with credentials'],
    [{ environment: 'demo', apiKey: 'k' }, 'binance credentials are an apiKey and either a secret (HMAC) or a privateKey'],
    [{ environment: 'demo', apiKey: 'k', secret: 'a', privateKey: 'b' }, 'either a secret (HMAC) or a privateKey'],
    [{ environment: 'demo', secret: 's' }, 'binance credentials are an apiKey'],
    [{ environment: 'sim', origin: 'ftp://x' }, 'binance.origin must be a URL such as "http://host:port"'],
    [{ environment: 'demo', recvWindowMs: 60_001 }, 'binance.recvWindowMs must be a whole number from 1 to 60000'],
  ])('%j: %s', (input, message) => {
    expect(() => parseConfig(input)).toThrow(message);
  });

  it('never prints a secret', () => {
    const config = parseConfig({ environment: 'demo', apiKey: 'k', secret: 'CANARY' });
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('CANARY');
  });
});

describe('hosts', () => {
  it.each(VENUE_IDS)('%s: no test or simulator credential has a live host on its list', (venue) => {
    for (const environment of ENVIRONMENTS) {
      const config = parseConfig(environment === 'sim' ? { environment, origin: 'http://127.0.0.1:4000' } : { environment });
      const { allowedHosts, rest, ws } = resolveVenue(config, venue);
      for (const url of [rest, ws]) expect(allowedHosts).toContain(new URL(url).host);
      if (environment !== 'live') expect(allowedHosts.filter((host) => LIVE.includes(host))).toEqual([]);
    }
  });

  it.each([
    ['testnet', { rest: 'https://api.binance.com' }],
    ['demo', { rest: 'https://fapi.binance.com' }],
    ['demo', { ws: 'wss://fstream.binance.com' }],
    ['live', { rest: 'https://demo-fapi.binance.com' }],
    ['live', { rest: 'https://fapi.binance.com.evil.example' }],
    ['live', { rest: 'http://127.0.0.1:9' }],
    ['testnet', { rest: 'https://testnet.binance.vision:444' }],
  ])('%s refuses %j', (environment, urls) => {
    expect(() => parseConfig({ environment, urls })).toThrow('is not allowed in this environment');
  });

  it.each([
    'https://api.binance.com',
    'https://FAPI.BINANCE.COM',
    'https://binance.com',
    'https://api.binance.com.:443',
    'https://testnet.binancefuture.com',
    'https://data-api.binance.vision',
  ])('a simulator cannot be %s', (origin) => {
    expect(() => parseConfig({ environment: 'sim', origin })).toThrow('belongs to the exchange itself');
  });

  it('lets live name a mirror of the venue', () => {
    expect(
      resolveVenue(parseConfig({ environment: 'live', urls: { rest: 'https://data-api.binance.vision' } }), 'binance').rest,
    ).toBe('https://data-api.binance.vision');
  });

  it('takes the ports of one machine for one place: the venues of a simulator share allowances', () => {
    const place = (origin: string) => resolveVenue(parseConfig({ origin }), 'binance').place;
    expect(place('http://127.0.0.1:4000')).toBe(place('http://127.0.0.1:4001'));
    expect(place('http://127.0.0.1:4000')).not.toBe(place('http://127.0.0.2:4000'));
  });
});
