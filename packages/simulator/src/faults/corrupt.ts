import type { Random } from '../random.js';
import type { CorruptMode } from './spec.js';

/** A damaged copy of a message, never equal to it. */
export function corrupt(data: Buffer, mode: CorruptMode, random: Random): Buffer {
  if (data.length === 0) return Buffer.from('?');
  if (mode === 'truncate') return Buffer.from(data.subarray(0, random.integer(0, data.length - 1)));
  const copy = Buffer.from(data);
  const at = random.integer(0, data.length - 1);
  copy[at] = copy[at]! ^ (mode === 'high-bit' ? 0x80 : 1 << random.integer(0, 7));
  return copy;
}
