import { RECEIVED_AT, SEQ, VENUE_TIME } from '../datasets/columns.js';
import type { Block } from '../datasets/stream.js';
import { HOUR_MS } from '../layout.js';

/** Consecutive rows of one block, with their timestamps by row of the block. */
export interface Slice {
  readonly block: Block;
  readonly from: number;
  readonly to: number;
  readonly times: Float64Array;
}

/** Rows that make one file: one stream, one hour, timestamps that never step back. */
export interface Run {
  readonly slices: readonly Slice[];
  readonly firstTs: number;
  readonly lastTs: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly rows: number;
}

/**
 * Venue clocks jitter and get corrected: a step back of up to an hour is held at the last time. A larger one follows a
 * time that was wrong, and begins a new file: one bad row must not take the rest with it. So files of one hour never overlap.
 */
const JITTER_MS = HOUR_MS;

/**
 * Gives every row of one stream its `timestamp` and cuts the rows into files. The timestamp is the venue's time; a row
 * without one (a book snapshot by REST) gets the time of receipt by the venue's clock, as the rows around it tell it.
 *
 * @param blocks one stream's, in order
 * @param last timestamp of the stream's row before these; NaN when there is none
 */
export function cutRuns(blocks: readonly Block[], last: number): Run[] {
  const times = timestamps(blocks, last);
  const runs: Slice[][] = [];
  let previous = Number.NaN;
  for (const [i, block] of blocks.entries()) {
    let from = 0;
    for (let row = 0; row < block.rows; row++) {
      const at = times[i]![row]!;
      if (runs.length === 0 || at < previous || Math.floor(at / HOUR_MS) !== Math.floor(previous / HOUR_MS)) {
        if (row > from) runs.at(-1)!.push({ block, from, to: row, times: times[i]! });
        runs.push([]);
        from = row;
      }
      previous = at;
    }
    if (block.rows > from) runs.at(-1)!.push({ block, from, to: block.rows, times: times[i]! });
  }
  return runs.map(describe);
}

function describe(slices: Slice[]): Run {
  const [first, last] = [slices[0]!, slices.at(-1)!];
  const seqAt = ({ block }: Slice, row: number) => block.slots[row * (block.slots.length / block.rows) + SEQ]!;
  return {
    slices,
    firstTs: first.times[first.from]!,
    lastTs: last.times[last.to - 1]!,
    firstSeq: seqAt(first, first.from),
    lastSeq: seqAt(last, last.to - 1),
    rows: slices.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

function timestamps(blocks: readonly Block[], last: number): Float64Array[] {
  const times = blocks.map((block) => new Float64Array(block.rows));
  let ahead = firstOffset(blocks);
  let held = last;
  for (const [i, { slots, rows }] of blocks.entries()) {
    const width = slots.length / rows;
    for (let row = 0; row < rows; row++) {
      const receivedAt = slots[row * width + RECEIVED_AT]!;
      const venueTime = slots[row * width + VENUE_TIME]!;
      if (!Number.isNaN(venueTime)) ahead = venueTime - receivedAt;
      const at = Math.floor(Number.isNaN(venueTime) ? receivedAt + ahead : venueTime);
      held = at < held && held - at <= JITTER_MS ? held : at;
      times[i]![row] = held;
    }
  }
  return times;
}

/** How far the venue's clock is ahead of ours in the first row that says so, ms; 0 when none does. */
function firstOffset(blocks: readonly Block[]): number {
  for (const { slots, rows } of blocks) {
    const width = slots.length / rows;
    for (let at = 0; at < slots.length; at += width) {
      const venueTime = slots[at + VENUE_TIME]!;
      if (!Number.isNaN(venueTime)) return venueTime - slots[at + RECEIVED_AT]!;
    }
  }
  return 0;
}
