import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { parseConfig, resolveVenue } from './config.js';

const KEYS = { apiKey: 'k', secret: 's' };
const resolved = (input: unknown) => resolveVenue(parseConfig(input), 'bybit');
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
  it.each<[string, object, string, string, string, string | undefined]>([
    ['live', {}, 'https://api.bybit.com', 'wss://stream.bybit.com', 'wss://stream.bybit.com', 'wss://stream.bybit.com'],
    [
      'testnet',
      { environment: 'testnet' },
      'https://api-testnet.bybit.com',
      'wss://stream-testnet.bybit.com',
      'wss://stream-testnet.bybit.com',
      'wss://stream-testnet.bybit.com',
    ],
    // The live market, an account of its own, and no order socket.
    [
      'demo',
      { environment: 'demo' },
      'https://api-demo.bybit.com',
      'wss://stream.bybit.com',
      'wss://stream-demo.bybit.com',
      undefined,
    ],
    [
      'Turkey',
      { region: 'tr' },
      'https://api.bybit.tr',
      'wss://stream.bybit.tr',
      'wss://stream.bybit.tr',
      'wss://stream.bybit.tr',
    ],
    ['the Netherlands', { region: 'nl' }, 'https://api.bybit.nl', 'wss://stream.bybit.nl', 'wss://stream.bybit.nl', undefined],
  ])('knows the hosts of %s', (_, input, rest, ws, wsPrivate, wsTrade) => {
    expect(resolved(input)).toMatchObject({ rest, ws, wsPrivate, wsTrade });
  });

  it('takes a simulator by its origin', () => {
    const ws = 'ws://127.0.0.1:4000';
    expect(resolved({ origin: 'http://127.0.0.1:4000' })).toMatchObject({ ws, wsPrivate: ws, wsTrade: ws });
  });

  it.each([
    [{ enviroment: 'demo' }, /did you mean "environment"/],
    [{ region: 'us' }, /one of global, nl, eu, tr, kz, ge, id, jp/],
    [{ environment: 'live', apiKey: 'k' }, /an apiKey and a secret/],
    [KEYS, /environment must be given with credentials/],
    [{ orderIdPrefix: 'a b' }, /letters, digits, - and _/],
    [{ environment: 'testnet', urls: { rest: 'https://api.bybit.com' } }, /"api.bybit.com" is not allowed/],
    [{ environment: 'demo', urls: { wsPrivate: 'wss://stream.bybit.tr' } }, /"stream.bybit.tr" is not allowed/],
    [{ environment: 'live', origin: 'http://127.0.0.1:1' }, /for the environment "sim"/],
    [{ environment: 'sim' }, /needs bybit.origin/],
    [{ environment: 'sim', origin: 'https://api-demo.bybit.com' }, /belongs to the exchange itself/],
  ])('refuses %j', (input, words) => {
    expect(refusal(input)).toMatch(words);
  });

  it('prints no secret', () => {
    expect(JSON.stringify(parseConfig({ ...KEYS, environment: 'demo' }))).not.toMatch(/"s"/);
  });
});
