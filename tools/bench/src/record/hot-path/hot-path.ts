import { ROUND_MS } from './frames.js';
import { type Round, Rounds } from './rounds.js';

/** A compiler knows the code by then. */
const WARM_UP_MS = 6_000;

/** All times in us, medians over the rounds. */
export interface HotPathResult {
  /** From a frame's being there to the strategy having its event, without and with recording beside it. */
  readonly p50_us: number;
  readonly p99_us: number;
  readonly recording_p50_us: number;
  readonly recording_p99_us: number;
  /** Median over the pairs of rounds of what recording makes of the p99. */
  readonly p99_ratio: number;
  /** The same until the handler of the frame returns: the recorder's own work on that frame counts too. */
  readonly taken_p99_ratio: number;
  /** Pairs of rounds that were measured. */
  readonly pairs: number;
  /** Share of the time in which the thread waited for a processor, without recording: what others do to the measurement. */
  readonly waited: number | null;
}

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
 * Rounds come in pairs of the same frames, which of the two goes first alternates, and when a recording round ends everything is
 * moved into the store before the next begins: what else the machine does hits both alike, what recording does hits
 * its own rounds. Each pair has its own ratio, of which the median counts.
 */
export async function runHotPath(seconds: number): Promise<HotPathResult> {
  await using rounds = await Rounds.open();
  for (const isRecording of [false, true, true]) await rounds.run(isRecording, WARM_UP_MS);
  const pairs: { plain: Round; recording: Round }[] = [];
  const count = Math.max(3, Math.round((seconds * 1000) / (2 * ROUND_MS)));
  for (let k = 0; k < count; k++) {
    const isFirst = k % 2 === 1;
    const first = await rounds.run(isFirst);
    const second = await rounds.run(!isFirst);
    pairs.push(isFirst ? { plain: second, recording: first } : { plain: first, recording: second });
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number, digits = 1) => Number(median(pairs.map(of)).toFixed(digits));
  const isCounted = pairs.every(({ plain }) => plain.waited !== null);
  return {
    p50_us: middle(({ plain }) => plain.p50),
    p99_us: middle(({ plain }) => plain.p99),
    recording_p50_us: middle(({ recording }) => recording.p50),
    recording_p99_us: middle(({ recording }) => recording.p99),
    p99_ratio: middle(({ plain, recording }) => recording.p99 / plain.p99, 3),
    taken_p99_ratio: middle(({ plain, recording }) => recording.taken99 / plain.taken99, 3),
    pairs: pairs.length,
    waited: isCounted ? middle(({ plain }) => plain.waited!, 5) : null,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
