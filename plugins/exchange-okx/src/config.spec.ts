import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { headersOf, parseConfig, resolveVenue } from './config.js';

const KEYS = { apiKey: 'k', secret: 's', password: 'p' };
const refusal = (input: unknown): string => {
  try {
    parseConfig(input);
  } catch (error) {
    if (SpeedError.is(error, 'config')) return error.message;
    throw error;
  }
  throw new Error('taken');
};

describe('parseConfig', () => {
  it('is live and global unless told otherwise', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ environment: 'live', region: 'global' });
    expect(resolveVenue(config, 'okx')).toMatchObject({ rest: 'https://openapi.okx.com', ws: 'wss://ws.okx.com:8443' });
  });

  it.each([
    ['eea', 'https://eea.okx.com', 'wss://wseea.okx.com:8443', 'wss://wseeapap.okx.com:8443'],
    ['us', 'https://us.okx.com', 'wss://wsus.okx.com:8443', 'wss://wsuspap.okx.com:8443'],
  ] as const)('knows the hosts of %s, live and demo', (region, rest, live, demo) => {
    expect(resolveVenue(parseConfig({ region }), 'okx')).toMatchObject({ rest, ws: live });
    expect(resolveVenue(parseConfig({ region, environment: 'demo' }), 'okx')).toMatchObject({ rest, ws: demo });
  });

  it('marks every request of demo trading, and no other', () => {
    expect(headersOf({ environment: 'demo' })).toEqual({ 'x-simulated-trading': '1' });
    expect(headersOf({ environment: 'live' })).toEqual({});
  });

  it('takes a simulator by its origin', () => {
    const config = parseConfig({ origin: 'http://127.0.0.1:4000' });
    expect(resolveVenue(config, 'okx')).toMatchObject({
      rest: 'http://127.0.0.1:4000',
      ws: 'ws://127.0.0.1:4000',
      allowedHosts: ['127.0.0.1:4000', '127.0.0.1:4000'],
    });
  });

  it.each([
    [{ enviroment: 'demo' }, /did you mean "environment"/],
    [{ environment: 'testnet' }, /one of live, demo, sim/],
    [{ region: 'asia' }, /one of global, eea, us/],
    [{ environment: 'live', apiKey: 'k', secret: 's' }, /an apiKey, a secret and a password/],
    [KEYS, /environment must be given with credentials/],
    [{ environment: 'demo', urls: { ws: 'wss://ws.okx.com:8443' } }, /"ws.okx.com:8443" is not allowed/],
    [{ environment: 'live', region: 'eea', urls: { rest: 'https://www.okx.com' } }, /"www.okx.com" is not allowed/],
    [{ environment: 'live', origin: 'http://127.0.0.1:1' }, /for the environment "sim"/],
    [{ environment: 'sim' }, /needs okx.origin/],
    [{ environment: 'sim', origin: 'https://www.okx.com' }, /belongs to the exchange itself/],
  ])('refuses %j', (input, words) => {
    expect(refusal(input)).toMatch(words);
  });

  it('prints no secret', () => {
    expect(JSON.stringify(parseConfig({ ...KEYS, environment: 'demo' }))).not.toMatch(/"(s|p)"/);
  });
});
