import { SpeedError } from '@speed-protocol/core';
import type { Block, StreamId } from '../datasets/stream.js';
import { MAGIC, readFrame } from './frames.js';

const OWN = new TextDecoder('latin1').decode(Uint32Array.of(MAGIC));

/** What a segment file turned out to hold. */
export interface SegmentContent {
  readonly blocks: readonly Block[];
  readonly sealed: boolean;
  /** The recording ended on purpose here. */
  readonly clean: boolean;
  /** Offset behind the last correct frame. */
  readonly validEnd: number;
  /** Next frame number. */
  readonly frames: number;
  /** Bytes in the middle that are no correct frames: damage to what had been written, unlike a torn tail. */
  readonly damagedBytes: number;
  /** Bytes behind the last correct frame. */
  readonly tornBytes: number;
}

/**
 * Reads a segment from its bytes; takes every correct frame, also behind a damaged place.
 * A write that a crash cut short is a torn tail: it had not been acknowledged.
 */
export function readSegment(bytes: Uint8Array): SegmentContent {
  checkVersion(bytes);
  const streams = new Map<number, StreamId>();
  const blocks: Block[] = [];
  let at = 0;
  let [frames, damagedBytes, validEnd] = [0, 0, 0];
  let [sealed, clean] = [false, false];
  while (at < bytes.length) {
    const frame = readFrame(bytes, at);
    if (frame.kind === 'damaged') {
      const next = nextFrame(bytes, at + 8);
      if (next === undefined) break;
      damagedBytes += next - at;
      at = next;
      continue;
    }
    if (frame.kind === 'stream') streams.set(frame.number, frame.stream);
    else if (frame.kind === 'seal') [sealed, clean] = [true, frame.clean];
    else {
      const stream = streams.get(frame.number);
      // Its declaration was damaged: the rows cannot be placed.
      if (stream === undefined) damagedBytes += frame.end - at;
      else blocks.push({ stream, ...frame.block });
    }
    frames = frame.frame + 1;
    at = validEnd = frame.end;
  }
  return { blocks, sealed, clean, validEnd, frames, damagedBytes, tornBytes: bytes.length - validEnd };
}

/**
 * A log of another version is no damage: nothing of it may be cut off or removed.
 * @throws SpeedError `config`
 */
function checkVersion(bytes: Uint8Array): void {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (magic === OWN || !/^SPD\d$/.test(magic)) return;
  throw new SpeedError(
    'config',
    `the log was written by another version (${magic}, this one writes ${OWN}); finish it with that`,
  );
}

/** Offset of the next correct frame at or behind `from`, which is a multiple of eight. */
function nextFrame(bytes: Uint8Array, from: number): number | undefined {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let at = from; at + 48 <= bytes.length; at += 8) {
    if (words[at >> 2] === MAGIC && readFrame(bytes, at).kind !== 'damaged') return at;
  }
  return undefined;
}
