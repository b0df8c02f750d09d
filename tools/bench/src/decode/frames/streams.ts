import type { Kind, Market, Recording } from '../types.js';
import type { Message, Venue } from '../venues/venue.js';

/** The messages of each market by kind, as texts. */
export function streamsOf(venue: Venue, messages: readonly string[]): Map<string, Record<Kind, string[]>> {
  const streams = new Map<string, Record<Kind, string[]>>();
  for (const text of messages) {
    if (!text.startsWith('{')) continue;
    const found = venue.streamOf(JSON.parse(text) as Message);
    if (!found) continue;
    const own = streams.get(found.venueSymbol) ?? { depth: [], trade: [], quote: [] };
    own[found.kind].push(text);
    streams.set(found.venueSymbol, own);
  }
  return streams;
}

/** The recording of a market from what was heard of it; `undefined` when there is no book that the changes join. */
export function recordingOf(
  venue: Venue,
  market: Market,
  heard: Readonly<Record<Kind, readonly string[]>>,
  restBody: string | undefined,
  source: string,
): Recording | undefined {
  const depth = venue.rest ? joined(venue, heard.depth, restBody) : longestRun(venue, heard.depth);
  if (!depth) return undefined;
  const frames = { depth: depth.frames.map(bytes), trade: heard.trade.map(bytes), quote: heard.quote.map(bytes) };
  return { venue, market, snapshot: depth.snapshot, frames, source };
}

const bytes = (text: string): Buffer => Buffer.from(text);

interface Depth {
  readonly snapshot: string;
  readonly frames: readonly string[];
}

/** The changes that come after a book of REST. */
function joined({ rest }: Venue, frames: readonly string[], body: string | undefined): Depth | undefined {
  if (!rest || body === undefined) return undefined;
  const sequence = rest.sequenceOf(JSON.parse(body) as Message);
  const first = frames.findIndex((text) => rest.isAfter(JSON.parse(text) as Message, sequence));
  return first < 0 ? undefined : { snapshot: body, frames: frames.slice(first) };
}

/** The longest run of changes that begins with the stream's own book. */
function longestRun({ isSnapshot, today = (all) => all }: Venue, frames: readonly string[]): Depth | undefined {
  const starts = frames.flatMap((text, at) => (isSnapshot?.(JSON.parse(text) as Message) ? [at] : []));
  const runs = starts.map((start, at) => frames.slice(start, starts[at + 1]));
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (!longest || longest.length < 2) return undefined;
  const [snapshot, ...rest] = today(longest);
  return { snapshot: snapshot as string, frames: rest };
}
