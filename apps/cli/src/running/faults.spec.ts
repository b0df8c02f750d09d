import { describe, expect, it } from 'vitest';
import { UsageError } from '../failure.js';
import { faultOf } from './faults.js';

describe('faultOf', () => {
  it('reads single faults and random ones', () => {
    expect(faultOf('drop:probability=0.01,durationMs=60000', 7)).toEqual({ kind: 'drop', probability: 0.01, durationMs: 60_000 });
    expect(faultOf('random:everyMs=5000', 7)).toEqual({ seed: 7, everyMs: 5000 });
    expect(faultOf('random:everyMs=5000,longestMs=100', 7)).toEqual({ seed: 7, everyMs: 5000, longestMs: 100 });
  });

  it.each([
    ['drp', /--fault drp: .*did you mean "drop"/],
    ['random:', /everyMs|""/],
    ['random:everyMs=0', /above 0/],
    ['random:every=1', /everyMs and longestMs, not "every"/],
  ])('refuses %s', (text, message) => {
    expect(() => faultOf(text, 1)).toThrow(UsageError);
    expect(() => faultOf(text, 1)).toThrow(message);
  });
});
