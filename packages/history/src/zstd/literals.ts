import { BitWriter } from './bits.js';
import { fseCompress } from './fse.js';
import { type HuffmanCode, huffmanCode } from './huffman.js';

/** Room that four streams, their table and their tree take beyond what went in, in the worst case. */
export const LITERALS_ROOM = 512;

/**
 * The literals of a block, Huffman coded in four streams (RFC 8878, 3.1.1.3.1).
 * @param out where they go, from `at` on; takes as many bytes as `bytes` has, and {@link LITERALS_ROOM}
 * @returns offset behind them, or `undefined` when that would save nothing
 */
export function writeLiterals(bytes: Uint8Array, counts: Uint32Array, out: Uint8Array, at: number): number | undefined {
  const code = huffmanCode(counts);
  let bits = 0;
  for (let byte = 0; byte < 256; byte++) bits += counts[byte]! * code.lengths[byte]!;
  // Close calls are not worth the reader's time.
  if (bits / 8 > bytes.length * 0.97 - 64) return undefined;
  const tree = describeTree(code);
  if (tree === undefined) return undefined;
  const start = at + 5;
  out.set(tree, start);
  const end = writeStreams(bytes, code, out, start + tree.length);
  writeHeader(out, at, bytes.length, end - start);
  return end;
}

/** Type "compressed", four streams, both sizes in 18 bits. */
function writeHeader(out: Uint8Array, at: number, regenerated: number, compressed: number): void {
  const header = new BitWriter(out, at);
  header.add(0b1110, 4);
  header.add(regenerated, 18);
  header.add(compressed, 18);
}

/** Weights of all bytes but the last one, whose weight follows from the others. */
function describeTree({ lengths, maxBits, last }: HuffmanCode): Uint8Array | undefined {
  const weights = new Uint8Array(last);
  for (let byte = 0; byte < last; byte++) weights[byte] = lengths[byte] === 0 ? 0 : maxBits + 1 - lengths[byte]!;
  const coded = fseCompress(weights);
  if (coded !== undefined && coded.length < 128) return Uint8Array.of(coded.length, ...coded);
  if (last > 128) return undefined;
  const plain = new Uint8Array(1 + ((last + 1) >> 1));
  plain[0] = 127 + last;
  for (let i = 0; i < last; i++) plain[1 + (i >> 1)]! |= weights[i]! << (i % 2 === 0 ? 4 : 0);
  return plain;
}

/** Four quarters, each its own stream, behind the sizes of the first three. */
function writeStreams(bytes: Uint8Array, { lengths, codes }: HuffmanCode, out: Uint8Array, at: number): number {
  const quarter = (bytes.length + 3) >> 2;
  // One look instead of two: the code below its length.
  const table = Uint32Array.from(codes, (code, byte) => (code << 4) | lengths[byte]!);
  let end = at + 6;
  for (let k = 0; k < 4; k++) {
    const from = end;
    end = writeStream(bytes, k * quarter, Math.min((k + 1) * quarter, bytes.length), table, out, from);
    if (k === 3) break;
    out[at + 2 * k] = end - from;
    out[at + 2 * k + 1] = (end - from) >> 8;
  }
  return end;
}

/** From the last byte to the first: it is read backwards. */
function writeStream(bytes: Uint8Array, from: number, to: number, table: Uint32Array, out: Uint8Array, start: number): number {
  let [at, held, bits] = [start, 0, 0];
  for (let i = to - 1; i >= from; i--) {
    const entry = table[bytes[i]!]!;
    held |= (entry >> 4) << bits;
    bits += entry & 15;
    if (bits < 16) continue;
    out[at] = held;
    out[at + 1] = held >> 8;
    at += 2;
    held >>>= 16;
    bits -= 16;
  }
  held |= 1 << bits;
  for (bits += 1; bits > 0; bits -= 8, held >>>= 8) out[at++] = held;
  return at;
}
