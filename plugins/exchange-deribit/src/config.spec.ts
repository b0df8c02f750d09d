import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { parseConfig, resolveVenue } from './config.js';

const KEYS = { apiKey: 'k', secret: 's' };
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
  it('is live unless told otherwise, signs its logins, and keeps orders over a lost connection', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({ environment: 'live', grant: 'client_signature', cancelOnDisconnect: 'off' });
    expect(resolveVenue(config, 'deribit')).toMatchObject({ rest: 'https://www.deribit.com', ws: 'wss://www.deribit.com' });
  });

  it('knows the testnet, and takes a simulator by its origin', () => {
    const testnet = resolveVenue(parseConfig({ environment: 'testnet' }), 'deribit');
    expect(testnet).toMatchObject({ rest: 'https://test.deribit.com', ws: 'wss://test.deribit.com' });
    const sim = resolveVenue(parseConfig({ origin: 'http://127.0.0.1:4000' }), 'deribit');
    expect(sim).toMatchObject({ rest: 'http://127.0.0.1:4000', ws: 'ws://127.0.0.1:4000' });
  });

  it.each([
    [{ enviroment: 'testnet' }, /did you mean "environment"/],
    [{ environment: 'demo' }, /one of live, testnet, sim/],
    [{ grant: 'password' }, /one of client_signature, client_credentials/],
    [{ orderIdPrefix: 'a b' }, /1 to 40 printable characters/],
    [{ environment: 'live', apiKey: 'k' }, /an apiKey \(client id\) and a secret/],
    [KEYS, /environment must be given with credentials/],
    [{ environment: 'testnet', urls: { ws: 'wss://www.deribit.com' } }, /"www.deribit.com" is not allowed/],
    [{ environment: 'sim', origin: 'https://test.deribit.com' }, /belongs to the exchange itself/],
  ])('refuses %j', (input, words) => {
    expect(refusal(input)).toMatch(words);
  });

  it('prints no secret', () => {
    expect(JSON.stringify(parseConfig({ ...KEYS, environment: 'testnet' }))).not.toMatch(/"s"/);
  });
});
