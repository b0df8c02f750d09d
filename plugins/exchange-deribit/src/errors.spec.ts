import { faultOf } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.js';

const answer = (status: number, error: object | undefined) =>
  faultOf(ERRORS, { status, body: { jsonrpc: '2.0', error }, header: () => undefined, now: 0 }, 'deribit', 'deribit GET /x')
    ?.error;

describe('the error table', () => {
  it.each([
    [400, 10009, 'insufficient-funds', true],
    [400, 10004, 'not-found', true],
    [400, 11044, 'not-found', true],
    [400, 13020, 'not-found', true],
    [400, 11054, 'rejected', true],
    [400, 11030, 'rejected', true],
    [400, 13004, 'unauthorized', true],
    [400, 13021, 'unauthorized', true],
    [400, 10041, 'unavailable', true],
    [400, 11051, 'unavailable', true],
    [400, -32602, 'invalid-request', true],
    [429, 10028, 'rate-limited', true],
    [400, 10047, 'rate-limited', true],
    [400, 13888, 'timeout', false],
    [400, 10040, 'unavailable', false],
    [503, 13028, 'unavailable', false],
    // A code that came after this table was written: the venue said no.
    [400, 19999, 'invalid-request', true],
  ] as const)('reads HTTP %i with code %s as %s (outcome known: %s)', (status, code, kind, outcomeKnown) => {
    expect(answer(status, { code, message: 'words' })).toMatchObject({ kind, venueCode: String(code), outcomeKnown });
  });

  it('takes an old time of a signature for a wrong clock, and says what is wrong where', () => {
    const reason = (text: string) => answer(401, { code: 13009, message: 'unauthorized', data: { reason: text } });
    expect(reason('timestamp is too far from the time of the server')).toMatchObject({ kind: 'clock-skew' });
    expect(reason('invalid_token')).toMatchObject({ kind: 'unauthorized' });
    const wrong = answer(400, { code: -32602, message: 'Invalid params', data: { reason: 'wrong format', param: 'amount' } });
    expect(wrong?.message).toContain('reason wrong format, param amount');
  });

  it('sees no fault in a success', () => {
    expect(answer(200, undefined)).toBeUndefined();
  });
});
