import { setTimeout as sleep } from 'node:timers/promises';
import { SpeedError } from '@speed-protocol/core';
import { type EventsOptions, Recording } from '@speed-protocol/history';
import { openStore } from '@speed-protocol/recorder';
import { openRecordedVenues, type RecordedVenues } from '@speed-protocol/simulator';
import type { ReplayCommandOptions } from '../commands/replay.js';
import { type Console, note, printJson, table, write } from '../console.js';
import { findDialects } from '../running/dialects.js';
import { findInstalled } from '../venues.js';
import { pacer } from './pacer.js';
import { selectionOf } from './store.js';

/** How often a waiting replay looks whether somebody listens, ms. */
const LOOK_MS = 20;

/** Plays a recording out through the venues' own wire protocols: any SDK can be replayed into by its base URL. */
export async function replayToWire(console: Console, location: string, options: ReplayCommandOptions): Promise<void> {
  const { plugins } = await findInstalled(options.config);
  await using store = await openStore(plugins, location);
  const recording = await Recording.open(store);
  const venues = (options.venues ?? recording.venues).filter((venue) => recording.venues.includes(venue));
  if (venues.length === 0) throw new SpeedError('not-found', `${store.location} holds ${recording.venues.join(', ')} only`);
  const dialects = await findDialects(plugins, venues);
  await using wire = await openRecordedVenues({ dialects, venues, port: options.port, limits: { weightFactor: Infinity } });
  const selection = { ...selectionOf(options), venues, order: options.order };
  await prime(recording, wire, selection);
  if (options.json) await printJson(console, { ready: true, venues: wire.venues });
  else await write(console, describe(wire));
  await listened(wire, options.streams, console.signal);
  const played = await play(recording, wire, selection, options.speed ?? 1, console.signal);
  if (options.json) await printJson(console, { done: true, ...played });
  else note(console, `the recording has ended: ${played.events} events, ${played.messages} messages`);
}

/** Who asks for a book before the first event gets the first that was recorded, and what came before it is old to him. */
async function prime(recording: Recording, wire: RecordedVenues, selection: EventsOptions): Promise<void> {
  const isWanted = ({ dataset, venue }: { dataset: string; venue: string }) =>
    dataset === 'depth' && selection.venues?.includes(venue);
  const missing = new Set(
    recording
      .streams()
      .filter(isWanted)
      .map(({ venue, symbol }) => `${venue} ${symbol}`),
  );
  for await (const event of recording.events({ ...selection, datasets: ['depth'] })) {
    if (event.type === 'depth' && event.kind === 'snapshot' && missing.delete(`${event.venue} ${event.symbol}`)) wire.play(event);
    if (missing.size === 0) return;
  }
}

async function listened(wire: RecordedVenues, streams: number, signal: AbortSignal): Promise<void> {
  while (wire.streams < streams && !signal.aborted) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
}

async function play(recording: Recording, wire: RecordedVenues, selection: EventsOptions, speed: number, signal: AbortSignal) {
  const pace = pacer(speed, signal);
  const played = { events: 0, messages: 0 };
  for await (const event of recording.events(selection)) {
    const wait = pace(event);
    if (wait !== undefined) await wait;
    // Whatever reads and writes the sockets gets its turn in a burst too.
    else if (played.events % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    played.messages += wire.play(event);
    played.events++;
  }
  return played;
}

function describe({ venues }: RecordedVenues): string {
  const rows = Object.entries(venues).flatMap(([venue, { rest, ws }]) => [
    ...Object.values(rest).map((url) => [venue, 'rest', url]),
    ...Object.entries(ws).map(([name, url]) => [venue, `ws ${name}`, url]),
  ]);
  return `${table(['VENUE', 'KIND', 'ADDRESS'], rows)}The recording begins when somebody listens. Ctrl-C stops it.\n`;
}
