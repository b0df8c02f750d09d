import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ExchangeManifest, Instrument, RawFrame } from '@speed-protocol/core';
import type { Kind, Market, Recording } from '../types.js';
import type { Venue } from '../venues/venue.js';
import { recordingOf, streamsOf } from './streams.js';

/** Fewer say nothing. */
const FEWEST_FRAMES = 20;

/** The longest captured depth stream of each venue that has its snapshot; empty when the folder holds none. */
export async function readCaptures(folder: string, venues: readonly Venue[]): Promise<Recording[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const recordings = await Promise.all(venues.map((venue) => longestOf(venue, folder, names)));
  return recordings.filter((each) => each !== undefined);
}

async function longestOf(venue: Venue, folder: string, names: readonly string[]): Promise<Recording | undefined> {
  const files = names.filter((name) => name.startsWith(venue.captures) && name.endsWith('.jsonl.gz'));
  if (files.length === 0) return undefined;
  const { default: manifest } = (await import(venue.plugin)) as { default: ExchangeManifest };
  const recordings = files.flatMap((name) => recordingsOf(venue, manifest, path.join(folder, name)));
  return recordings.sort((a, b) => b.frames.depth.length - a.frames.depth.length)[0];
}

/** One recording per market that has a book and changes of it. */
function recordingsOf(venue: Venue, manifest: ExchangeManifest, file: string): Recording[] {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as RawFrame).filter(({ dir, raw }) => dir === 'in' && raw !== '');
  const rest = parsed.filter(({ transport }) => transport === 'rest');
  const markets = new Map([...(venue.listed ?? []), ...listed(venue, manifest, rest)].map((each) => [each.venueSymbol, each]));
  const bodies = restBooks(venue, rest);
  const streams = streamsOf(
    venue,
    parsed.filter(({ transport }) => transport === 'ws').map(({ raw }) => raw),
  );
  return [...streams].flatMap(([venueSymbol, heard]) => {
    const market = markets.get(venueSymbol);
    const found = market && recordingOf(venue, market, enough(heard), bodies.get(venueSymbol), path.basename(file));
    return found && found.frames.depth.length >= FEWEST_FRAMES ? [found] : [];
  });
}

function enough(heard: Readonly<Record<Kind, readonly string[]>>): Record<Kind, readonly string[]> {
  const some = (frames: readonly string[]) => (frames.length >= FEWEST_FRAMES ? frames : []);
  return { depth: heard.depth, trade: some(heard.trade), quote: some(heard.quote) };
}

/** Instruments of the listings that a capture holds. */
function listed({ id }: Venue, manifest: ExchangeManifest, frames: readonly RawFrame[]): readonly Market[] {
  const normalizer = manifest.createNormalizer(id);
  return frames.flatMap((frame): readonly Instrument[] => {
    const found = normalizer.normalize(frame);
    return found.outcome === 'instruments' ? found.instruments : [];
  });
}

/** The first book of each symbol. */
function restBooks({ rest }: Venue, frames: readonly RawFrame[]): Map<string, string> {
  const bodies = new Map<string, string>();
  for (const { url, raw } of frames) {
    const symbol = rest && url !== null ? rest.symbolOf(new URL(url)) : null;
    if (symbol !== null && !bodies.has(symbol)) bodies.set(symbol, raw);
  }
  return bodies;
}
