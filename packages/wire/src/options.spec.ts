import { inspect } from 'node:util';
import { Secret } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { option, parseOptions } from './options.js';

const TABLE = {
  environment: option.choice(['live', 'demo', 'sim']),
  timeoutMs: option.withDefault(option.integer(1, 1000), 50),
  urls: option.optional(option.objectOf({ rest: option.optional(option.url(['https:'])) })),
  secret: option.optional(option.secret),
} as const;

describe('parseOptions', () => {
  it('reads what the table names, with defaults, and leaves out what is absent', () => {
    expect(parseOptions({ environment: 'sim' }, TABLE, 'venue')).toEqual({ environment: 'sim', timeoutMs: 50 });
    expect(parseOptions({ environment: 'live', urls: { rest: 'https://a.b/' } }, TABLE, 'venue').urls?.rest).toBe('https://a.b');
  });

  it.each([
    [{ environment: 'sim', timoutMs: 1 }, 'venue has no option "timoutMs"; did you mean "timeoutMs"?'],
    [{ environment: 'sim', urls: { ws: 'x' } }, 'venue.urls has no option "ws"; it knows rest'],
    [{ environment: 'lvie' }, 'venue.environment must be one of live, demo, sim and is "lvie"; did you mean "live"?'],
    [{}, 'venue.environment must be one of live, demo, sim and is missing'],
    [{ environment: 'sim', timeoutMs: 1.5 }, 'venue.timeoutMs must be a whole number from 1 to 1000 and is 1.5'],
    [
      { environment: 'sim', urls: { rest: 'http://a' } },
      'venue.urls.rest must be a URL such as "https://host:port" and is "http://a"',
    ],
    [
      { environment: 'sim', urls: { rest: 'https://user:pw@a' } },
      'venue.urls.rest must be a URL such as "https://host:port" and is "https://***@a"',
    ],
    [[], 'venue must be an object and is []'],
    [JSON.parse('{"environment":"sim","__proto__":{"x":1}}'), 'venue has no option "__proto__"'],
  ])('%j: %s', (input, message) => {
    expect(() => parseOptions(input, TABLE, 'venue')).toThrow(message);
  });

  it('wraps secrets and never prints them', () => {
    const read = parseOptions({ environment: 'sim', secret: 'CANARY' }, TABLE, 'venue');
    expect(read.secret?.reveal()).toBe('CANARY');
    expect(inspect(read)).not.toContain('CANARY');
    const wrapped = new Secret('CANARY');
    expect(parseOptions({ environment: 'sim', secret: wrapped }, TABLE, 'venue').secret).toBe(wrapped);
    expect(() => parseOptions({ environment: 'sim', secret: 5 }, TABLE, 'venue')).toThrow(
      'venue.secret must be text and is number',
    );
  });
});
