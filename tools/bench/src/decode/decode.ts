import { byteLoop, jsonParse } from './contestants/baselines.js';
import { ccxtContestant } from './contestants/ccxt.js';
import { speedContestant } from './contestants/speed.js';
import { tardisContestant } from './contestants/tardis.js';
import { type Group, measure } from './measure.js';
import type { Kind, Recording } from './types.js';
import { disagreements } from './verify.js';

/** Median cost of one frame, ns, all measured in one run. */
export interface DecodeRow {
  readonly case: string;
  /** Where the frames come from: a capture, or the simulator. */
  readonly source: string;
  readonly frames: number;
  readonly bytes: number;
  readonly speed_ns: number;
  readonly ccxt_ns: number;
  /** `null` where tardis-dev has no mapper: aggregate trades. */
  readonly tardis_ns: number | null;
  readonly json_parse_ns: number;
  readonly byte_loop_ns: number;
  /** Final books, or every trade and quote, are the same in all three. */
  readonly agree: boolean;
}

export interface DecodeReport {
  readonly bench: 'decode';
  readonly rows: readonly DecodeRow[];
}

export interface DecodeOptions {
  readonly rounds?: number;
  /** Frames per stream, from the snapshot on. */
  readonly limit?: number;
  readonly warmUpFrames?: number;
  readonly onDisagreement?: (problem: string) => void;
}

const DENSE_BYTES = 2048;
export const KINDS: readonly Kind[] = ['depth', 'trade', 'quote'];

/** Runs every stream of the recordings through SPEED, its peers and the baselines. */
export function decodeBench(recordings: readonly Recording[], options: DecodeOptions = {}): DecodeReport {
  const rows = recordings.flatMap((recording) => KINDS.flatMap((kind) => benchStream(recording, kind, options)));
  return { bench: 'decode', rows };
}

function benchStream(recording: Recording, kind: Kind, options: DecodeOptions): DecodeRow[] {
  const { rounds = 9, limit = 8000, warmUpFrames = 60_000, onDisagreement } = options;
  const frames = recording.frames[kind].slice(0, limit);
  if (frames.length === 0) return [];
  const used = { ...recording, frames: { ...recording.frames, [kind]: frames } };
  const tardis = tardisContestant(used, kind);
  const peers = [speedContestant(used, kind), ccxtContestant(used, kind), ...(tardis ? [tardis] : [])];
  const problems = disagreements(peers, frames, kind === 'depth');
  for (const problem of problems) onDisagreement?.(`${recording.venue.id} ${kind}: ${problem}`);
  const groups = groupsOf(recording, kind, frames);
  const contestants = [...peers, jsonParse, byteLoop];
  const timings = measure(contestants, frames, groups, { rounds, warmUpFrames });
  return groups.map((group, index) => {
    const own = frames.filter(group.includes);
    const ns = (name: string) =>
      Math.round(timings[contestants.findIndex((contestant) => contestant.name === name)]?.[index]?.ns ?? 0);
    return {
      case: group.case,
      source: recording.source,
      frames: own.length,
      bytes: Math.round(own.reduce((sum, frame) => sum + frame.length, 0) / own.length),
      speed_ns: ns('speed'),
      ccxt_ns: ns('ccxt pro'),
      tardis_ns: tardis ? ns('tardis-dev') : null,
      json_parse_ns: ns('JSON.parse'),
      byte_loop_ns: ns('byte loop'),
      agree: problems.length === 0,
    };
  });
}

function groupsOf({ venue }: Recording, kind: Kind, frames: readonly Buffer[]): Group[] {
  const name = `${venue.id} ${kind}`;
  if (kind !== 'depth' || !frames.some(isDense)) return [{ case: name, includes: () => true }];
  return [
    { case: name, includes: (frame) => !isDense(frame) },
    { case: `${name} dense`, includes: isDense },
  ];
}

function isDense(frame: Buffer): boolean {
  return frame.length > DENSE_BYTES;
}
