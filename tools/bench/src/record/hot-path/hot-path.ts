import { SLICE_MS } from './frames.js';
import { type Slice, Slices } from './slices.js';

/** All times in us, over the frames of all slices of a kind. */
export interface HotPathResult {
  /** From a frame's being there to the strategy having its event, without and with recording beside it. */
  readonly p50_us: number;
  readonly p99_us: number;
  readonly recording_p50_us: number;
  readonly recording_p99_us: number;
  /** What recording makes of the p99. */
  readonly p99_ratio: number;
  /** Between these it lies in 90 of 100 draws of as many pairs from those that were measured. */
  readonly p99_ratio_low: number;
  readonly p99_ratio_high: number;
  /** The same until the handler of the frame returns: the recorder's own work on that frame counts too. */
  readonly taken_p99_ratio: number;
  /** Pairs of slices, and Parquet files that were written meanwhile. */
  readonly pairs: number;
  readonly files: number;
  /** Share of the time in which the thread waited for a processor, without recording: what others do to the measurement. */
  readonly waited: number | null;
}

interface Pair {
  readonly plain: Slice;
  readonly recording: Slice;
}

const WARM_UP = [false, true, true];
/** Draws of pairs, for what chance does to the ratio. */
const DRAWS = 100;

/**
 * A strategy's latency with a recorder beside it and without, under the same load: the frames of {@link drawFrames}, sixty books of
 * a busy venue, about 2,000 frames a second, each there at a time that nobody's slowness moves. From then on everything counts that
 * this process does until the strategy has the event: what it did before (other frames, the recorder's share of
 * them, timers, answers of the recorder's thread, garbage), decoding, sequencing, the strategy's book. No frame is left out.
 * Recording is the recorder as it runs in life: its listener on every feed (after the strategy's, which
 * subscribed first), its own books and their pictures every second, the log and Parquet in their thread.
 *
 * Frames do not come over a socket: a sender would want a processor too, and on a machine with two of them whoever waits for whom
 * is what would be measured; the 99th percentile of the very same frames without any recording differed by a factor of four.
 *
 * Slices of five seconds, of the same frames, take turns with and without recording, and which goes first alternates: machines have moods, in
 * which the same code takes twice as long, and they last longer. A recording's cycle is longer too, minutes of filling the log and
 * then Parquet: it goes on from one recording slice to the next and stands still in between, so that each kind has what is its own.
 */
export async function runHotPath(seconds: number): Promise<HotPathResult> {
  await using slices = await Slices.open();
  for (const isRecording of WARM_UP) await slices.run(isRecording);
  const pairs: Pair[] = [];
  const count = Math.max(2, Math.round((seconds * 1000) / (2 * SLICE_MS)));
  for (let k = 0; k < count; k++) {
    const isFirst = k % 2 === 1;
    const first = await slices.run(isFirst);
    const second = await slices.run(!isFirst);
    pairs.push(isFirst ? { plain: second, recording: first } : { plain: first, recording: second });
  }
  const { files } = slices;
  const { plain, recording, ratio } = compare(pairs, 'seen');
  const draws = Array.from({ length: DRAWS }, () => compare(drawn(pairs), 'seen').ratio).sort((a, b) => a - b);
  return {
    p50_us: rounded(at(plain, 0.5), 1),
    p99_us: rounded(at(plain, 0.99), 1),
    recording_p50_us: rounded(at(recording, 0.5), 1),
    recording_p99_us: rounded(at(recording, 0.99), 1),
    p99_ratio: rounded(ratio, 3),
    p99_ratio_low: rounded(at(draws, 0.05), 3),
    p99_ratio_high: rounded(at(draws, 0.95), 3),
    taken_p99_ratio: rounded(compare(pairs, 'taken').ratio, 3),
    pairs: pairs.length,
    files,
    waited: waitedIn(pairs),
  };
}

function compare(pairs: readonly Pair[], what: 'seen' | 'taken') {
  const plain = sorted(pairs.map((pair) => pair.plain[what]));
  const recording = sorted(pairs.map((pair) => pair.recording[what]));
  return { plain, recording, ratio: at(recording, 0.99) / at(plain, 0.99) };
}

function sorted(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all.sort();
}

/** As many, some of them more than once. */
const drawn = (pairs: readonly Pair[]) => pairs.map(() => pairs[Math.floor(Math.random() * pairs.length)]!);

const waitedIn = (pairs: readonly Pair[]) =>
  pairs.some(({ plain }) => plain.waited === null)
    ? null
    : rounded(pairs.reduce((sum, { plain }) => sum + plain.waited!, 0) / pairs.length, 5);

const at = (ordered: ArrayLike<number>, q: number) => ordered[Math.floor(q * ordered.length)] ?? Number.NaN;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
