import { LITERALS_ROOM, writeLiterals } from './literals.js';

/** Most bytes of one block (RFC 8878, 3.1.1.2.3). */
const BLOCK = 128 << 10;
/** Magic number, frame header with the size in four bytes. */
const FRAME_HEADER = 9;
const BLOCK_HEADER = 3;
const KIND = { raw: 0, run: 1, compressed: 2 } as const;

/**
 * Most bytes that {@link zstd} may write for an input of that size.
 */
export const zstdBound = (length: number): number =>
  FRAME_HEADER + length + (Math.floor(length / BLOCK) + 1) * BLOCK_HEADER + LITERALS_ROOM;

/**
 * A Zstandard frame (RFC 8878) with entropy coding alone: what goes in here is packed numbers, in which there is nothing to find
 * twice, and a search for it would cost more than all the rest. Any decoder reads it.
 * @param out takes {@link zstdBound} bytes from `at` on
 * @returns offset behind the frame
 */
export function zstd(bytes: Uint8Array, out: Uint8Array, at = 0): number {
  const view = new DataView(out.buffer, out.byteOffset);
  view.setUint32(at, 0xfd2fb528, true);
  // One segment, size in four bytes, no checksum: Parquet's reader knows the size, the manifest the hash.
  out[at + 4] = 0b1010_0000;
  view.setUint32(at + 5, bytes.length, true);
  let end = at + FRAME_HEADER;
  for (let from = 0; from < bytes.length || from === 0; from += BLOCK) {
    end = writeBlock(bytes.subarray(from, from + BLOCK), from + BLOCK >= bytes.length, out, end);
  }
  return end;
}

function writeBlock(bytes: Uint8Array, isLast: boolean, out: Uint8Array, at: number): number {
  const header = (kind: number, size: number) => {
    const word = (size << 3) | (kind << 1) | (isLast ? 1 : 0);
    out[at] = word;
    out[at + 1] = word >> 8;
    out[at + 2] = word >> 16;
  };
  const body = at + BLOCK_HEADER;
  const counts = count(bytes);
  if (bytes.length > 1 && counts[bytes[0]!] === bytes.length) {
    header(KIND.run, bytes.length);
    out[body] = bytes[0]!;
    return body + 1;
  }
  // Below that the tree costs more than it saves.
  const literalsEnd = bytes.length < 128 ? undefined : writeLiterals(bytes, counts, out, body);
  if (literalsEnd !== undefined && literalsEnd + 1 - body < bytes.length) {
    // No sequences: the block is its literals.
    out[literalsEnd] = 0;
    header(KIND.compressed, literalsEnd + 1 - body);
    return literalsEnd + 1;
  }
  header(KIND.raw, bytes.length);
  out.set(bytes, body);
  return body + bytes.length;
}

const lanes = [0, 1, 2, 3].map(() => new Uint32Array(256)) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

/** How often each byte occurs. Four counters take turns: equal bytes in a row would wait for each other. */
function count(bytes: Uint8Array): Uint32Array {
  const [a, b, c, d] = lanes;
  for (const lane of lanes) lane.fill(0);
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a[bytes[i]!]!++;
    b[bytes[i + 1]!]!++;
    c[bytes[i + 2]!]!++;
    d[bytes[i + 3]!]!++;
  }
  for (let i = whole; i < bytes.length; i++) a[bytes[i]!]!++;
  for (let i = 0; i < 256; i++) a[i]! += b[i]! + c[i]! + d[i]!;
  return a;
}
