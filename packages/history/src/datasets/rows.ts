import type { Levels } from '@speed-protocol/core';

/** Bytes of one row's fixed part: column slots only. */
const INITIAL_ROWS = 64;

/**
 * Rows of one stream on their way into the log: a flat array of slots (`width` per row), the levels of depth rows
 * (price, size, price, size ...), the bytes of text columns. Grows by doubling, is reused after {@link clear}.
 */
export class RowBuffer {
  readonly width: number;
  rows = 0;
  slots: Float64Array;
  levels = new Float64Array(0);
  levelSlots = 0;
  text: Uint8Array = new Uint8Array(0);
  textBytes = 0;

  constructor(width: number, rows = INITIAL_ROWS) {
    this.width = width;
    this.slots = new Float64Array(width * rows);
  }

  /** Bytes held. */
  get size(): number {
    return 8 * (this.rows * this.width + this.levelSlots) + this.textBytes;
  }

  /** Makes room for one row and returns the index of its first slot. */
  next(): number {
    const at = this.rows++ * this.width;
    if (at + this.width > this.slots.length) this.slots = grown(this.slots, at + this.width);
    return at;
  }

  putLevels({ values, start, count }: Levels): number {
    const end = this.levelSlots + 2 * count;
    if (end > this.levels.length) this.levels = grown(this.levels, end);
    // A plain loop beats `set(subarray)` on the short lists that deltas are.
    for (let to = this.levelSlots, from = start; to < end; to++, from++) this.levels[to] = values[from] as number;
    this.levelSlots = end;
    return count;
  }

  putLevel(price: number, size: number): void {
    if (this.levelSlots + 2 > this.levels.length) this.levels = grown(this.levels, this.levelSlots + 2);
    this.levels[this.levelSlots++] = price;
    this.levels[this.levelSlots++] = size;
  }

  /** Appends UTF-8 and returns its length in bytes; `null` is -1. */
  putText(value: string | null): number {
    if (value === null) return -1;
    const most = value.length * 3;
    if (this.textBytes + most > this.text.length) this.text = grown(this.text, this.textBytes + most);
    const length = writeText(value, this.text, this.textBytes);
    this.textBytes += length;
    return length;
  }

  /** Takes a row as it lies in `data`: its slots from `at` on, its levels behind them up to `end`. */
  copy(data: Float64Array, at: number, end: number): void {
    const to = this.next();
    const { slots, width } = this;
    for (let i = 0; i < width; i++) slots[to + i] = data[at + i] as number;
    const levelsEnd = this.levelSlots + end - at - width;
    if (levelsEnd > this.levels.length) this.levels = grown(this.levels, levelsEnd);
    for (let level = this.levelSlots, from = at + width; level < levelsEnd; level++, from++)
      this.levels[level] = data[from] as number;
    this.levelSlots = levelsEnd;
  }

  copyText(bytes: Uint8Array): void {
    const end = this.textBytes + bytes.length;
    if (end > this.text.length) this.text = grown(this.text, end);
    this.text.set(bytes, this.textBytes);
    this.textBytes = end;
  }

  /** What is in it, as views: good until it is cleared or grows. */
  taken(): { rows: number; slots: Float64Array; levels: Float64Array; text: Uint8Array } {
    return {
      rows: this.rows,
      slots: this.slots.subarray(0, this.rows * this.width),
      levels: this.levels.subarray(0, this.levelSlots),
      text: this.text.subarray(0, this.textBytes),
    };
  }

  clear(): void {
    this.rows = 0;
    this.levelSlots = 0;
    this.textBytes = 0;
  }
}

const encoder = new TextEncoder();

/** ASCII (ids nearly always are) byte by byte, anything else through the encoder. */
function writeText(value: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 127) return encoder.encodeInto(value, out.subarray(at)).written;
    out[at + i] = code;
  }
  return value.length;
}

function grown<A extends Float64Array | Uint8Array>(array: A, atLeast: number): A {
  const larger = new (array.constructor as new (length: number) => A)(Math.max(atLeast, array.length * 2, 64));
  larger.set(array);
  return larger;
}
