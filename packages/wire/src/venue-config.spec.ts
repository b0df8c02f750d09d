import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { option } from './options.js';
import { defineConfig } from './venue-config.js';

const OPTIONS = {
  apiKey: option.optional(option.text),
  secret: option.optional(option.secret),
  privateKey: option.optional(option.secret),
} as const;
const ORIGINS = {
  live: { rest: 'https://api.toy.com', ws: 'wss://ws.toy.com', trade: 'wss://trade.toy.com' },
  demo: { rest: 'https://demo.toy.com', ws: 'wss://demo-ws.toy.com', trade: undefined },
} as const;

const {
  parseConfig: parse,
  resolveVenue: resolve,
  missingCredentials,
} = defineConfig({
  plugin: 'toy',
  venues: ['toy'],
  environments: ['live', 'demo'],
  origins: ['rest', 'ws', 'trade'],
  options: OPTIONS,
  credentials: {
    sets: [
      ['apiKey', 'secret'],
      ['apiKey', 'privateKey'],
    ],
    text: 'an apiKey and a secret or a privateKey',
  },
  hosted: (_, environment) => ({ origins: ORIGINS[environment], moreHosts: ['more.toy.com'], place: environment }),
  companyDomains: ['toy.com'],
});

describe('a configuration from a table', () => {
  it.each([
    [{}, { environment: 'live', ...ORIGINS.live, place: 'live' }],
    [{ environment: 'demo' }, { environment: 'demo', ...ORIGINS.demo, place: 'demo' }],
    [{ urls: { rest: 'https://more.toy.com' } }, { environment: 'live', rest: 'https://more.toy.com', ws: ORIGINS.live.ws }],
    [
      { origin: 'http://127.0.0.1:1' },
      { environment: 'sim', rest: 'http://127.0.0.1:1', ws: 'ws://127.0.0.1:1', trade: 'ws://127.0.0.1:1', place: '127.0.0.1' },
    ],
    [
      { environment: 'sim', urls: { rest: 'http://a:1', ws: 'ws://b:2' } },
      { environment: 'sim', rest: 'http://a:1', ws: 'ws://b:2', trade: 'ws://b:2' },
    ],
  ])('%j', (input, expected) => {
    const config = parse(input);
    expect({ environment: config.environment, ...resolve(config, 'toy') }).toMatchObject(expected);
  });

  it('lets each environment speak to its own hosts alone', () => {
    expect(resolve(parse({ environment: 'demo' }), 'toy').allowedHosts).toEqual([
      'demo.toy.com',
      'demo-ws.toy.com',
      'more.toy.com',
    ]);
  });

  it.each([
    [{ environment: 'demo', urls: { rest: 'https://api.toy.com' } }, 'not allowed'],
    [{ environment: 'live', urls: { trade: 'wss://trade.toy.com.evil.example' } }, 'not allowed'],
    [{ environment: 'sim', origin: 'https://sim.toy.com' }, 'belongs to the exchange itself'],
    [{ environment: 'sim', origin: 'http://a:1', urls: { trade: 'wss://trade.toy.com.' } }, 'belongs to the exchange itself'],
    [{ environment: 'sim' }, 'needs toy.origin'],
    [{ environment: 'demo', origin: 'http://a:1' }, 'toy.origin is for the environment "sim"'],
    [{ apiKey: 'k', secret: 's' }, 'toy.environment must be given with credentials: one of live, demo, sim'],
    [{ environment: 'live', apiKey: 'k' }, 'toy credentials are an apiKey and a secret or a privateKey'],
    [{ environment: 'live', apiKey: 'k', secret: 's', privateKey: 'p' }, 'toy credentials are'],
    [{ timoutMs: 1 }, 'did you mean "timeoutMs"'],
  ])('refuses %j', (input, words) => {
    expect(() => parse(input)).toThrow(words);
    expect(() => parse(input)).toThrow(expect.toSatisfy((error) => SpeedError.is(error, 'config')));
  });

  it('says where credentials belong, while there are none', () => {
    expect(missingCredentials(parse({}), 'toy')).toMatch(/toy needs credentials: .*exchange "toy"/);
    expect(missingCredentials(parse({ environment: 'live', apiKey: 'k', privateKey: 'p' }), 'toy')).toBeUndefined();
  });
});
