import type { Bytes } from './bytes.js';
import { bitsFor, pack } from './packing.js';

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;

const deltas = new Float64Array(BLOCK);

/**
 * Parquet's DELTA_BINARY_PACKED: integers as differences, 32 of them with as many bits as the largest needs.
 * @param values safe integers that lie less than 2^52 apart
 */
export function writeDeltas(out: Bytes, values: Float64Array | Uint32Array, count: number): void {
  out.varint(BLOCK);
  out.varint(MINIBLOCKS);
  out.varint(count);
  out.zigzag(count === 0 ? 0 : values[0]!);
  for (let from = 1; from < count; from += BLOCK) writeBlock(out, values, from, Math.min(count, from + BLOCK));
}

function writeBlock(out: Bytes, values: Float64Array | Uint32Array, from: number, to: number): void {
  let [least, last] = [Number.POSITIVE_INFINITY, values[from - 1]!];
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const delta = value - last;
    deltas[i - from] = delta;
    if (delta < least) least = delta;
    last = value;
  }
  out.zigzag(least);
  out.reserve(MINIBLOCKS);
  const widths = out.length;
  out.length += MINIBLOCKS;
  for (let k = 0; k < MINIBLOCKS; k++) out.data[widths + k] = 0;
  for (let k = 0, at = 0; at < to - from; k++, at += MINIBLOCK) {
    const end = Math.min(at + MINIBLOCK, to - from);
    const width = relative(at, end, least);
    pack(out, deltas, at, at + MINIBLOCK, width);
    out.data[widths + k] = width;
  }
}

/** Makes a miniblock's differences what they are above the least one, and the rest of it 0. @returns bits for the largest */
function relative(at: number, end: number, least: number): number {
  let most = 0;
  for (let i = at; i < end; i++) {
    const above = deltas[i]! - least;
    deltas[i] = above;
    if (above > most) most = above;
  }
  deltas.fill(0, end, at + MINIBLOCK);
  return bitsFor(most);
}
