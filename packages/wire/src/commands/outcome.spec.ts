import { SpeedError } from '@speed-protocol/core';
import { describe, expect, it } from 'vitest';
import { outcomeOf, unreadable } from './outcome.js';

const status = (error: SpeedError) => outcomeOf(error).status;

describe('outcomeOf', () => {
  it.each([
    ['a refusal by the venue’s own code', new SpeedError('rejected', 'x', { venueCode: '-1' }), 'rejected'],
    ['a limit', new SpeedError('rate-limited', 'x'), 'rejected'],
    ['nothing was sent', new SpeedError('connection', 'x', { outcomeKnown: true }), 'rejected'],
    ['a bare status of whomever', new SpeedError('not-found', 'x'), 'unknown'],
    ['a bare status of whomever', new SpeedError('unauthorized', 'x'), 'unknown'],
    ['a code that leaves it open', new SpeedError('unavailable', 'x', { venueCode: '-1000' }), 'unknown'],
    ['a cut', new SpeedError('connection', 'x'), 'unknown'],
    ['no answer', new SpeedError('timeout', 'x'), 'unknown'],
    ['an unreadable answer', new SpeedError('protocol', 'x'), 'unknown'],
  ])('%s', (_, error, expected) => {
    expect(status(error)).toBe(expected);
  });

  it('is none for a fault of ours', () => {
    expect(() => outcomeOf(new TypeError('a bug'))).toThrow('a bug');
  });

  it('of an answer that cannot be read is unknown', () => {
    expect(unreadable('v', 'placing', new Error('no id'))).toMatchObject({ status: 'unknown', cause: { kind: 'protocol' } });
  });
});
