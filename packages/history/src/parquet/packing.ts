import type { Bytes } from './bytes.js';

/** Numbers of up to 2^53, as an array holds them. */
type Numbers = Float64Array | Uint32Array | Uint8Array;

/** Runs shorter than this are not worth leaving the bit-packed form. */
const RUN = 16;

/** Bits that hold `value` (up to 2^53). */
export const bitsFor = (value: number): number =>
  value >= 4_294_967_296 ? 32 + bitsFor(Math.floor(value / 4_294_967_296)) : 32 - Math.clz32(value);

/** Parquet's hybrid of runs and bit-packed groups (encoding RLE), without a length in front. */
export function writeHybrid(out: Bytes, values: Numbers, count: number, width: number): void {
  for (let from = 0; from < count; ) {
    const run = runLength(values, from, count);
    if (run >= RUN || from + run === count) {
      writeRun(out, values[from]!, run, width);
      from += run;
      continue;
    }
    let to = from + 8;
    while (to < count && runLength(values, to, Math.min(count, to + RUN)) < RUN) to += 8;
    const groups = (to - from) >> 3;
    out.varint((groups << 1) | 1);
    pack(out, values, from, Math.min(to, count), width);
    // The last group is whole, whatever is missing in it.
    const missing = groups * width - (((Math.min(to, count) - from) * width + 7) >> 3);
    for (let k = 0; k < missing; k++) out.byte(0);
    from = Math.min(to, count);
  }
}

/** One value over and over. */
export function writeRun(out: Bytes, value: number, count: number, width: number): void {
  out.varint(2 * count);
  for (let bits = 0; bits < width; bits += 8) out.byte(value >>> bits);
}

function runLength(values: Numbers, from: number, to: number): number {
  const value = values[from];
  let at = from + 1;
  while (at < to && values[at] === value) at++;
  return at - from;
}

/** `width` bits each, lowest first; the last byte is filled up with zeros. */
export function pack(out: Bytes, values: Numbers, from: number, to: number, width: number): void {
  if (width === 0) return;
  out.reserve((((to - from) * width + 7) >> 3) + 8);
  out.length = width <= 24 ? packNarrow(out.data, out.length, values, from, to, width) : packWide(out, values, from, to, width);
}

function packNarrow(data: Uint8Array, start: number, values: Numbers, from: number, to: number, width: number): number {
  let [at, held, bits] = [start, 0, 0];
  for (let i = from; i < to; i++) {
    held |= values[i]! << bits;
    bits += width;
    while (bits >= 8) {
      data[at++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) data[at++] = held;
  return at;
}

/** In pieces of 24 bits and less. */
function packWide({ data, length }: Bytes, values: Numbers, from: number, to: number, width: number): number {
  let [at, held, bits] = [length, 0, 0];
  for (let i = from; i < to; i++) {
    let rest = values[i]!;
    for (let left = width; left > 0; left -= 24) {
      held |= (rest % 0x1000000) << bits;
      rest = Math.floor(rest / 0x1000000);
      bits += Math.min(left, 24);
      for (; bits >= 8; bits -= 8) {
        data[at++] = held;
        held >>>= 8;
      }
    }
  }
  if (bits > 0) data[at++] = held;
  return at;
}
