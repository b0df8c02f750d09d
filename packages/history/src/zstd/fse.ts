import { BitWriter } from './bits.js';

/** Weights of Huffman codes are at most 12 different numbers: tables of 64 states hold them. */
const TABLE_LOG = 6;
const SIZE = 1 << TABLE_LOG;

/**
 * A few small numbers, entropy coded as RFC 8878 (4.1, 4.2.1.2) wants the weights of a Huffman tree: the distribution,
 * then two states that take turns, backwards.
 * @returns `undefined` when they cannot be coded this way (only one kind of number, or too few)
 */
export function fseCompress(symbols: Uint8Array): Uint8Array | undefined {
  const counts = new Uint32Array(16);
  for (const symbol of symbols) counts[symbol]!++;
  if (symbols.length < 3 || counts.some((count) => count === symbols.length)) return undefined;
  const norm = normalise(counts, symbols.length);
  const out = new BitWriter(new Uint8Array(512));
  writeDistribution(out, norm);
  writeStates(out, symbols, new Table(norm));
  return out.bytes();
}

/** Counts as shares of {@link SIZE}, every number that occurs at least once. */
function normalise(counts: Uint32Array, total: number): Int32Array {
  const norm = Int32Array.from(counts, (count) => (count === 0 ? 0 : Math.max(1, Math.round((count * SIZE) / total))));
  let rest = SIZE - norm.reduce((sum, share) => sum + share, 0);
  // The most frequent one takes up what rounding left over, or gives it.
  while (rest !== 0) {
    const most = norm.indexOf(Math.max(...norm));
    norm[most]! += Math.sign(rest);
    rest -= Math.sign(rest);
  }
  return norm;
}

function writeDistribution(out: BitWriter, norm: Int32Array): void {
  out.add(TABLE_LOG - 5, 4);
  let [remaining, threshold, bits] = [SIZE + 1, SIZE, TABLE_LOG + 1];
  for (let symbol = 0; remaining > 1; ) {
    const count = norm[symbol++]! + 1;
    const most = 2 * threshold - 1 - remaining;
    remaining -= count - 1;
    const coded = count >= threshold ? count + most : count;
    out.add(coded, coded < most ? bits - 1 : bits);
    if (count === 1) symbol = writeZeros(out, norm, symbol);
    while (remaining < threshold) {
      bits--;
      threshold >>= 1;
    }
  }
  out.align();
}

/** After a number that does not occur: how many more do not, in threes. */
function writeZeros(out: BitWriter, norm: Int32Array, from: number): number {
  let symbol = from;
  while (norm[symbol] === 0) symbol++;
  let more = symbol - from;
  for (; more >= 3; more -= 3) out.add(3, 2);
  out.add(more, 2);
  return symbol;
}

/** Where each state goes when a symbol is coded. */
class Table {
  readonly #next = new Uint16Array(SIZE);
  readonly #deltaBits = new Int32Array(16);
  readonly #deltaState = new Int32Array(16);

  constructor(norm: Int32Array) {
    const symbolAt = spread(norm);
    const first = new Int32Array(17);
    for (let symbol = 0; symbol < 16; symbol++) first[symbol + 1] = first[symbol]! + norm[symbol]!;
    const at = first.slice();
    for (let state = 0; state < SIZE; state++) this.#next[at[symbolAt[state]!]!++] = SIZE + state;
    for (let symbol = 0; symbol < 16; symbol++) {
      const share = norm[symbol]!;
      if (share === 0) continue;
      const most = share === 1 ? TABLE_LOG : TABLE_LOG - (31 - Math.clz32(share - 1));
      this.#deltaBits[symbol] = (most << 16) - (share << most);
      this.#deltaState[symbol] = first[symbol]! - share;
    }
  }

  start(symbol: number): number {
    const bits = (this.#deltaBits[symbol]! + (1 << 15)) >> 16;
    const value = (bits << 16) - this.#deltaBits[symbol]!;
    return this.#next[(value >> bits) + this.#deltaState[symbol]!]!;
  }

  step(out: BitWriter, state: number, symbol: number): number {
    const bits = (state + this.#deltaBits[symbol]!) >> 16;
    out.add(state & ((1 << bits) - 1), bits);
    return this.#next[(state >> bits) + this.#deltaState[symbol]!]!;
  }
}

function spread(norm: Int32Array): Uint8Array {
  const symbolAt = new Uint8Array(SIZE);
  const step = (SIZE >> 1) + (SIZE >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < norm.length; symbol++) {
    for (let k = 0; k < norm[symbol]!; k++) {
      symbolAt[position] = symbol;
      position = (position + step) & (SIZE - 1);
    }
  }
  return symbolAt;
}

/** From the last symbol to the first, so that the reader, who starts at the end, meets the first one first. */
function writeStates(out: BitWriter, symbols: Uint8Array, table: Table): void {
  let i = symbols.length - 1;
  const states = [0, 0];
  // Symbols at even places belong to the first state.
  states[i & 1] = table.start(symbols[i]!);
  i--;
  states[i & 1] = table.start(symbols[i]!);
  for (i--; i >= 0; i--) states[i & 1] = table.step(out, states[i & 1]!, symbols[i]!);
  out.add(states[1]! & (SIZE - 1), TABLE_LOG);
  out.add(states[0]! & (SIZE - 1), TABLE_LOG);
  out.end();
}
