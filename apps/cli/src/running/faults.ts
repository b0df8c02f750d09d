import { SpeedError } from '@speed-protocol/core';
import { type FaultSchedule, type FaultSpec, parseFault } from '@speed-protocol/simulator';
import { UsageError } from '../failure.js';

const RANDOM = 'random:';

/**
 * A fault of the command line: one kind, or `random:everyMs=5000[,longestMs=2000]` for faults of every kind at random
 * instants.
 * @param seed what random faults follow from
 * @throws UsageError naming the wrong part and the nearest right one
 */
export function faultOf(text: string, seed: number): FaultSpec | FaultSchedule {
  try {
    return text.startsWith(RANDOM) ? schedule(text.slice(RANDOM.length), seed) : parseFault(text);
  } catch (error) {
    if (SpeedError.is(error)) throw new UsageError(`--fault ${text}: ${error.message}`);
    throw error;
  }
}

function schedule(text: string, seed: number): FaultSchedule {
  const entries = new Map(text.split(',').map((pair) => pair.split('=') as [string, string | undefined]));
  const unknown = [...entries.keys()].find((key) => key !== 'everyMs' && key !== 'longestMs');
  if (unknown !== undefined)
    throw new SpeedError('invalid-request', `random faults have everyMs and longestMs, not "${unknown}"`);
  const everyMs = milliseconds('everyMs', entries.get('everyMs'));
  return { seed, everyMs, ...(entries.has('longestMs') && { longestMs: milliseconds('longestMs', entries.get('longestMs')) }) };
}

function milliseconds(key: string, text: string | undefined): number {
  const value = Number(text);
  if (text !== undefined && value > 0 && Number.isFinite(value)) return value;
  throw new SpeedError('invalid-request', `${key} must be a number of milliseconds above 0, not "${text ?? ''}"`);
}
