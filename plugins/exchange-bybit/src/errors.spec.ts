import { faultOf } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.js';

const answer = (status: number, body: unknown) =>
  faultOf(ERRORS, { status, body, header: () => undefined, now: 0 }, 'bybit', 'bybit POST /x')?.error;

describe('the error table', () => {
  it.each([
    [200, 10001, 'invalid-request', true],
    [200, 10002, 'clock-skew', true],
    [200, 10003, 'unauthorized', true],
    [200, 10005, 'unauthorized', true],
    [200, 10006, 'rate-limited', true],
    [200, 10016, 'unavailable', false],
    [200, 10024, 'unavailable', true],
    [200, 110001, 'not-found', true],
    [200, 110007, 'insufficient-funds', true],
    [200, 110017, 'rejected', true],
    [200, 110072, 'duplicate', true],
    [200, 110074, 'unavailable', true],
    [200, 170007, 'timeout', false],
    [200, 170131, 'insufficient-funds', true],
    [200, 170141, 'duplicate', true],
    [200, 170213, 'not-found', true],
    // A code that came after this table was written: the venue said no.
    [200, 199999, 'rejected', true],
    [502, 10016, 'unavailable', false],
  ] as const)('reads HTTP %i with code %i as %s (outcome known: %s)', (status, code, kind, outcomeKnown) => {
    const error = answer(status, { retCode: code, retMsg: 'words', result: {} });
    expect(error).toMatchObject({ kind, venueCode: String(code), outcomeKnown });
  });

  it.each([
    ['params error: symbol invalid', 'not-found'],
    ['Params Error: request expired', 'clock-skew'],
  ])('reads 10001 by its words: %s', (retMsg, kind) => {
    expect(answer(200, { retCode: 10001, retMsg })?.kind).toBe(kind);
  });

  it.each([
    [{ success: false, ret_msg: 'Your api signature is wrong', op: 'auth' }, 'unauthorized'],
    [{ success: false, ret_msg: 'Params Error: request expired', op: 'auth' }, 'clock-skew'],
    [{ success: false, ret_msg: 'error:handler not found,topic:x', op: 'subscribe' }, 'rejected'],
  ])('reads what the private stream says without a code: %j', (body, kind) => {
    expect(answer(200, body)?.kind).toBe(kind);
  });

  it.each([
    { retCode: 0, retMsg: 'OK' },
    { success: true, ret_msg: '', op: 'auth' },
  ])('sees no fault in %j', (body) => {
    expect(answer(200, body)).toBeUndefined();
  });

  it('waits a second when an account asked too much, ten minutes when the firewall has shut the address out', () => {
    expect(answer(200, { retCode: 10006, retMsg: '' })?.retryAfterMs).toBe(1_000);
    expect(answer(403, undefined)).toMatchObject({ kind: 'rate-limited', retryAfterMs: 600_000 });
  });
});
