import { expect, it } from 'vitest';
import { faultRows } from './fault-rows.js';

const read = faultRows.reader({ code: 'code', message: 'msg', success: '0' });

it.each([
  [
    { code: '51001', msg: 'no such thing' },
    { code: '51001', message: 'no such thing' },
  ],
  [{ code: 51001 }, { code: '51001', message: '' }],
  [{ code: '0', msg: '' }, undefined],
  [{ code: 0 }, undefined],
  [{ data: [] }, undefined],
  [null, undefined],
  ['text', undefined],
])('%j says %j', (body, fault) => {
  expect(read(body)).toEqual(fault);
});

it('rows say whether the venue has acted', () => {
  const { all, failed, unknown } = faultRows;
  expect(all(failed('rejected', 'why'), 1, -2)).toEqual({
    '1': { kind: 'rejected', outcomeKnown: true, advice: 'why' },
    '-2': { kind: 'rejected', outcomeKnown: true, advice: 'why' },
  });
  expect(unknown('timeout')).toEqual({ kind: 'timeout', outcomeKnown: false });
});
