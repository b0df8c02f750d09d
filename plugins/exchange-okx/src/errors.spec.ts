import { faultOf } from '@speed-protocol/wire';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.js';

const answer = (status: number, body: unknown) =>
  faultOf(ERRORS, { status, body, header: () => undefined, now: 0 }, 'okx', 'okx POST /x')?.error;

describe('the error table', () => {
  it.each([
    [200, '51001', 'not-found', true],
    [200, '50102', 'clock-skew', true],
    [401, '50113', 'unauthorized', true],
    [200, '51008', 'insufficient-funds', true],
    [200, '51016', 'duplicate', true],
    [200, '51603', 'not-found', true],
    [200, '50001', 'unavailable', true],
    [200, '50004', 'timeout', false],
    [200, '50026', 'unavailable', false],
    [200, '54094', 'rejected', true],
    [200, '51020', 'invalid-request', true],
    [429, '50011', 'rate-limited', true],
    // A code that came after this table was written: the venue said no.
    [200, '59999', 'rejected', true],
    [502, '50026', 'unavailable', false],
  ] as const)('reads HTTP %i with code %s as %s (outcome known: %s)', (status, code, kind, outcomeKnown) => {
    expect(answer(status, { code, msg: 'words', data: [] })).toMatchObject({ kind, venueCode: code, outcomeKnown });
  });

  it('takes the word on the one order over that on the whole', () => {
    const data = [{ ordId: '', clOrdId: 'a', sCode: '51008', sMsg: 'Insufficient balance' }];
    const error = answer(200, { code: '1', msg: 'All operations failed', data });
    expect(error).toMatchObject({ kind: 'insufficient-funds', venueCode: '51008' });
    expect(error?.message).toContain('Insufficient balance');
  });

  it('leaves each of several orders its own word', () => {
    const data = [
      { ordId: '1', clOrdId: 'a', sCode: '0', sMsg: '' },
      { ordId: '', clOrdId: 'b', sCode: '51008', sMsg: 'Insufficient balance' },
    ];
    expect(answer(200, { code: '2', msg: 'Bulk operation partially successful.', data })).toBeUndefined();
    expect(answer(200, { code: '1', msg: 'All operations failed', data: [data[1], data[1]] })).toBeUndefined();
    expect(answer(200, { code: '50011', msg: 'Too Many Requests', data: [] })).toMatchObject({ kind: 'rate-limited' });
  });

  it('sees no fault in a success', () => {
    expect(answer(200, { code: '0', msg: '', data: [] })).toBeUndefined();
  });

  it('waits two seconds when it was too much: limits are per two seconds', () => {
    expect(answer(429, { code: '50011', msg: '' })?.retryAfterMs).toBe(2_000);
  });
});
