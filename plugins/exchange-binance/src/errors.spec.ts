import type { ErrorKind } from '@speed-protocol/core';
import { faultOf } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import type { VenueId } from './config.js';
import { ERRORS } from './errors.js';

function read(venue: VenueId, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const answer = { status, body, header: (name: string) => headers[name], now: 1_795_132_800_000 };
  return faultOf(ERRORS[venue], answer, venue, 'call')?.error;
}

describe('errors', () => {
  it.each<[VenueId, number, number | null, string, ErrorKind, boolean]>([
    ['binance', 400, -2010, 'Account has insufficient balance for requested action.', 'insufficient-funds', true],
    ['binance', 400, -2010, 'Duplicate order sent.', 'duplicate', true],
    ['binance', 400, -2010, 'Order would immediately match and take.', 'rejected', true],
    ['binance', 400, -2010, 'Order would trigger immediately.', 'rejected', true],
    ['binance', 400, -2010, 'Market is closed.', 'unavailable', true],
    ['binance', 400, -2010, 'This symbol is not permitted for this account.', 'unauthorized', true],
    ['binance', 400, -2010, 'Something new.', 'rejected', true],
    ['binance', 400, -2011, 'Unknown order sent.', 'not-found', true],
    ['binance', 400, -1121, 'Invalid symbol.', 'not-found', true],
    ['binance', 400, -1021, 'Timestamp for this request is outside of the recvWindow.', 'clock-skew', true],
    ['binance', 400, -1022, 'Signature for this request is not valid.', 'unauthorized', true],
    ['binance', 401, -2015, 'Invalid API-key, IP, or permissions for action.', 'unauthorized', true],
    ['binance', 400, -1013, 'Filter failure: LOT_SIZE', 'rejected', true],
    [
      'binance',
      400,
      -2026,
      'Order was canceled or expired with no executed qty over 90 days ago and has been archived.',
      'not-found',
      true,
    ],
    ['binance', 429, -1003, 'Too many requests', 'rate-limited', true],
    ['binance', 418, -1003, 'Way too many requests', 'rate-limited', true],
    ['binance', 200, -1003, 'Too many requests', 'rate-limited', true],
    ['binance', 400, -1007, 'Timeout waiting for response from backend server.', 'timeout', false],
    ['binance', 503, -1000, 'Service Unavailable.', 'unavailable', false],
    ['binance', 500, null, '', 'unavailable', false],
    ['binance', 502, null, '', 'unavailable', false],
    ['binance', 504, null, '', 'unavailable', false],
    ['binance', 403, null, '', 'rate-limited', true],
    ['binance', 451, null, '', 'unavailable', true],
    ['binance', 404, null, '', 'not-found', true],
    ['binanceusdm', 503, -1000, 'Unknown error, please check your request or try again later.', 'unavailable', false],
    ['binanceusdm', 503, -1000, 'Service Unavailable.', 'unavailable', true],
    ['binanceusdm', 503, -1001, 'Internal error; unable to process your request. Please try again.', 'unavailable', true],
    [
      'binanceusdm',
      503,
      -1008,
      'Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.',
      'unavailable',
      true,
    ],
    ['binanceusdm', 400, -1001, 'Internal error; unable to process your request. Please try again.', 'unavailable', false],
    ['binanceusdm', 400, -2019, 'Margin is insufficient.', 'insufficient-funds', true],
    ['binanceusdm', 400, -2026, 'This OrderType is not supported when reduceOnly.', 'rejected', true],
    ['binanceusdm', 400, -4116, 'ClientOrderId is duplicated.', 'duplicate', true],
    [
      'binanceusdm',
      400,
      -5022,
      'Due to the order could not be executed as maker, the Post Only order will be rejected.',
      'rejected',
      true,
    ],
    [
      'binanceusdm',
      400,
      -4120,
      'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
      'invalid-request',
      true,
    ],
    ['binanceusdm', 400, -5028, 'Timestamp for this request is outside of the ME recvWindow.', 'clock-skew', true],
    ['binancecoinm', 400, -1109, 'Invalid account status', 'unavailable', true],
    ['binancecoinm', 503, null, '', 'unavailable', false],
    ['binancecoinm', 400, -99999, 'Nobody has heard of this.', 'invalid-request', true],
    ['binancecoinm', 408, -1007, 'Timeout waiting for response from backend server.', 'timeout', false],
  ])('%s HTTP %i code %s "%s": %s', (venue, status, code, msg, kind, outcomeKnown) => {
    const error = read(venue, status, code === null ? undefined : { code, msg });
    expect([error?.kind, error?.outcomeKnown, error?.venueCode]).toEqual([
      kind,
      outcomeKnown,
      code === null ? undefined : String(code),
    ]);
    expect(error?.venue).toBe(venue);
  });

  it('knows an answer that is well', () => {
    expect(read('binance', 200, { serverTime: 1 })).toBeUndefined();
    expect(read('binance', 200, [])).toBeUndefined();
    expect(read('binanceusdm', 200, { code: 200, msg: 'The operation of cancel all open order is done.' })).toBeUndefined();
  });

  it('tells how long to wait: the header first, then the end of the ban, then the documented least', () => {
    const until = {
      code: -1003,
      msg: 'Way too much request weight used; IP banned until 1795132860000. Please use WebSocket Streams',
    };
    expect(read('binance', 418, until, { 'retry-after': '120' })?.retryAfterMs).toBe(120_000);
    expect(read('binance', 418, until)?.retryAfterMs).toBe(60_000);
    expect(read('binance', 418, undefined)?.retryAfterMs).toBe(120_000);
  });
});
