import { crc32 } from 'node:zlib';
import { SEQ } from '../datasets/columns.js';
import type { Block, StreamId } from '../datasets/stream.js';
import { rowWidth } from '../datasets/table.js';

/**
 * The log's framing. Little endian; everything starts on a multiple of eight, so that rows are read where they lie.
 *
 * | offset | bytes | what                                                       |
 * |--------|-------|------------------------------------------------------------|
 * | 0      | 4     | magic `SPD2`                                               |
 * | 4      | 4     | length of the body                                         |
 * | 8      | 4     | CRC-32 of everything behind this field                     |
 * | 12     | 4     | number of the frame in its segment, from 0                 |
 * | 16     | 32    | kind, stream, rows, level slots, text bytes, width, prevSeq |
 * | 48     | ...   | slots, levels, text; padded                                |
 */
export const MAGIC = 0x32445053;
const HEADER = 16;
const PREFIX = HEADER + 32;
const CHECKED_FROM = 12;

const KIND = { stream: 1, rows: 2, seal: 3 } as const;

/** Largest body that a reader believes: a length beyond it is damage, not data. */
const MAX_BODY = 1 << 30;

interface Part {
  readonly kind: number;
  readonly stream: number;
  readonly rows: number;
  readonly width: number;
  readonly prevSeq: number;
  readonly slots: Float64Array;
  readonly levels: Float64Array;
  readonly text: Uint8Array;
}

const NOTHING = new Float64Array(0);
const encoder = new TextEncoder();
const padded = (length: number) => (length + 7) & ~7;

/** Puts frames one behind the other into one growing buffer: what a group commit writes at once. */
export class FrameBuffer {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #doubles = new Float64Array(this.#bytes.buffer);
  length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  stream(frame: number, number: number, id: StreamId): void {
    const text = encoder.encode(JSON.stringify(id));
    this.#put(frame, { kind: KIND.stream, stream: number, rows: 0, width: 0, prevSeq: 0, slots: NOTHING, levels: NOTHING, text });
  }

  rows(frame: number, number: number, block: Block): void {
    this.#put(frame, { ...block, kind: KIND.rows, stream: number, width: rowWidth(block.stream.dataset) });
  }

  /** Ends a segment; `clean` when the recording ended on purpose. */
  seal(frame: number, clean: boolean): void {
    const none = new Uint8Array(0);
    this.#put(frame, {
      kind: KIND.seal,
      stream: 0,
      rows: clean ? 1 : 0,
      width: 0,
      prevSeq: 0,
      slots: NOTHING,
      levels: NOTHING,
      text: none,
    });
  }

  #put(frame: number, { kind, stream, rows, width, prevSeq, slots, levels, text }: Part): void {
    const at = this.length;
    const body = PREFIX - HEADER + 8 * (slots.length + levels.length) + padded(text.length);
    this.#reserve(at + HEADER + body);
    const head = new Uint32Array(this.#bytes.buffer, at, PREFIX / 4);
    head.set([MAGIC, body, 0, frame, kind, stream, rows, levels.length, text.length, width]);
    this.#doubles[(at + PREFIX - 8) / 8] = prevSeq;
    const first = (at + PREFIX) / 8;
    this.#doubles.set(slots, first);
    this.#doubles.set(levels, first + slots.length);
    const textAt = at + PREFIX + 8 * (slots.length + levels.length);
    this.#bytes.set(text, textAt);
    this.#bytes.fill(0, textAt + text.length, textAt + padded(text.length));
    this.length = at + HEADER + body;
    this.#view.setUint32(at + 8, crc32(this.#bytes.subarray(at + CHECKED_FROM, this.length)), true);
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(padded(Math.max(length, 2 * this.#bytes.length)));
    larger.set(this.bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#doubles = new Float64Array(larger.buffer);
  }
}

/** What stands at an offset of a segment. `damaged`: neither the end nor a whole, correct frame. */
export type Frame =
  | { readonly kind: 'stream'; readonly end: number; readonly frame: number; readonly number: number; readonly stream: StreamId }
  | {
      readonly kind: 'rows';
      readonly end: number;
      readonly frame: number;
      readonly number: number;
      readonly block: Omit<Block, 'stream'>;
    }
  | { readonly kind: 'seal'; readonly end: number; readonly frame: number; readonly clean: boolean }
  | { readonly kind: 'damaged' };

const DAMAGED: Frame = { kind: 'damaged' };

/** Reads the frame at `at`. `bytes` must start on an eight-byte boundary of its buffer. Views into `bytes` are handed out. */
export function readFrame(bytes: Uint8Array, at: number): Frame {
  if (at + PREFIX > bytes.length) return DAMAGED;
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset + at, PREFIX / 4);
  const [magic, body, crc, frame, kind, number, rows, levels, text] = head as unknown as number[];
  const end = at + HEADER + body!;
  if (magic !== MAGIC || body! > MAX_BODY || body! % 8 !== 0 || body! < PREFIX - HEADER || end > bytes.length) return DAMAGED;
  if (crc32(bytes.subarray(at + CHECKED_FROM, end)) !== crc) return DAMAGED;
  const area = bytes.byteOffset + at + PREFIX;
  if (kind === KIND.seal) return { kind: 'seal', end, frame: frame!, clean: rows === 1 };
  if (kind === KIND.stream) {
    const json = new TextDecoder().decode(new Uint8Array(bytes.buffer, area, text));
    return { kind: 'stream', end, frame: frame!, number: number!, stream: JSON.parse(json) as StreamId };
  }
  if (kind !== KIND.rows) return DAMAGED;
  const slots = rows! * head[9]!;
  const block = {
    prevSeq: new DataView(bytes.buffer, area - 8).getFloat64(0, true),
    rows: rows!,
    slots: new Float64Array(bytes.buffer, area, slots),
    levels: new Float64Array(bytes.buffer, area + 8 * slots, levels),
    text: new Uint8Array(bytes.buffer, area + 8 * (slots + levels!), text),
  };
  return { kind: 'rows', end, frame: frame!, number: number!, block };
}

/** Sequence of the first and the last row. */
export function blockRange({ rows, slots }: Pick<Block, 'rows' | 'slots'>): { first: number; last: number } {
  const width = slots.length / rows;
  return { first: slots[SEQ]!, last: slots[(rows - 1) * width + SEQ]! };
}
