import type { Connector, ExchangeManifest } from '@speed-protocol/core';
import { type Dialect, type RunningSimulator, startSimulator } from '@speed-protocol/simulator';
import { WebSocket } from 'ws';
import type { Recording } from '../types.js';
import type { Venue } from '../venues/venue.js';
import { recordingOf, streamsOf } from './streams.js';

const SEED = 1;
/** One depth frame per step. */
const STEP_MS = 100;
/** Between two looks: shorter than any venue's patience with a silent client. */
const STEPS = 100;

export interface SimulateOptions {
  /** Depth frames to record per venue. */
  readonly depthFrames?: number;
  readonly seed?: number;
}

/** Frames of simulated venues, recorded over their own sockets in virtual time: the same ones for a seed. */
export async function simulateFrames(venues: readonly Venue[], options: SimulateOptions = {}): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const venue of venues) recordings.push(await simulate(venue, options));
  return recordings;
}

async function simulate(venue: Venue, { depthFrames = 2000, seed = SEED }: SimulateOptions): Promise<Recording> {
  const [{ default: manifest }, { default: dialect }] = (await Promise.all([
    import(venue.plugin),
    import(`${venue.plugin}/sim`),
  ])) as [{ default: ExchangeManifest }, { default: Dialect }];
  const simulator = await startSimulator({ dialects: [dialect], venues: [venue.id], seed, symbols: 1, clock: 'virtual' });
  try {
    return await record(venue, manifest, simulator, depthFrames);
  } finally {
    await simulator.close();
  }
}

async function record(
  venue: Venue,
  manifest: ExchangeManifest,
  simulator: RunningSimulator,
  depthFrames: number,
): Promise<Recording> {
  const endpoints = simulator.ready.venues[venue.id];
  if (!endpoints) throw new Error(`the simulator has no ${venue.id}`);
  const { rest, ws } = endpoints;
  const [base] = Object.values(rest) as [string];
  const config = { environment: 'sim', origin: new URL(base).origin };
  await using connector = manifest.create(venue.id, { config, clock: simulator.clock }) as unknown as Connector;
  const market = await connector.reference.instrument(venue.simulated.symbol);
  const messages: string[] = [];
  const opened = venue.simulated.sockets(ws as Readonly<Record<string, string>>, market.venueSymbol);
  const sockets = await Promise.all(opened.map(({ url, say }) => connect(url, say, messages)));
  const body = venue.rest && (await (await fetch(new URL(venue.rest.path(market.venueSymbol), base))).text());
  const depthCount = () => streamsOf(venue, messages).get(market.venueSymbol)?.depth.length ?? 0;
  for (let count = 0; count < depthFrames; count = depthCount()) {
    for (let step = 0; step < STEPS; step++) simulator.clock.advance(STEP_MS);
    await delivered(sockets, venue.simulated.ping);
  }
  for (const socket of sockets) socket.terminate();
  const heard = streamsOf(venue, messages).get(market.venueSymbol);
  const recording = heard && recordingOf(venue, market, heard, body, `simulator, seed ${simulator.seed}`);
  if (!recording) throw new Error(`the simulated ${venue.id} sent no book that its changes join`);
  return recording;
}

async function connect(url: string, say: readonly string[], messages: string[]): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.on('message', (data) => messages.push(data.toString()));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  for (const text of say) socket.send(text);
  return socket;
}

/** Resolves when all that was sent before has arrived: a pong comes after it. */
async function delivered(sockets: readonly WebSocket[], ping: string | undefined): Promise<void> {
  await Promise.all(
    sockets.map((socket) => {
      if (ping !== undefined) socket.send(ping);
      const pong = new Promise((resolve) => socket.once('pong', resolve));
      socket.ping();
      return pong;
    }),
  );
}
