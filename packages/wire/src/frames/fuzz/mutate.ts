import type { Random } from './random.js';

const MARKS = [...Buffer.from('{}[]",:\\/0123456789-+.eEutfn \t\n\r\0\x01\x1f\x7f\xff\xc3', 'latin1')];
const NUMBERS = [
  '9007199254740991',
  '9007199254740992',
  '-9007199254740993',
  '123456789012345678901',
  '1e999',
  '-1e-999',
  '01',
  '-',
  '-0',
  '1.',
  '.5',
  '+1',
  '0x10',
  '1e5',
  '12.0',
  '0.1e-7',
  '9007199254740993.5',
  '0.30000000000000004',
  'null',
  '""',
  '"1"',
  '"01"',
  '" 1"',
  'NaN',
  'Infinity',
];

type Mutation = (frame: Buffer, random: Random) => Buffer;

/** Damages a frame in one to three ways. */
export function mutate(frame: Buffer, random: Random): Buffer {
  let mutated = frame;
  for (let count = random.oneIn(3) ? 1 + random.below(3) : 1; count > 0; count--)
    mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated;
}

const MUTATIONS: readonly Mutation[] = [
  /** One byte becomes another: any, or one that JSON cares for. */
  (frame, random) => {
    const copy = Buffer.from(frame);
    if (copy.length > 0) copy[random.below(copy.length)] = random.oneIn(2) ? random.below(256) : random.pick(MARKS);
    return copy;
  },
  (frame, random) => splice(frame, random.below(frame.length + 1), 0, Buffer.from([random.pick(MARKS)])),
  (frame, random) => splice(frame, random.below(frame.length + 1), 1),
  (frame, random) => splice(frame, random.below(frame.length + 1), random.below(24)),
  (frame, random) => frame.subarray(0, random.below(frame.length + 1)),
  (frame, random) => Buffer.concat([frame, frame.subarray(frame.length - random.below(4))]),
  /** A key and its value, twice. */
  (frame, random) => {
    const [start, end] = between(frame, ',', random);
    return splice(frame, end, 0, frame.subarray(start, end));
  },
  /** A key and its value, gone. */
  (frame, random) => {
    const [start, end] = between(frame, ',', random);
    return splice(frame, start, end - start);
  },
  /** A number becomes an awkward one. */
  (frame, random) => {
    const [start, end] = digits(frame, random);
    return splice(frame, start, end - start, Buffer.from(random.pick(NUMBERS)));
  },
  (frame, random) => {
    const at = digits(frame, random)[random.below(2)] as number;
    return splice(frame, at, 0, Buffer.from(random.digits(1 + random.below(20))));
  },
  /** Two parts change places. */
  (frame, random) => {
    const [start, end] = between(frame, ',', random);
    const part = frame.subarray(start, end);
    const rest = splice(frame, start, end - start);
    return splice(rest, random.below(rest.length + 1), 0, part);
  },
];

function splice(frame: Buffer, at: number, remove: number, insert: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([frame.subarray(0, at), insert, frame.subarray(Math.min(frame.length, at + remove))]);
}

/** From one mark to the next one, from a random place on. */
function between(frame: Buffer, mark: string, random: Random): [number, number] {
  const start = frame.indexOf(mark, random.below(frame.length + 1));
  if (start < 0) return [0, 0];
  const end = frame.indexOf(mark, start + 1);
  return [start, end < 0 ? frame.length : end];
}

/** A run of digits, from a random place on. */
function digits(frame: Buffer, random: Random): [number, number] {
  let start = random.below(frame.length + 1);
  while (start < frame.length && !isDigit(frame[start])) start++;
  let end = start;
  while (end < frame.length && isDigit(frame[end])) end++;
  return [start, end];
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
