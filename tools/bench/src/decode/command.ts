import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nearest, SpeedError } from '@speed-protocol/core';
import { decodeBench, KINDS } from './decode.js';
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
  --rounds    measured rounds (default 9)
  --limit     frames per stream (default 8000)`;

/** `bench decode`. @returns exit code: 1 when the contestants disagree */
export async function decodeCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      captures: { type: 'string', default: path.resolve(REPOSITORY, '../shared/captures') },
      venues: { type: 'string', default: VENUES.map(({ id }) => id).join(',') },
      rounds: { type: 'string', default: '9' },
      limit: { type: 'string', default: '8000' },
    },
  });
  const recordings = await recordingsFor(values.captures, namedVenues(values.venues));
  const onDisagreement = (problem: string) => console.error(`disagreement: ${problem}`);
  const report = decodeBench(recordings, { rounds: Number(values.rounds), limit: Number(values.limit), onDisagreement });
  if (!values.json) console.log(`${describeDecode(report)}\n`);
  console.log(JSON.stringify(report));
  return report.rows.every(({ agree }) => agree) ? 0 : 1;
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
