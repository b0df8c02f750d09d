import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../datasets/stream.js';
import { rowWidth } from '../datasets/table.js';
import { FrameBuffer } from './frames.js';
import { readSegment } from './segment.js';

const width = rowWidth('trades');
const stream = { dataset: 'trades', venue: 'binance', symbol: 'BTC/USDT', venueSymbol: 'BTCUSDT' } as const;
const block = (seq: number, rows: number): Block => ({
  stream,
  prevSeq: seq - 1,
  rows,
  slots: Float64Array.from({ length: rows * width }, (_, i) => (i % width === 0 ? seq + i / width : i)),
  levels: new Float64Array(0),
  text: new TextEncoder().encode('x'.repeat(rows)),
});

/** A segment of blocks and the offset behind each of its frames. */
function segment(sizes: readonly number[]): { bytes: Uint8Array; ends: number[] } {
  const frames = new FrameBuffer();
  frames.stream(0, 0, stream);
  const ends = [frames.length];
  let seq = 1;
  sizes.forEach((rows, i) => {
    frames.rows(i + 1, 0, block(seq, rows));
    seq += rows;
    ends.push(frames.length);
  });
  return { bytes: frames.bytes.slice(), ends };
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });

it('leaves a log of another version alone', () => {
  const bytes = new Uint8Array(200);
  bytes.set(new TextEncoder().encode('SPD1'));
  expect(() => readSegment(bytes)).toThrow(/another version \(SPD1, this one writes SPD2\)/);
});

describe('a segment', () => {
  it('cut anywhere keeps exactly the whole frames before the cut', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (list, at) => {
        const { bytes, ends } = segment(list);
        const cut = at % (bytes.length + 1);
        const content = readSegment(bytes.slice(0, cut));
        const whole = ends.filter((end) => end <= cut);
        expect(content.validEnd).toBe(whole.at(-1) ?? 0);
        expect(content.blocks).toHaveLength(Math.max(0, whole.length - 1));
        expect(content.tornBytes).toBe(cut - (whole.at(-1) ?? 0));
        expect(content.damagedBytes).toBe(0);
      }),
    );
  });

  it('with a flipped bit loses that frame only, and says so', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (list, at) => {
        const { bytes, ends } = segment([...list, 1]);
        // Not in the stream's declaration (then nothing can be placed), not in the last frame (that is a torn tail).
        const offset = ends[0]! + (at % (ends.at(-2)! - ends[0]!));
        bytes[offset]! ^= 1 << (at & 7);
        const content = readSegment(bytes);
        const hit = ends.findIndex((end) => offset < end) - 1;
        expect(content.blocks.map(({ rows }) => rows)).toEqual([...list, 1].filter((_, i) => i !== hit));
        expect(content.damagedBytes).toBe(ends[hit + 1]! - ends[hit]!);
      }),
    );
  });

  it('of garbage is all torn, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(readSegment(bytes.slice())).toMatchObject({ blocks: [], validEnd: 0, tornBytes: bytes.length });
      }),
    );
  });
});
