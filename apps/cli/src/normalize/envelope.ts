import type { RawFrame } from '@speed-protocol/core';

const EXPECTED = '{"transport":"ws"|"rest","url","dir":"in"|"out","ts","raw"}';

/** One line of a capture. `url` and `ts` may be missing or null, `dir` is `in` when missing. */
interface Envelope {
  readonly transport?: unknown;
  readonly url?: unknown;
  readonly dir?: unknown;
  readonly ts?: unknown;
  readonly raw?: unknown;
}

/**
 * The frame of one line of a capture; members it does not know are ignored.
 * @throws Error whose message says what is wrong with the line
 */
export function parseEnvelope(line: string): RawFrame {
  const envelope = parse(line);
  if (typeof envelope.raw !== 'string') throw new Error(`no "raw" text; expected ${EXPECTED}`);
  if (envelope.transport !== 'ws' && envelope.transport !== 'rest') {
    throw new Error(`"transport" is ${JSON.stringify(envelope.transport)}; expected "ws" or "rest"`);
  }
  if (envelope.dir !== undefined && envelope.dir !== 'in' && envelope.dir !== 'out') {
    throw new Error(`"dir" is ${JSON.stringify(envelope.dir)}; expected "in" or "out"`);
  }
  return {
    transport: envelope.transport,
    url: typeof envelope.url === 'string' ? envelope.url : null,
    dir: envelope.dir ?? 'in',
    ts: typeof envelope.ts === 'number' ? envelope.ts : null,
    raw: envelope.raw,
  };
}

function parse(line: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`not an object; expected ${EXPECTED}`);
  return value as Envelope;
}
