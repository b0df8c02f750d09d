import { instantiate } from './generate/instantiate.js';
import { bytes, scratch } from './scratch.js';

/** Longer texts are left to the platform. */
const MAX_SHORT = 32;

type ReadShort = (start: number, length: number) => string | undefined;

/*
 * A short ASCII string made from its bytes as arguments costs a fifth of a call into the platform's decoder; ids and symbols
 * are such strings. One case per length, as arguments must be written out.
 */
const cases = Array.from({ length: MAX_SHORT + 1 }, (_, length) => {
  const names = Array.from({ length }, (_, i) => `c${i}`);
  if (length === 0) return `case 0: return '';`;
  const reads = names.map((name, i) => `${name} = B[start + ${i}]`).join(', ');
  return `case ${length}: { const ${reads}; return (${names.join(' | ')}) < 128 ? String.fromCharCode(${names.join(', ')}) : undefined; }`;
});

const readShort = instantiate<ReadShort>(`return (start, length) => { switch (length) { ${cases.join(' ')} } };`, { B: bytes });

/** The string whose UTF-8 bytes are at `start` to `end` in the scratch buffer. */
export function readText(start: number, end: number): string {
  return readShort(start, end - start) ?? scratch.utf8Slice(start, end);
}
