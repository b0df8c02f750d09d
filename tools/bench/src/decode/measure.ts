import type { Contestant } from './types.js';

/** A row of the bench: which of the frames of a stream are timed for it. */
export interface Group {
  readonly case: string;
  readonly includes: (frame: Buffer) => boolean;
}

/** Frames that follow one another and belong to the same group: timed together. */
interface Batch {
  readonly group: number;
  readonly frames: readonly Buffer[];
}

export interface Timing {
  readonly frames: number;
  /** ns per frame. */
  readonly ns: number;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Before the rounds, the compiler sees each contestant's code for so many frames, or 3 s. */
  readonly warmUpFrames: number;
}

const WARM_UP_MS = 3_000;
/** Short enough that the machine rarely takes the processor away within a batch, long enough to hide the timer. */
const BATCH_FRAMES = 32;

/**
 * Sends the whole stream through each contestant, round by round, all contestants in turn within a round. A batch's time
 * is its median over the rounds, so that a moment when the machine was busy with something else does not count (nor, in
 * nobody's favour but the garbage makers', does a collection).
 * @returns timings by contestant and group
 */
export function measure(
  contestants: readonly Contestant[],
  frames: readonly Buffer[],
  groups: readonly Group[],
  { rounds, warmUpFrames }: MeasureOptions,
): Timing[][] {
  const batches = splitBatches(frames, groups);
  const samples = contestants.map(() => batches.map((): number[] => []));
  for (const contestant of contestants) warmUp(contestant, batches, warmUpFrames / frames.length);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) timeBatches(contestant, batches, samples[index]);
  }
  return samples.map((own) => groups.map((_, group) => summarise(group, batches, own)));
}

function warmUp(contestant: Contestant, batches: readonly Batch[], rounds: number): void {
  const end = performance.now() + WARM_UP_MS;
  for (let round = 0; round < rounds && performance.now() < end; round++) timeBatches(contestant, batches);
}

function timeBatches(contestant: Contestant, batches: readonly Batch[], samples?: readonly number[][]): void {
  contestant.reset();
  for (const [index, { frames }] of batches.entries()) {
    const receivedAt = Date.now();
    const start = performance.now();
    for (const frame of frames) contestant.accept(frame, receivedAt);
    const ms = performance.now() - start;
    samples?.[index]?.push(ms);
  }
}

function summarise(group: number, batches: readonly Batch[], samples: readonly number[][]): Timing {
  let frames = 0;
  let ms = 0;
  for (const [index, batch] of batches.entries()) {
    if (batch.group !== group) continue;
    frames += batch.frames.length;
    ms += median(samples[index] as number[]);
  }
  return { frames, ns: (ms * 1e6) / frames };
}

function splitBatches(frames: readonly Buffer[], groups: readonly Group[]): Batch[] {
  const batches: { group: number; frames: Buffer[] }[] = [];
  for (const frame of frames) {
    const group = groups.findIndex(({ includes }) => includes(frame));
    const last = batches.at(-1);
    if (last?.group === group && last.frames.length < BATCH_FRAMES) last.frames.push(frame);
    else batches.push({ group, frames: [frame] });
  }
  return batches;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
