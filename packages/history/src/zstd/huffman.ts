/** Longest code that the format allows. */
const MAX_BITS = 11;

/** A prefix code over bytes: how many bits, and which. A byte that does not occur has 0 bits. */
export interface HuffmanCode {
  readonly lengths: Uint8Array;
  readonly codes: Uint16Array;
  /** Length of the longest code. */
  readonly maxBits: number;
  /** The largest byte that occurs. */
  readonly last: number;
}

/**
 * The shortest prefix code for bytes that occur so often, none longer than {@link MAX_BITS}; codes are in the order that
 * RFC 8878 (4.2.1.3) wants: longest first, bytes of one length ascending.
 * @param counts of 256 bytes, at least two of them not 0
 */
export function huffmanCode(counts: Uint32Array): HuffmanCode {
  const used: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (counts[byte] !== 0) used.push(byte);
  used.sort((a, b) => counts[a]! - counts[b]! || a - b);
  const depths = treeDepths(used.map((byte) => counts[byte]!));
  limit(depths);
  const lengths = new Uint8Array(256);
  used.forEach((byte, i) => {
    lengths[byte] = depths[i]!;
  });
  return { lengths, codes: assign(lengths, depths[0]!), maxBits: depths[0]!, last: Math.max(...used) };
}

/** Depth of each leaf of the Huffman tree over ascending weights: two queues, no heap. */
function treeDepths(weights: readonly number[]): number[] {
  const leaves = weights.length;
  const weight = Float64Array.from({ length: 2 * leaves - 1 }, (_, i) => weights[i] ?? 0);
  const parent = new Int32Array(2 * leaves - 1);
  let [leaf, node] = [0, leaves];
  for (let next = leaves; next < 2 * leaves - 1; next++) {
    for (let k = 0; k < 2; k++) {
      const takesLeaf = leaf < leaves && (node >= next || weight[leaf]! <= weight[node]!);
      const child = takesLeaf ? leaf++ : node++;
      weight[next]! += weight[child]!;
      parent[child] = next;
    }
  }
  const depth = new Int32Array(2 * leaves - 1);
  for (let i = 2 * leaves - 3; i >= 0; i--) depth[i] = depth[parent[i]!]! + 1;
  return Array.from(depth.subarray(0, leaves));
}

/** Shortens what is too long and pays for it with the next shorter ones, so that the code stays exactly full. */
function limit(depths: number[]): void {
  const full = 1 << MAX_BITS;
  let sum = 0;
  for (let i = 0; i < depths.length; i++) {
    depths[i] = Math.min(depths[i]!, MAX_BITS);
    sum += full >> depths[i]!;
  }
  // Rarest first: a bit more for them costs least.
  for (let i = 0; sum > full; i = (i + 1) % depths.length) {
    if (depths[i]! >= MAX_BITS) continue;
    sum -= full >> (depths[i]! + 1);
    depths[i]!++;
  }
  for (let i = depths.length - 1; sum < full && i >= 0; i--) {
    while (sum + (full >> depths[i]!) <= full) {
      sum += full >> depths[i]!;
      depths[i]!--;
    }
  }
  depths.sort((a, b) => b - a);
}

function assign(lengths: Uint8Array, maxBits: number): Uint16Array {
  const next = new Uint16Array(MAX_BITS + 2);
  const perLength = new Uint16Array(MAX_BITS + 2);
  for (const length of lengths) perLength[length]!++;
  for (let bits = maxBits, code = 0; bits > 0; bits--) {
    next[bits] = code;
    code = (code + perLength[bits]!) >> 1;
  }
  const codes = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) if (lengths[byte] !== 0) codes[byte] = next[lengths[byte]!]!++;
  return codes;
}
