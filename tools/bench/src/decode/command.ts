import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { nearest, SpeedError } from '@speed-protocol/core';
import { type DecodeReport, decodeBench, KINDS } from './decode.js';
import { readCaptures } from './frames/captures.js';
import { simulateFrames } from './frames/simulated.js';
import { describeDecode } from './report.js';
import type { Kind, Recording } from './types.js';
import { VENUES } from './venues/index.js';
import type { Venue } from './venues/venue.js';

const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');

export const DECODE_USAGE = `usage: npm run bench -- decode [--json] [--captures DIR] [--rounds N] [--limit N]

  --json      only the report as one JSON line
  --captures  folder of captured frames (default ../shared/captures beside the repository); what it lacks comes from the simulator
  --venues    ids with commas (default all)
  --together  all venues in one process; default is one process for each exchange, as they are installed
  --rounds    measured rounds (default 9)
  --limit     frames per stream (default 8000)`;

interface DecodeArguments {
  readonly captures: string;
  readonly venues: readonly Venue[];
  readonly rounds: string;
  readonly limit: string;
}

/** `bench decode`. @returns exit code: 1 when the contestants disagree */
export async function decodeCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      together: { type: 'boolean', default: false },
      captures: { type: 'string', default: path.resolve(REPOSITORY, '../shared/captures') },
      venues: { type: 'string', default: VENUES.map(({ id }) => id).join(',') },
      rounds: { type: 'string', default: '9' },
      limit: { type: 'string', default: '8000' },
    },
  });
  const given: DecodeArguments = { ...values, venues: namedVenues(values.venues) };
  const exchanges = new Set(given.venues.map(({ plugin }) => plugin));
  const report = values.together || exchanges.size === 1 ? await benchHere(given) : await benchApart(given, exchanges);
  if (!values.json) console.log(`${describeDecode(report)}\n`);
  console.log(JSON.stringify(report));
  return report.rows.every(({ agree }) => agree) ? 0 : 1;
}

async function benchHere({ captures, venues, rounds, limit }: DecodeArguments): Promise<DecodeReport> {
  const recordings = await recordingsFor(captures, venues);
  const onDisagreement = (problem: string) => console.error(`disagreement: ${problem}`);
  return decodeBench(recordings, { rounds: Number(rounds), limit: Number(limit), onDisagreement });
}

/**
 * One exchange after another, each in a process of its own: what the compiler has learnt from the frames of one (and that
 * goes for every contestant) is not brought to the next.
 */
async function benchApart(given: DecodeArguments, exchanges: ReadonlySet<string>): Promise<DecodeReport> {
  const rows: DecodeReport['rows'][number][] = [];
  for (const exchange of exchanges) {
    const venues = given.venues.filter(({ plugin }) => plugin === exchange);
    rows.push(...(await benchInProcess({ ...given, venues })).rows);
  }
  return { bench: 'decode', rows };
}

async function benchInProcess({ captures, venues, rounds, limit }: DecodeArguments): Promise<DecodeReport> {
  const ids = venues.map(({ id }) => id).join(',');
  const main = process.argv[1] as string;
  const argv = [main, 'decode', '--json', '--captures', captures, '--venues', ids, '--rounds', rounds, '--limit', limit];
  const ended = promisify(execFile)(process.execPath, argv, { maxBuffer: 2 ** 26 });
  // Contestants that disagree end it with 1, and the report says so.
  const { stdout, stderr } = await ended.catch((failed: { stdout?: string; stderr?: string }) => failed);
  if (stderr) process.stderr.write(stderr);
  const last = stdout?.trim().split('\n').at(-1);
  if (!last) throw new Error(`the bench of ${ids} ended without a report; see what it printed above`);
  return JSON.parse(last) as DecodeReport;
}

/** Captured streams, and simulated ones of the kinds that no capture holds. */
async function recordingsFor(folder: string, venues: readonly Venue[]): Promise<Recording[]> {
  const captured = await readCaptures(folder, venues);
  const lacks =
    ({ id }: Venue) =>
    (kind: Kind) => {
      const own = captured.find(({ venue }) => venue.id === id);
      return own === undefined || own.frames[kind].length === 0;
    };
  const simulated = await simulateFrames(venues.filter((venue) => KINDS.some(lacks(venue))));
  const missing = simulated.map(({ frames, venue, ...rest }): Recording => {
    const own = KINDS.map((kind) => [kind, lacks(venue)(kind) ? frames[kind] : []] as const);
    return { ...rest, venue, frames: Object.fromEntries(own) as Recording['frames'] };
  });
  return [...captured, ...missing].sort((a, b) => VENUES.indexOf(a.venue) - VENUES.indexOf(b.venue));
}

/** @throws SpeedError `config` naming the wrong id and the nearest right one */
function namedVenues(ids: string): readonly Venue[] {
  return ids.split(',').map((id) => {
    const found = VENUES.find((venue) => venue.id === id);
    if (found) return found;
    const known = VENUES.map((venue) => venue.id);
    const near = nearest(id, known);
    throw new SpeedError(
      'config',
      `--venues: no "${id}" here; ${near ? `did you mean "${near}"?` : `there are ${known.join(', ')}`}`,
    );
  });
}
