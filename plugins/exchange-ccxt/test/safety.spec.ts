import { type Connector, SpeedError, silentLogger, systemClock } from '@speed-protocol/core';
import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import { type CcxtConfig, parseConfig } from '../src/config.js';
import { outcomeOf, speedError } from '../src/errors.js';
import { direct } from '../src/hosts.js';
import bridge from '../src/index.js';
import type { CcxtConstructor, CcxtExchange } from '../src/types.js';

const make = (id: 'okx' | 'binance' | 'bitstamp') => new (ccxt.pro[id] as unknown as CcxtConstructor)({}) as CcxtExchange;
const KEYS = { apiKey: 'k', secret: 's', password: 'p' };

describe('credentials', () => {
  it('belong to an environment, and are all there', () => {
    expect(() => parseConfig(KEYS, make('okx'))).toThrow(
      'ccxt:okx.environment must be given with credentials: one of live, sandbox',
    );
    expect(() => parseConfig({ apiKey: 'k', environment: 'live' }, make('okx'))).toThrow('lack secret, password');
    expect(() => parseConfig({ apiKy: 'k' }, make('okx'))).toThrow('did you mean "apiKey"?');
    expect(() => parseConfig({ environment: 'sandbox' }, make('bitstamp'))).toThrow('ccxt knows no sandbox of this exchange');
  });

  it('of a sandbox never reach the live exchange, those of the simulator nothing but it', () => {
    const config = (more: object) => parseConfig({ ...KEYS, ...more }, make('binance')) as CcxtConfig;
    const sandbox = direct(make('binance'), config({ environment: 'sandbox' }));
    expect(() => sandbox('https://fapi.binance.com/fapi/v1/order')).toThrow('belongs to the live exchange');
    expect(() => sandbox('wss://fstream.binance.com/ws')).toThrow('belongs to the live exchange');
    expect(sandbox('https://testnet.binance.vision/api/v3/order')).toBeUndefined();
    const sim = direct(make('binance'), config({ environment: 'sim', origin: 'http://127.0.0.1:4000' }));
    expect(() => sim('wss://stream.binance.com:9443/ws')).toThrow('is not a host of the simulator');
    expect(sim('ws://127.0.0.1:4000/ws')).toBeUndefined();
  });
});

describe('what an error proves', () => {
  const status = (error: Error, journey?: { isSent: boolean; status: number | undefined }) =>
    outcomeOf(speedError(error, 'ccxt:x', 'createOrder', journey)).status;
  const sent = (code: number) => ({ isSent: true, status: code });

  it.each([
    ['InsufficientFunds', 200, 'rejected'],
    ['InvalidOrder', 400, 'rejected'],
    ['OrderImmediatelyFillable', 400, 'rejected'],
    ['AuthenticationError', 401, 'rejected'],
    ['InvalidNonce', 400, 'rejected'],
    ['RateLimitExceeded', 429, 'rejected'],
    // No word of ccxt's for it: anything may have happened.
    ['ExchangeError', 400, 'unknown'],
    ['RequestTimeout', 504, 'unknown'],
    ['NetworkError', 0, 'unknown'],
    ['ExchangeNotAvailable', 503, 'unknown'],
    ['BadResponse', 200, 'unknown'],
    // Whatever ccxt calls it.
    ['BadRequest', 503, 'unknown'],
  ] as const)('%s with status %i is %s', (name, code, expected) => {
    const error = new (ccxt as unknown as Readonly<Record<string, new (message: string) => Error>>)[name]!('x {"code":-7}');
    expect(status(error, sent(code))).toBe(expected);
    expect(speedError(error, 'ccxt:x', 'y').venueCode).toBe('-7');
  });

  it('a bare status may come from anything in between', () => {
    const error = new ccxt.AuthenticationError('x POST https://api.x.com/order 401 Unauthorized <html>');
    expect(status(error, sent(401))).toBe('unknown');
  });

  it('a failure of ccxt’s own is proof only where nothing has left', () => {
    expect(status(new TypeError('undefined is no function'), sent(200))).toBe('unknown');
    expect(status(new TypeError('undefined is no function'), { isSent: false, status: undefined })).toBe('rejected');
  });

  it('says no signature', () => {
    const error = speedError(new ccxt.NetworkError('x GET https://a.b/c?signature=123 failed'), 'ccxt:x', 'y');
    expect(error.message).toBe('ccxt:x y: x GET https://a.b/c failed');
  });
});

it('asks for credentials before it opens anything', async () => {
  const manifest = await bridge.open('ccxt:binance');
  const context = { clock: systemClock, logger: silentLogger };
  const connector = manifest.create('ccxt:binance', context) as unknown as Connector;
  const asked = connector.trading?.openOrders();
  await expect(asked).rejects.toSatisfy((error) => SpeedError.is(error, 'unauthorized'));
  await expect(asked).rejects.toThrow('put apiKey, secret and environment into the configuration of "ccxt:binance"');
  expect(connector.connections()).toEqual([]);
  await connector[Symbol.asyncDispose]();
});
