import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nearest, SpeedError } from './errors.js';
import { API_VERSION, defineExchange, isManifest } from './manifest.js';
import { Secret } from './secret.js';

describe('SpeedError', () => {
  it('is recognised across copies of the package by its brand', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('speed.error'), { value: true });
    expect(SpeedError.is(foreign)).toBe(true);
    expect(SpeedError.is(new Error('x'))).toBe(false);
    expect(SpeedError.is(new SpeedError('timeout', 'x'), 'timeout')).toBe(true);
    expect(SpeedError.is(new SpeedError('timeout', 'x'), 'rejected')).toBe(false);
  });

  it.each([
    ['timeout', false],
    ['connection', false],
    ['unavailable', false],
    ['rejected', true],
    ['rate-limited', true],
  ] as const)('%s: outcome known is %s', (kind, known) => expect(new SpeedError(kind, 'x').outcomeKnown).toBe(known));
});

describe('nearest', () => {
  it('finds typos and stays silent otherwise', () => {
    expect(nearest('binanceusmd', ['okx', 'binanceusdm', 'binance'])).toBe('binanceusdm');
    expect(nearest('kraken', ['okx', 'binance'])).toBeUndefined();
  });
});

describe('Secret', () => {
  it('cannot be printed', () => {
    const secret = new Secret('canary');
    expect(
      [
        `${secret}`,
        JSON.stringify({ secret }),
        inspect(secret),
        inspect({ deep: { secret } }),
        String(Object.values(secret)),
      ].join(),
    ).not.toContain('canary');
    expect(secret.reveal()).toBe('canary');
  });
});

describe('manifest', () => {
  it('is branded and frozen', () => {
    const manifest = defineExchange({
      id: 'x',
      venues: [],
      parseConfig: () => ({}),
      create: () => {
        throw new Error();
      },
      createNormalizer: () => {
        throw new Error();
      },
    });
    expect(isManifest(manifest)).toBe(true);
    expect(isManifest({ ...manifest, [Symbol.for('speed.manifest')]: false })).toBe(false);
    expect(manifest.api).toBe(API_VERSION);
  });
});
